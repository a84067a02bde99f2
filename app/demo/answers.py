"""How the demo's people complete their items: one answer per form, a matter of seeded chance."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from app.processes.models import WorkItem

Answer = tuple[str | None, Mapping[str, Any]]
OPINION = (
    "成果目标明确，检索策略完整，数据来源可靠，分析方法符合《专利导航指南》系列国家标准，结论对研发布局和引才具有参考价值，"
    "应用证明真实有效，宣传推广较为充分，建议进一步补充海外同族分析。"
)


@dataclass(frozen=True, slots=True)
class Temper:
    """How likely people do the less usual thing."""

    returns: float = 0.05
    rejects: float = 0.02
    responds: float = 0.3
    """Share of the rating seats that are answered; the others expire."""
    declines: float = 0.05
    conflicts: float = 0.02


def answer(item: WorkItem, *, chance: Random, temper: Temper) -> Answer | None:
    """The outcome and values with which the item is completed; None when its person lets it lie."""
    special = ANSWERS.get(item.form_key or "")
    return special(item, chance, temper) if special else (PLAIN.get(item.form_key or ""), {})


def _audit(item: WorkItem, chance: Random, temper: Temper) -> Answer:
    luck = chance.random()
    if item.node == "prov_audit" and luck < temper.returns:
        return "return_for_correction", {"reasons": ["PROOF_INVALID"], "opinion": "第12页：请补充应用证明的盖章页。"}
    if item.node != "city_audit" and luck > 1 - temper.rejects:
        return "reject", {"reasons": ["QUALITY"], "opinion": "未见检索策略与数据来源说明，不符合备案要求。"}
    return "approve", {"opinion": "材料齐全，同意通过。"}


def _rating(item: WorkItem, chance: Random, temper: Temper) -> Answer | None:
    if chance.random() > temper.responds:
        return None
    if chance.random() < temper.declines:
        return "decline", {"decline_reason": chance.choice(("wrong_domain", "no_time"))}
    liking = item.subject_id % 3
    marks = {key: str(min(5, max(1, round(chance.gauss(3.4 + liking * 0.3, 0.8))))) for key in DIMENSIONS}
    values: dict[str, Any] = {"no_interest": True, **marks, "usage": chance.choice(("used", "intends", "no"))}
    values["comment"] = (
        f"结论对本单位{chance.choice(('研发立项', '专利布局', '产品规划', '引才'))}有参考价值，建议补充实施案例（{item.id}）。"
    )
    return "submit", values


def _pledge(_item: WorkItem, chance: Random, temper: Temper) -> Answer:
    if chance.random() < temper.declines:
        return "decline", {"reason": "评审期间另有任务"}
    return "accept", {"integrity": True, "secrecy": True}


def _declaration(_item: WorkItem, chance: Random, temper: Temper) -> Answer:
    if chance.random() < temper.conflicts:
        return "conflict", {"conflict_kind": "COOP", "detail": "近三年与申报单位有合作"}
    return "no_conflict", {"declared": True}


def _score_sheet(_item: WorkItem, chance: Random, _temper: Temper) -> Answer:
    share = min(0.98, max(0.45, chance.gauss(0.8, 0.07)))
    marks = {key: round(limit * min(1.0, share + chance.uniform(-0.06, 0.06)), 1) for key, limit in CRITERIA.items()}
    return "submit", {**marks, "opinion": OPINION, "recommend": "yes" if share > 0.72 else "no"}


def _document(_item: WorkItem, _chance: Random, _temper: Temper) -> Answer:
    return "submit", {
        "title": "关于专利导航优秀项目成果的通报",
        "body": "各省、自治区、直辖市知识产权局：现将优秀项目成果予以通报。",
    }


def _issue(item: WorkItem, _chance: Random, _temper: Temper) -> Answer:
    number = f"国知办函运字〔{item.opened_at.year}〕演示{item.id}号"
    return "submit", {"document_number": number, "issued_on": item.opened_at.date().isoformat()}


def _fixed(outcome: str, **values: Any) -> Callable[[WorkItem, Random, Temper], Answer]:  # noqa: ANN401 -- form values
    return lambda _item, _chance, _temper: (outcome, values)


DIMENSIONS = ("useful", "data", "actionable", "innovative")
CRITERIA = {"goal": 10, "method": 15, "data": 15, "report": 20, "application": 30, "outreach": 10}
PLAIN = {
    "attendance": "open",
    "approval": "approve",
    "draw_rules": "submit",
    "final_decision": "approve",
    "final_result": "submit",
    "panel_confirmation": "confirm",
    "panels": "submit",
    "pool": "submit",
    "pool_check": "approve",
    "proposal": "submit",
    "push_plan": "approve",
    "readiness": "confirm",
    "recheck_request": "accept_result",
    "refill": "draw",
    "round": "submit",
}
"""Outcomes of forms that nothing needs to be written into."""
ANSWERS: dict[str, Callable[[WorkItem, Random, Temper], Answer | None]] = {
    "audit_opinion": _audit,
    "correction": _fixed("resubmit", correction_note="已补充盖章页，见应用证明附件。"),
    "declaration": _declaration,
    "investigation": _fixed("propose_dismiss", findings="经核查，所反映情况与原始材料不符，未发现不实。"),
    "issue_document": _issue,
    "low_sample": _fixed("enter_by_proofs", reason="应用证明充分，同意凭证明入库。"),
    "objection_check": _fixed("accept"),
    "objection_decision": _fixed("dismiss", opinion="同意处理意见。"),
    "official_document": _document,
    "panel_answer": _fixed("back_to_opinion", reason="请补充说明。"),
    "panel_opinion": _fixed("submit", opinion=OPINION),
    "pledge": _pledge,
    "rating": _rating,
    "rating_gov": _rating,
    "recheck": _fixed("pass", reason="复核材料有效。"),
    "score_sheet": _score_sheet,
    "screening": _fixed("pass", reason="经核对，材料真实。"),
    "unfinished_list": _fixed("move_to_next_round", reason="审核未结，转入下一周期。"),
    "witness": _fixed("start_draw", number="20261122"),
}
