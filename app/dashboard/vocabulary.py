"""Words of the dashboard: what it counts."""

from enum import StrEnum
from typing import Final

from app.web.words import Words


class Measure(StrEnum):
    """A figure of the board, and the address of the list that it counts."""

    SUBMITTED = "submitted"
    IN_HAND = "in_hand"
    LATE = "late"
    PROVINCE_LATE = "province_late"
    RETURNED = "returned"
    PASSED_PROVINCE = "passed_province"
    PASSED_NATION = "passed_nation"
    FILED = "filed"
    WILLING = "willing"
    POOLED = "pooled"
    FUNDED = "funded"
    FUNDED_FILED = "funded_filed"


MEASURE_NAMES: Final = Words(
    {
        Measure.SUBMITTED: ("已提交", "Submitted"),
        Measure.IN_HAND: ("在途备案", "In hand"),
        Measure.LATE: ("超期备案", "Overdue"),
        Measure.PROVINCE_LATE: ("省级审核超期", "Provincial audit overdue"),
        Measure.RETURNED: ("待补正", "To be corrected"),
        Measure.PASSED_PROVINCE: ("通过省级审核", "Passed the province"),
        Measure.PASSED_NATION: ("通过国家审核", "Passed the nation"),
        Measure.FILED: ("已备案", "Filed"),
        Measure.WILLING: ("愿参加评优", "Willing to stand"),
        Measure.POOLED: ("已入库", "In the pool"),
        Measure.FUNDED: ("财政出资成果", "Publicly funded results"),
        Measure.FUNDED_FILED: ("财政出资成果已备案", "Publicly funded, filed"),
    }
)

FUNNEL: Final = (
    Measure.SUBMITTED,
    Measure.PASSED_PROVINCE,
    Measure.PASSED_NATION,
    Measure.FILED,
    Measure.WILLING,
    Measure.POOLED,
)
"""From the first submission to the pool (flows.md, section 14)."""

PROVINCIAL: Final = ("province_contact", "province_auditor", "province_leader")
NATIONAL: Final = ("manager", "leader", "national_auditor")
"""Who reads the boards: a province its own area, the national office all."""
REMINDERS: Final = ("province_contact", "national_auditor", "manager")
"""Who may send reminders."""
REMIND_ACTION: Final = "dashboard.remind_holder"
ASK_ACTION: Final = "dashboard.ask_to_file"
GAP_NAMES: Final = {
    "lapsed": ("撤回或逾期未重报", "Taken back or lapsed"),
    "draft": ("草稿未提交", "Drafts not submitted"),
    "filed_before": ("曾备案，本周期未备", "Filed before, not now"),
    "never_filed": ("有账户，从未备案", "Account, never filed"),
}
"""Reasons of the coverage list (rules.Gap)."""
