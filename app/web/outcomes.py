"""Words and icons of outcome and status codes (flows.md, section 15). The tone of a status stands in tokens.css."""

from dataclasses import dataclass

from app.web.locale import Locale


@dataclass(frozen=True, slots=True)
class Label:
    """A code in words; `icon` is a name of frontend/icons.json."""

    zh: str
    en: str
    icon: str = ""

    def text(self, locale: Locale) -> str:
        return self.en if locale == "en" else self.zh


OUTCOMES = {
    "accept": Label("接受", "Accept"),
    "approve": Label("通过", "Approve"),
    "cannot_judge": Label("无法评判", "Cannot judge"),
    "conflict": Label("申请回避", "Conflict of interest"),
    "decline": Label("谢绝", "Decline"),
    "dismiss": Label("异议不成立", "Dismissed"),
    "dissent": Label("保留不同意见", "Dissent"),
    "drop": Label("不入库", "Leave out"),
    "enter_by_proofs": Label("凭应用证明入库", "Enter by proofs"),
    "escalate": Label("提请上级审核", "Escalate"),
    "extend": Label("延期", "Extend"),
    "move_to_next_round": Label("转入下一周期", "Move to next round"),
    "no_conflict": Label("无回避情形", "No conflict"),
    "no_objection": Label("无异议", "No objection"),
    "not_recommended": Label("不予推荐", "Not recommended"),
    "refuse": Label("不予受理", "Refuse"),
    "reject": Label("不予通过", "Reject"),
    "replan": Label("重新生成方案", "Plan again"),
    "request_recheck": Label("申请复核", "Request recheck"),
    "resubmit": Label("补正后提交", "Resubmit"),
    "return": Label("退回修改", "Send back"),
    "return_for_correction": Label("退回补正", "Return for correction"),
    "start_draw": Label("开始抽取", "Start draw"),
    "submit": Label("提交", "Submit"),
    "uphold": Label("异议成立", "Upheld"),
    "withdraw": Label("撤回", "Withdraw"),
}

STATUSES = {
    "CHANGING": Label("变更审核中", "Change under audit", "arrow-left-right"),
    "CITY_REVIEW": Label("市级初审中", "City review", "hourglass-split"),
    "DRAFT": Label("草稿", "Draft", "pencil"),
    "FILED": Label("已备案", "Filed", "check-circle-fill"),
    "LAPSED": Label("逾期未补正，自动撤回", "Lapsed", "clock-history"),
    "NAT_REVIEW": Label("国家审核中", "National audit", "hourglass-split"),
    "PROV_REVIEW": Label("省级审核中", "Provincial audit", "hourglass-split"),
    "REJECTED": Label("不予备案", "Rejected", "x-circle"),
    "RETURNED": Label("待补正", "To be corrected", "arrow-return-left"),
    "REVOKED": Label("已撤销", "Revoked", "slash-circle"),
    "SUBMITTED": Label("已提交", "Submitted", "send"),
    "WITHDRAWN": Label("已撤回", "Withdrawn", "arrow-counterclockwise"),
    "awarded": Label("优秀项目成果", "Excellent project", "award-fill"),
    "cancelled": Label("已取消", "Cancelled", "dash-circle"),
    "claimed": Label("办理中", "In hand", "person-check-fill"),
    "completed": Label("已完成", "Completed", "check-circle-fill"),
    "disqualified": Label("取消资格", "Disqualified", "slash-circle"),
    "done": Label("已办结", "Done", "check-circle-fill"),
    "error": Label("错误", "Error", "x-circle"),
    "excluded": Label("异议成立，取消", "Excluded after objection", "x-circle"),
    "expired": Label("逾期关闭", "Closed at deadline", "clock-history"),
    "held": Label("暂缓公布", "On hold", "pause-circle-fill"),
    "in_notice": Label("公示中", "On public notice", "megaphone-fill"),
    "in_pool": Label("已入备选案例库", "In the pool", "collection-fill"),
    "in_rating": Label("评价中", "Being rated", "ui-checks"),
    "in_review": Label("专家评审中", "Under expert review", "mortarboard-fill"),
    "incident": Label("运行异常", "Incident", "bug"),
    "low_sample": Label("有效评价不足", "Too few ratings", "exclamation-triangle-fill"),
    "not_pooled": Label("未入库", "Not in the pool", "dash-circle"),
    "not_selected": Label("未入选", "Not selected", "dash-circle"),
    "open": Label("待办", "Open", "circle"),
    "overdue": Label("超期", "Overdue", "alarm"),
    "proved": Label("已证明", "Proved", "check-circle-fill"),
    "running": Label("运行中", "Running", "play-circle-fill"),
    "screened_out": Label("初筛未通过", "Screened out", "funnel"),
    "screening": Label("初筛中", "In screening", "ui-checks"),
    "suspended": Label("已中止", "Suspended", "pause-circle-fill"),
    "warning": Label("提醒", "Warning", "exclamation-triangle-fill"),
    "withdrawn": Label("已退出评选", "Left the award", "arrow-counterclockwise"),
}


def outcome_label(code: str, locale: Locale) -> str:
    """The word on the button of an outcome; a code of a diagram's own stays as it is (its diagram names it)."""
    return OUTCOMES[code].text(locale) if code in OUTCOMES else code


def status_label(code: str, locale: Locale) -> str:
    """The word of a status; KeyError for an unknown one, which a test finds."""
    return STATUSES[code].text(locale)


def status_icon(code: str) -> str:
    """The icon of a status; KeyError for an unknown one."""
    return STATUSES[code].icon
