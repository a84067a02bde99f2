"""The rules, findings and decisions of the screening in words (zh, en)."""

from app.candidacies.vocabulary import DecisionStep, Finding, RuleCode
from app.web.words import Words

RULES = Words(
    {
        RuleCode.FILED: ("本周期内已备案", "Filed in this round"),
        RuleCode.WILLING: ("自愿参评", "Willing to take part"),
        RuleCode.COMPLETE: ("材料完整", "Complete"),
        RuleCode.IN_PERIOD: ("评价期内完成并验收", "Finished and accepted in the period"),
        RuleCode.NO_DUPLICATE: ("未重复备案", "Not a duplicate"),
        RuleCode.PROVED: ("有有效应用证明", "Valid proof of application"),
        RuleCode.NOT_AWARDED: ("以往未获评", "Not awarded before"),
        RuleCode.HONEST: ("无失信记录", "No record of dishonesty"),
        RuleCode.NO_CASE: ("无未结异常核查", "No open integrity case"),
        RuleCode.WITHIN_CAP: ("未超本省限额", "Within the province's cap"),
    }
)
FINDINGS = Words(
    {
        Finding.MET: ("符合", "Met"),
        Finding.NOT_FILED: ("尚未备案", "Not filed"),
        Finding.OTHER_ROUND: ("归属其他评价周期", "Counts for another round"),
        Finding.UNWILLING: ("未表示参评意愿", "Does not want to take part"),
        Finding.INCOMPLETE: ("材料不全", "Incomplete"),
        Finding.OUTSIDE: ("完成或验收不在评价期内", "Finished or accepted outside the period"),
        Finding.UNKNOWN: ("完成或验收日期不明", "Date of finishing or acceptance unknown"),
        Finding.SUSPECTED: ("疑似重复，尚未认定", "Suspected duplicate, not judged yet"),
        Finding.CONFIRMED: ("认定为重复备案", "Confirmed duplicate"),
        Finding.NO_PROOF: ("没有有效应用证明", "No valid proof"),
        Finding.NO_GOVERNMENT_PROOF: ("缺少政府端应用证明", "No proof of a government"),
        Finding.AWARDED: ("以往周期已获评", "Awarded in another round"),
        Finding.LISTED: ("当事单位在失信名单内", "A party is on a list of dishonesty"),
        Finding.UNKNOWN_PARTY: (
            "当事单位未在平台登记，名单中无记录",
            "A party is unknown to the platform; no list names it",
        ),
        Finding.OPEN_CASE: ("有未结的异常核查", "An integrity case is open"),
        Finding.OVER_CAP: ("超出本省参评上限", "Above the province's cap"),
    }
)
DECISIONS = Words(
    {
        f"{DecisionStep.MANUAL}.pass": ("人工核定：通过", "Manual screening: passed"),
        f"{DecisionStep.MANUAL}.fail": ("人工核定：不通过", "Manual screening: failed"),
        f"{DecisionStep.REQUEST}.request_recheck": ("备案单位申请复核", "The filer asked for a recheck"),
        f"{DecisionStep.REQUEST}.accept_result": ("备案单位接受初筛结果", "The filer accepted the result"),
        f"{DecisionStep.RECHECK}.pass": ("复核：通过", "Recheck: passed"),
        f"{DecisionStep.RECHECK}.fail": ("复核：不通过", "Recheck: failed"),
        f"{DecisionStep.LOW_SAMPLE}.enter_by_proofs": ("样本不足：凭应用证明入库", "Too few ratings: enters by proofs"),
        f"{DecisionStep.LOW_SAMPLE}.drop": ("样本不足：不入库", "Too few ratings: left out"),
        f"{DecisionStep.WITHDRAWAL}.withdraw": ("退出评选", "Left the award"),
    }
)
FIELDS = Words(
    {
        "report_type": ("成果类型", "type"),
        "domain_code": ("产业领域", "domain"),
        "province_code": ("归属省份", "province"),
        "abstract": ("摘要", "abstract"),
        "report_file_id": ("成果报告", "report"),
        "submitted_at": ("提交时间", "time of submission"),
    }
)
"""What may be missing in a filing."""
