"""The candidacies' side of the award_candidacy process, and of the round's readiness."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Select, literal, null, select

from app.candidacies import usecases
from app.candidacies.models import Candidacy
from app.candidacies.usecases import (
    answer_screening,
    decide_low_sample,
    decide_screening,
    end_candidacy,
    screen_candidacy,
    set_standing,
)
from app.candidacies.vocabulary import SUBJECT, DecisionStep, Standing
from app.kernel.actor import Actor
from app.processes.doors import CompletedItem, OperationCall, Subject


def willing_filings(call: OperationCall) -> Select[Any]:
    """The candidacies of the round that stand at its beginning: the children of the award's set call."""
    rows = (
        select(
            literal(SUBJECT).label("subject_type"),
            Candidacy.id.label("subject_id"),
            Candidacy.title.label("title"),
            Candidacy.province_code.label("province_code"),
            null().label("city_code"),
            Candidacy.organisation_id.label("organisation_id"),
            null().label("assignee_id"),
            null().label("variables"),
        )
        .where(Candidacy.round_id == call.batch_id, Candidacy.standing == Standing.SCREENING)
        .order_by(Candidacy.id)
    )
    return cast("Select[Any]", rows)


def open_candidacies(call: OperationCall) -> None:
    """The preparation is finished (R-060): the list of candidates is fixed now."""
    usecases.open_candidacies(round_id=call.subject.id, actor=call.actor)


def run_screening(call: OperationCall) -> Mapping[str, Any]:
    """`screening`: "pass", "manual" or "fail"."""
    return {"screening": screen_candidacy(candidacy_id=call.subject.id).value}


def record_withdrawal(call: OperationCall) -> None:
    """The filer left the award."""
    set_standing(candidacy_ids=[call.subject.id], standing=Standing.WITHDRAWN)


def end_from_outside(*, subject: Subject, reason: str, actor: Actor) -> None:
    """An operator cancelled the award's process for this item; one that has ended keeps its end."""
    end_candidacy(candidacy_id=subject.id, reason=reason, actor=actor)


def record_disqualification(call: OperationCall) -> None:
    """An integrity case was confirmed."""
    set_standing(candidacy_ids=[call.subject.id], standing=Standing.DISQUALIFIED)


def hold_candidacy(call: OperationCall) -> None:
    """An objection to it was accepted: this item waits, the others go on (E9)."""
    set_standing(candidacy_ids=[call.subject.id], standing=Standing.HELD)


def record_standing(call: OperationCall) -> None:
    """The end of the award for this item, as the diagram wrote it into `result`."""
    set_standing(candidacy_ids=[call.subject.id], standing=Standing(call.variables["result"]))


def complete_screening(*, item: CompletedItem, outcome: str | None, values: Mapping[str, Any], actor: Actor) -> None:
    """Form `screening`: a person judges what the rules left open."""
    decide_screening(
        candidacy_id=item.subject.id,
        step=DecisionStep.MANUAL,
        passes=outcome == "pass",
        rule=_text(values, "rule") or None,
        reason=_text(values, "reason"),
        actor=actor,
    )


def complete_recheck(*, item: CompletedItem, outcome: str | None, values: Mapping[str, Any], actor: Actor) -> None:
    """Form `recheck`: somebody else judges the filer's grounds."""
    decide_screening(
        candidacy_id=item.subject.id,
        step=DecisionStep.RECHECK,
        passes=outcome == "pass",
        rule=None,
        reason=_text(values, "reason"),
        actor=actor,
    )


def complete_recheck_request(
    *, item: CompletedItem, outcome: str | None, values: Mapping[str, Any], actor: Actor
) -> None:
    """Form `recheck_request`: the filer's answer to the result."""
    answer_screening(
        candidacy_id=item.subject.id,
        asks_recheck=outcome == "request_recheck",
        grounds=_text(values, "grounds"),
        actor=actor,
    )


def complete_low_sample(*, item: CompletedItem, outcome: str | None, values: Mapping[str, Any], actor: Actor) -> None:
    """Form `low_sample`: in by its proofs, or out."""
    decide_low_sample(
        candidacy_id=item.subject.id,
        enters=outcome == "enter_by_proofs",
        reason=_text(values, "reason"),
        actor=actor,
    )


def _text(values: Mapping[str, Any], key: str) -> str:
    return str(values.get(key) or "")
