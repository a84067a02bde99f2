"""Handling objections (flows.md 11, E9): formal check, hold, investigation, decision, reply, and what follows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.accounts.queries import user_ids_with_role
from app.accounts.vocabulary import Role
from app.announcements import queries
from app.announcements.models import NoticeItem, Objection
from app.announcements.results import is_announced, publish_removal, publish_supplement
from app.announcements.rules import decide_item
from app.announcements.vocabulary import (
    OBJECTION,
    UNCHECKED,
    Decision,
    Ground,
    ItemDecision,
    ItemStatus,
    ObjectionStatus,
)
from app.attachments.usecases import bind_attachments
from app.audit.usecases import record
from app.candidacies.queries import decisions_of, get_candidacy
from app.candidacies.usecases import set_standing
from app.candidacies.vocabulary import Standing
from app.filings.queries import opinions_of
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.errors import ConflictError, ForbiddenError
from app.notifications.usecases import notify

DEFAULT_CORRECTION = "有关信息已按异议处理决定更正。"


@dataclass(frozen=True, slots=True)
class Findings:
    """What the handler found and proposes; the correction is published when the objection is upheld in part."""

    proposal: str
    text: str
    correction: str = ""
    corrected_title: str = ""
    corrected_units: tuple[str, ...] = ()
    evidence_ids: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What follows for the item, for the gateways: the decision, and whether the commendation is out."""

    item_decision: ItemDecision
    announced: bool


def register_objection(*, objection_id: int, instance_id: int, actor: Actor) -> bool:
    """Ties the objection to its process and tells the handlers; True when it is late or names nobody."""
    objection = queries.get_objection(objection_id)
    objection.instance_id = instance_id
    item = queries.get_item(objection.item_id)
    handlers = user_ids_with_role(Role.OBJECTION_HANDLER)
    if handlers:
        notify(user_ids=handlers, kind="objection_raised", params={"title": item.shown_title}, link="/objections")
    _note("register", objection, actor, late=objection.late, anonymous=objection.anonymous)
    return objection.late or objection.anonymous


def ensure_independent(*, objection: Objection, actor: Actor) -> None:
    """The handler must not have audited or screened the item; ForbiddenError `four_eyes` (E9)."""
    candidacy = get_candidacy(queries.get_item(objection.item_id).candidacy_id)
    judged = {opinion.auditor_id for opinion in opinions_of(candidacy.filing_id)}
    judged |= {decision.actor_id for decision in decisions_of(candidacy.id)}
    if actor.id in judged:
        raise ForbiddenError("four_eyes")


def ask_supplement(*, objection: Objection, wanted: str, actor: Actor) -> None:
    """Formal check: something is missing; three working days, told on the receipt's page."""
    objection.status, objection.supplement_asked = ObjectionStatus.SUPPLEMENT_ASKED, wanted.strip()
    _note("ask_supplement", objection, actor)


def name_ground(*, objection: Objection, ground: Ground, reason: str, actor: Actor) -> None:
    """Formal check: why it is not accepted; the refusal itself follows in the flow."""
    objection.ground, objection.reply = ground, reason.strip()
    _note("name_ground", objection, actor, ground=ground.value)


def refuse_objection(*, objection: Objection, actor: Actor) -> None:
    """不予受理: late, anonymous, not supplemented in time, or on the handler's ground."""
    if objection.ground is None:
        objection.ground = _ground_of(objection)
    objection.status, objection.replied_at = ObjectionStatus.REFUSED, clock.now()
    _note("refuse", objection, actor, ground=objection.ground)
    _let_go(objection, actor)


def _ground_of(objection: Objection) -> Ground:
    if objection.late:
        return Ground.LATE
    return Ground.ANONYMOUS if objection.anonymous else Ground.NO_EVIDENCE


def close_early(*, objection: Objection, reason: str, actor: Actor) -> None:
    """Formal check: the objector withdrew before acceptance; the item was never held."""
    objection.status, objection.replied_at = ObjectionStatus.WITHDRAWN, clock.now()
    objection.reply = reason.strip()
    _note("close_early", objection, actor)
    _let_go(objection, actor)


def _let_go(objection: Objection, actor: Actor) -> None:
    """An item that the commendation left out only for this objection is published now."""
    publish_supplement(item=queries.lock_item(objection.item_id), actor=actor)


def hold_item(*, objection: Objection, actor: Actor) -> None:
    """受理: only this item is held, the others go on (E9)."""
    item = queries.lock_item(objection.item_id)
    objection.status, objection.accepted_at = ObjectionStatus.ACCEPTED, clock.now()
    if item.status in queries.AWARDABLE:
        item.status = ItemStatus.HELD
    _note("hold_item", objection, actor)


