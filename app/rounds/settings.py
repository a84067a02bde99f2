"""Every number of the review rules as a setting of the round, with its default and its bounds (domain.md, section e)."""

from dataclasses import dataclass

from app.rounds.vocabulary import STAGES

SettingValue = bool | int | float | str | list[str]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `key` is dotted: group and name. Numbers lie within `low` and `high`; a text is a fraction a/b."""

    key: str
    default: SettingValue
    zh: str
    en: str
    low: float = 0
    high: float = 100
    options: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        return self.key.split(".", maxsplit=1)[0]


GROUPS: dict[str, tuple[str, str]] = {
    "windows": ("阶段时长（工作日）", "Stage windows (working days)"),
    "filing": ("成果备案", "Filing"),
    "screening": ("项目初筛", "Screening"),
    "push": ("领域推送", "Push by domain"),
    "rating": ("线上评价", "Online rating"),
    "quorum": ("有效评价数", "Quorum of ratings"),
    "bayes": ("评价均值校正", "Shrinkage of ratings"),
    "pool": ("备选案例库", "Case pool"),
    "awards": ("评优名额", "Awards"),
    "panel": ("评审组", "Panels"),
    "recusal": ("回避", "Recusal"),
    "sheet": ("评分表", "Score sheet"),
    "aggregation": ("评分汇总", "Aggregation"),
    "meeting": ("评审会议", "Panel meeting"),
    "bonus": ("评优加分", "Bonus"),
    "composite": ("综合得分", "Composite score"),
}
REPORT_TYPES = ("REGION", "INDUSTRY", "ENTERPRISE", "RND", "TALENT")

_WINDOWS = tuple(
    Setting(f"windows.{stage.code}", stage.workdays, stage.name_zh, stage.name_en, low=1, high=400)
    for stage in STAGES
    if stage.workdays is not None
)
_RULES = (
    Setting("filing.duplicate_similarity", 0.85, "名称相似度达到此值时提示重复", "Title similarity that warns", high=1),
    Setting("screening.province_cap", 0, "每省参评上限，0为不限", "Entries per province, 0 for no cap", high=10_000),
    Setting(
        "screening.government_proof_types",
        ["REGION", "INDUSTRY"],
        "须有政府端应用证明的成果类型",
        "Types that need a government proof",
        options=REPORT_TYPES,
    ),
    Setting(
        "push.types",
        ["INDUSTRY", "ENTERPRISE", "RND"],
        "向企业、高校和科研机构推送的成果类型",
        "Types pushed to enterprises, universities and institutes",
        options=REPORT_TYPES,
    ),
    Setting("push.targets_per_item", 30, "每项成果推送单位数", "Targets per item", low=1, high=500),
    Setting(
        "push.min_provinces", 3, "推送单位至少来自几个省份", "Provinces among the targets, at least", low=1, high=32
    ),
    Setting("push.max_own_province_share", 0.6, "本省单位占比上限", "Share of the own province, at most", high=1),
    Setting(
        "push.max_per_organisation", 15, "每个单位评价件数上限", "Items per organisation, at most", low=1, high=500
    ),
    Setting("rating.min_reading_seconds", 60, "最短阅读时间（秒）", "Reading time at least (seconds)", high=3600),
    Setting(
        "rating.min_comment_chars", 20, "评为1分或5分时意见字数下限", "Characters of a comment at 1 or 5", high=500
    ),
    Setting("quorum.default_organisations", 8, "有效评价单位数", "Organisations with a valid vote", low=1, high=500),
    Setting("quorum.default_enterprises", 5, "其中企业数", "Of which enterprises", high=500),
    Setting(
        "quorum.gov_organisations",
        5,
        "区域规划类、人才管理类：部门和科研机构数",
        "Departments or institutes for region and talent results",
        low=1,
        high=500,
    ),
    Setting("bayes.prior_weight", 10, "先验权重（单位票数）", "Weight of the prior (votes)", high=1000),
    Setting("bayes.prior_mean", 3.8, "先验均值（1至5分）", "Mean of the prior (1 to 5)", low=1, high=5),
    Setting("pool.factor", 3, "入库数为评优名额的倍数", "Pool size as a multiple of the awards", low=1, high=20),
    Setting("pool.min_score", 50, "入库最低分（百分制）", "Lowest score that enters (of 100)"),
    Setting("pool.min_per_type", 1, "每类成果至少入库数", "Entries per type, at least", high=50),
    Setting("pool.weights.rating", 0.70, "线上评价权重", "Weight of the ratings", high=1),
    Setting("pool.weights.interaction", 0.15, "互动数据权重", "Weight of interaction", high=1),
    Setting("pool.weights.proofs", 0.15, "应用证明权重", "Weight of the proofs", high=1),
    Setting("awards.count", 60, "优秀项目名额", "Excellent projects", low=1, high=1000),
    Setting("panel.size", 5, "每组专家数（奇数，不少于5）", "Experts per panel (odd, at least 5)", low=5, high=15),
    Setting("panel.reserves", 2, "每组候补专家数", "Reserves per panel", high=10),
    Setting(
        "panel.max_per_organisation", 1, "同一单位专家上限", "Experts of one organisation, at most", low=1, high=15
    ),
    Setting("panel.max_per_province", 2, "同一省份专家上限", "Experts of one province, at most", low=1, high=15),
    Setting("panel.items_min", 15, "每组评审件数下限", "Items per panel, at least", low=1, high=200),
    Setting("panel.items_max", 25, "每组评审件数上限", "Items per panel, at most", low=1, high=200),
    Setting("panel.max_rounds_in_row", 2, "专家连续参加周期上限", "Rounds in a row, at most", low=1, high=10),
    Setting("recusal.years", 3, "回避追溯年数", "Years that recusal looks back", high=10),
    Setting("recusal.named_by_filer", 3, "申请人可提出回避的专家数", "Experts a filer may name", high=10),
    Setting("sheet.weights.goal", 10, "目标完成", "Goal"),
    Setting("sheet.weights.method", 15, "方法规范", "Method"),
    Setting("sheet.weights.data", 15, "数据来源及质量", "Data"),
    Setting("sheet.weights.report", 20, "报告质量", "Report"),
    Setting("sheet.weights.application", 30, "成果应用", "Application"),
    Setting("sheet.weights.outreach", 10, "宣传推广", "Outreach"),
    Setting("sheet.min_opinion_chars", 50, "评审意见字数下限", "Characters of an opinion, at least", high=2000),
    Setting(
        "aggregation.trimmed", default=True, zh="去掉一个最高分和一个最低分", en="Drop one highest and one lowest score"
    ),
    Setting("aggregation.min_sheets", 3, "有效评分表下限", "Valid sheets, at least", low=1, high=15),
    Setting(
        "aggregation.trim_from", 5, "达到几份评分表时去掉高低分", "Sheets from which scores are trimmed", low=3, high=15
    ),
    Setting("aggregation.max_range", 25, "最高分与最低分之差超过此值为分歧", "Range above which scores diverge"),
    Setting("aggregation.max_from_median", 20, "与中位数之差超过此值为分歧", "Distance from the median that diverges"),
    Setting("meeting.quorum", "2/3", "到会专家比例下限", "Share of experts present, at least"),
    Setting("meeting.majority", "1/2", "同意票须超过到会专家的比例", "Share of the present to be exceeded"),
    Setting("meeting.is_secret", default=True, zh="对组内其他专家不公开表决", en="Votes hidden from the other experts"),
    Setting("bonus.each", 1, "每个优秀项目加分", "Points per excellent project"),
    Setting("bonus.cap", 8, "加分上限", "Bonus, at most"),
    Setting("composite.cap", 110, "综合得分上限", "Composite score, at most", low=1, high=200),
    Setting("composite.floor", 0, "综合得分下限", "Composite score, at least", low=-100),
)
SETTINGS: dict[str, Setting] = {setting.key: setting for setting in _WINDOWS + _RULES}
"""Every setting by its dotted key, in the order in which a page shows them."""
