"""What the diagrams call in this room: operations, and the meaning of its forms (flows.md 6, 7, 11)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.announcements import closing, notices, objections, queries, results
from app.announcements.models import Objection
from app.announcements.objections import Conclusion, Findings
from app.announcements.rules import read_units
from app.announcements.vocabulary import Decision, Ground
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.errors import ConflictError
from app.processes.doors import CompletedItem, OperationCall, Value

Values = Mapping[str, Value]
Answer = dict[str, Any] | None
ONE_EXTENSION = 1


def publish_notice(call: OperationCall) -> Answer:
    """Service task of evaluation_round: the start notice."""
    notices.publish_notice(round_id=call.subject.id, actor=call.actor)
    return None


def open_public_notice(call: OperationCall) -> Answer:
    """Service task of evaluation_round."""
    notices.open_public_notice(round_id=call.subject.id, actor=call.actor)
    return None


def close_public_notice(call: OperationCall) -> Answer:
    """Service task of evaluation_round."""
    notices.close_public_notice(round_id=call.subject.id, actor=call.actor)
    return None


def publish_results(call: OperationCall) -> Answer:
    """Service task of evaluation_round: the commendation."""
    results.publish_results(round_id=call.subject.id, actor=call.actor)
    return None


def record_award(call: OperationCall) -> Answer:
    """Service task of award_candidacy: `award` is awarded, held or excluded."""
    return {"award": results.record_award(candidacy_id=call.subject.id, actor=call.actor).value}


def publish_ranking(call: OperationCall) -> Answer:
    """Service task of evaluation_round."""
    closing.publish_ranking(round_id=call.subject.id, actor=call.actor)
    return None


def archive_round(call: OperationCall) -> Answer:
    """Service task of evaluation_round."""
    closing.archive_round(round_id=call.subject.id, actor=call.actor)
    return None


def register_objection(call: OperationCall) -> Answer:
    """Service task of objection; `late` also where the name is none."""
    late = objections.register_objection(
        objection_id=_objection_id(call.variables), instance_id=call.instance_id, actor=call.actor
    )
    return {"late": late}


def refuse_objection(call: OperationCall) -> Answer:
    """Service task of objection."""
    objections.refuse_objection(objection=_objection(call), actor=call.actor)
    return None


def hold_item(call: OperationCall) -> Answer:
    """Service task of objection."""
    objections.hold_item(objection=_objection(call), actor=call.actor)
    return None


def reply_objection(call: OperationCall) -> Answer:
    """Service task of objection."""
    return _tell(objections.reply_objection(objection=_objection(call), actor=call.actor))


def close_withdrawn_objection(call: OperationCall) -> Answer:
    """Service task of objection."""
    return _tell(objections.close_withdrawn_objection(objection=_objection(call), actor=call.actor))


def remove_item(call: OperationCall) -> Answer:
    """Service task of objection."""
    objections.remove_item(objection=_objection(call), actor=call.actor)
    return None


def correct_item(call: OperationCall) -> Answer:
    """Service task of objection."""
    objections.correct_item(objection=_objection(call), actor=call.actor)
    return None


def publish_supplement(call: OperationCall) -> Answer:
    """Service task of objection: dismissed after the commendation."""
    objections.supplement_item(objection=_objection(call), actor=call.actor)
    return None


def complete_official_document(*, item: CompletedItem, outcome: str | None, values: Values, actor: Actor) -> Answer:  # noqa: ARG001 -- a Completion's signature
    """起草通报."""
    results.draft_commendation(
        round_id=item.subject.id, title=_text(values, "title"), text=_text(values, "body"), actor=actor
    )
    return None


def complete_issue_document(*, item: CompletedItem, outcome: str | None, values: Values, actor: Actor) -> Answer:  # noqa: ARG001 -- a Completion's signature
    """登记发文."""
    sealed = values.get("sealed_file")
    results.register_document(
        round_id=item.subject.id,
        document_number=_text(values, "document_number"),
        issued_on=date.fromisoformat(_text(values, "issued_on")[:10]),
        sealed_file_id=sealed if isinstance(sealed, int) else None,
        actor=actor,
    )
    return None


def complete_final_decision(*, item: CompletedItem, outcome: str | None, values: Values, actor: Actor) -> Answer:  # noqa: ARG001 -- a Completion's signature
    """局领导审定: when the result is published; a moment that has passed, or none, is now."""
    if outcome != "approve":
        return None
    wanted, now = _text(values, "publish_at"), clock.now()
    moment = max(datetime.fromisoformat(wanted), now) if wanted else now
    return {"publish_at": moment.isoformat()}


def complete_objection_check(*, item: CompletedItem, outcome: str | None, values: Values, actor: Actor) -> Answer:
    """形式审查."""
    objection = queries.lock_objection(_objection_id(item.variables))
    objections.ensure_independent(objection=objection, actor=actor)
    objections.ensure_unchecked(objection)
    if outcome == "ask_supplement":
        objections.ask_supplement(objection=objection, wanted=_text(values, "supplement"), actor=actor)
    elif outcome == "refuse":
        ground = Ground(_text(values, "ground"))
        objections.name_ground(objection=objection, ground=ground, reason=_text(values, "reason"), actor=actor)
    elif outcome == "close_withdrawn":
        objections.close_early(objection=objection, reason=_text(values, "reason"), actor=actor)
    return None


def complete_investigation(*, item: CompletedItem, outcome: str | None, values: Values, actor: Actor) -> Answer:
    """调查核实: a proposal with findings, one extension, or the end of a withdrawn case."""
    objection = queries.lock_objection(_objection_id(item.variables))
    objections.ensure_independent(objection=objection, actor=actor)
    extensions = item.variables.get("extensions")
    done = extensions if isinstance(extensions, int) else 0
    if outcome == "extend":
        if done >= ONE_EXTENSION:
            raise ConflictError("extension_used_up")
        return {"extensions": done + 1}
    if outcome == "close_withdrawn":
        objection.reply = _text(values, "reason")
        return {"extensions": done}
    objections.keep_findings(objection=objection, findings=_read_findings(outcome or "", values), actor=actor)
    return {"extensions": done}


def complete_objection_decision(*, item: CompletedItem, outcome: str | None, values: Values, actor: Actor) -> Answer:
    """局领导审定 of an objection; sent back, nothing is decided."""
    if outcome == "return":
        return None
    objections.keep_decision(
        objection=queries.lock_objection(_objection_id(item.variables)),
        decision=Decision(outcome or ""),
        opinion=_text(values, "opinion"),
        actor=actor,
    )
    return None


def _read_findings(proposal: str, values: Values) -> Findings:
    evidence = values.get("evidence")
    return Findings(
        proposal=proposal,
        text=_text(values, "findings"),
        correction=_text(values, "correction"),
        corrected_title=_text(values, "corrected_title"),
        corrected_units=tuple(read_units(_text(values, "corrected_units"))),
        evidence_ids=[evidence] if isinstance(evidence, int) else [],
    )


def _objection(call: OperationCall) -> Objection:
    return queries.lock_objection(_objection_id(call.variables))


def _objection_id(variables: Values) -> int:
    found = variables.get("objection_id")
    if not isinstance(found, int):
        raise TypeError("this process handles no objection")
    return found


def _tell(conclusion: Conclusion) -> Answer:
    return {"item_decision": conclusion.item_decision.value, "announced": conclusion.announced}


def _text(values: Values, key: str) -> str:
    return str(values.get(key) or "")