def keep_findings(*, objection: Objection, findings: Findings, actor: Actor) -> None:
    """调查核实: findings and proposal, replaced when the case comes back."""
    objection.proposal, objection.findings = findings.proposal, findings.text.strip()
    objection.correction = findings.correction.strip()
    objection.corrected_title = findings.corrected_title.strip() or None
    objection.corrected_units = list(findings.corrected_units) or None
    bind_attachments(ids=findings.evidence_ids, owner_type=OBJECTION, owner_id=objection.id, actor=actor)
    _note("investigate", objection, actor, proposal=findings.proposal)


def keep_decision(*, objection: Objection, decision: Decision, opinion: str, actor: Actor) -> None:
    """局领导审定; the reply and its consequences follow in the flow."""
    objection.decision, objection.reply = decision, opinion.strip()
    _note("decide", objection, actor, decision=decision.value)


def reply_objection(*, objection: Objection, actor: Actor) -> Conclusion:
    """答复, then what follows for the item from all its accepted objections (flows.md 11, step 6)."""
    if objection.decision is None:
        raise ConflictError("objection_undecided")
    objection.status, objection.replied_at = ObjectionStatus.DECIDED, clock.now()
    _note("reply", objection, actor, decision=objection.decision)
    return _conclude(objection, actor)


def close_withdrawn_objection(*, objection: Objection, actor: Actor) -> Conclusion:
    """撤回结案 after acceptance: counts as dismissed for the item, by the same computation."""
    objection.status, objection.replied_at = ObjectionStatus.WITHDRAWN, clock.now()
    _note("close_withdrawn", objection, actor)
    return _conclude(objection, actor)


def _conclude(objection: Objection, actor: Actor) -> Conclusion:
    item = queries.lock_item(objection.item_id)
    decision = decide_item(queries.accepted_decisions(item.id))
    if decision is ItemDecision.DISMISS and item.status == ItemStatus.HELD:
        _release(item, ItemStatus.CORRECTED if item.correction else ItemStatus.LISTED)
    _note("conclude_item", objection, actor, item_decision=decision.value)
    return Conclusion(decision, is_announced(item))


def _release(item: NoticeItem, status: ItemStatus) -> None:
    item.status, item.decided_at = status, clock.now()
    if not is_announced(item):
        set_standing(candidacy_ids=[item.candidacy_id], standing=Standing.IN_NOTICE)


def remove_item(*, objection: Objection, actor: Actor) -> None:
    """移出名单: the item is out; after the commendation a correction says so (E9, E11)."""
    item = queries.lock_item(objection.item_id)
    if item.status == ItemStatus.REMOVED:
        return
    item.status, item.decided_at = ItemStatus.REMOVED, clock.now()
    set_standing(candidacy_ids=[item.candidacy_id], standing=Standing.EXCLUDED)
    publish_removal(item=item, actor=actor)
    _note("remove_item", objection, actor)


def correct_item(*, objection: Objection, actor: Actor) -> None:
    """更正项目信息, e.g. the order of the organisations; the item is awarded as corrected, at once when announced."""
    item = queries.lock_item(objection.item_id)
    source = _source_of_correction(objection)
    item.correction = source.correction or DEFAULT_CORRECTION
    item.corrected_title, item.corrected_units = source.corrected_title, source.corrected_units
    _release(item, ItemStatus.CORRECTED)
    publish_supplement(item=item, actor=actor)
    _note("correct_item", objection, actor)


def _source_of_correction(objection: Objection) -> Objection:
    """Of several objections the one upheld in part says what is corrected, not the one that was decided last."""
    if objection.decision == Decision.UPHOLD_IN_PART:
        return objection
    return queries.latest_upheld_in_part(objection.item_id) or objection


def supplement_item(*, objection: Objection, actor: Actor) -> None:
    """补充公布 of the item after the objection was dismissed, when the commendation is out already."""
    publish_supplement(item=queries.lock_item(objection.item_id), actor=actor)


def ensure_unchecked(objection: Objection) -> None:
    """The formal check is done once per step of the flow."""
    if objection.status not in UNCHECKED:
        raise ConflictError("objection_closed")


def _note(act: str, objection: Objection, actor: Actor, **detail: object) -> None:
    """Audit without any word of who objects."""
    more: Mapping[str, object] = {"receipt": objection.receipt_number, "item_id": objection.item_id, **detail}
    record(
        action=f"announcements.{act}_objection" if not act.endswith("_item") else f"announcements.{act}",
        actor=actor,
        object_type=OBJECTION,
        object_id=objection.id,
        detail=more,
    )
