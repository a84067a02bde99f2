"""The count afterwards: what was answered and is gone, what happened twice, what stands still."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import func, select

from app.audit.sealing import seal_entries, verify
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.models import ProcessDefinition, ProcessInstance, WorkItem
from app.processes.operating.incident_models import Incident
from app.processes.vocabulary import InstanceStatus
from tests.support.invariants import broken_invariants
from tests.torture.flows import LEDGER, ONCE


def lost(*, done: Iterable[Mapping[int, Any]], started: Iterable[int]) -> list[str]:
    """Completions that were answered 200 and are not in the tables; cases that were started and are not there."""
    kept = set(session.scalars(select(WorkItem.id).where(WorkItem.status == "done")))
    missing = [
        f"item {item_id} was answered 200 and is not done"
        for answers in done
        for item_id in answers
        if item_id not in kept
    ]
    cases = set(session.scalars(select(ProcessInstance.id)))
    return missing + [f"case {case_id} is gone" for case_id in started if case_id not in cases]


def doubled(*, done: Iterable[Mapping[int, Any]]) -> list[str]:
    """Items that two people were told they completed; operations that ran twice for one node."""
    seen: set[int] = set()
    twice = []
    for answers in done:
        twice += [f"item {item_id} was answered 200 to two people" for item_id in answers if item_id in seen]
        seen |= set(answers)
    again = (
        select(LEDGER.c.instance_id, LEDGER.c.node)
        .group_by(LEDGER.c.instance_id, LEDGER.c.node)
        .having(func.count() > 1)
    )
    return twice + [
        f"operation {node} ran twice in instance {instance_id}" for instance_id, node in session.execute(again)
    ]


def stuck() -> list[str]:
    """Cases that have not ended although nothing is left to do."""
    running = select(ProcessInstance.id, ProcessInstance.status).where(
        ProcessInstance.status.in_((InstanceStatus.RUNNING, InstanceStatus.SUSPENDED, InstanceStatus.INCIDENT))
    )
    incidents = session.scalar(select(func.count()).select_from(Incident).where(Incident.resolved_at.is_(None)))
    left = [f"instance {instance_id} is {status}" for instance_id, status in session.execute(running)]
    return left + ([f"{incidents} incidents are open"] if incidents else [])


def disagreeing() -> list[str]:
    """Audit, history and rows that do not say the same; operations that a finished case never ran; a broken seal."""
    with transaction():
        while seal_entries():
            pass
    faults = [f"audit: {fault}" for fault in verify()]
    return [*broken_invariants(), *_never_run(), *faults]


def _never_run() -> Iterator[str]:
    for process, nodes in ONCE.items():
        for node in nodes:
            ran = select(LEDGER.c.instance_id).where(LEDGER.c.node == node)
            missing = session.scalars(
                select(ProcessInstance.id)
                .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
                .where(
                    ProcessDefinition.key == process,
                    ProcessInstance.status == InstanceStatus.COMPLETED,
                    ProcessInstance.end_node != "expired",
                    ProcessInstance.id.not_in(ran),
                )
            )
            yield from (f"instance {instance_id} ended without {node}" for instance_id in missing)
