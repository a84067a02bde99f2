"""What must hold in the tables of processes at any rest, whatever happened before."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.engine.window import NodeKind
from app.kernel.db import session
from app.processes.jobs import may_run
from app.processes.models import Job, ProcessEvent, ProcessInstance, ProcessTimer, SetCall, WorkItem
from app.processes.states import enabled_nodes, get_definition
from app.processes.vocabulary import OPEN_STATUSES


def broken_invariants() -> list[str]:
    """A sentence for each rule that does not hold; call it when no worker runs and nothing is due."""
    return [
        *_items_without_one_trace(),
        *_instances_beside_their_rows(),
        *_miscounted_calls(),
        *_stuck_jobs(),
    ]


def _items_without_one_trace() -> Iterator[str]:
    """Every done item has one line of history and one entry of the audit."""
    done = session.execute(select(WorkItem.id, WorkItem.instance_id, WorkItem.node).where(WorkItem.status == "done"))
    items = {item_id: (instance_id, node) for item_id, instance_id, node in done}
    entries = Counter(
        int(entry)
        for entry in session.scalars(select(AuditEntry.object_id).where(AuditEntry.action == "work_item.complete"))
    )
    lines = Counter(
        (instance_id, node)
        for instance_id, node in session.execute(
            select(ProcessEvent.instance_id, ProcessEvent.node).where(ProcessEvent.kind == "completed")
        )
    )
    if entries != Counter(dict.fromkeys(items, 1)):
        yield f"audit entries and done items differ: {(entries - Counter(list(items))) or (Counter(list(items)) - entries)}"
    if lines != Counter(items.values()):
        yield f"history and done items differ: {lines - Counter(items.values())}, {Counter(items.values()) - lines}"


def _instances_beside_their_rows() -> Iterator[str]:
    """A running instance has one open item at each enabled user task, one timer at each armed one; an ended one none."""
    open_items, timers = _nodes_of(WorkItem, WorkItem.status == "open"), _nodes_of(ProcessTimer)
    for instance in session.scalars(select(ProcessInstance)):
        users, armed = Counter[str](), Counter[str]()
        if instance.state_id is not None:
            nodes = get_definition(instance.definition_id).nodes
            for name in enabled_nodes(instance.definition_id, instance.state_id):
                if nodes[name].kind is NodeKind.USER:
                    users[name] += 1
                elif nodes[name].kind is NodeKind.TIMER:
                    armed[name] += 1
        for what, wanted, found in (("items", users, open_items), ("timers", armed, timers)):
            if found.get(instance.id, Counter()) != wanted:
                yield f"instance {instance.id}: {what} at {found.get(instance.id)}, tokens at {wanted}"


def _nodes_of(model, *conditions) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = {}
    for instance_id, node in session.execute(select(model.instance_id, model.node).where(*conditions)):
        found.setdefault(instance_id, Counter())[node] += 1
    return found


def _miscounted_calls() -> Iterator[str]:
    """The counters of a call that is open are those of its children; no open call has only ended ones."""
    counted = Counter(
        {
            (call_id, status): count
            for call_id, status, count in session.execute(
                select(ProcessInstance.call_id, ProcessInstance.status, func.count())
                .where(ProcessInstance.call_id.is_not(None))
                .group_by(ProcessInstance.call_id, ProcessInstance.status)
            )
        }
    )
    for call in session.scalars(select(SetCall)):
        children = {status: counted[call.id, status] for status in ("completed", "expired", "cancelled")}
        children["running"] = sum(counted[call.id, status] for status in OPEN_STATUSES)
        if call.total != sum(children.values()) or call.done != children["completed"]:
            yield f"call {call.id}: {call.total} children, {call.done} done; in the table {children}"
        if call.open != children["running"]:
            yield f"call {call.id}: {call.open} open; in the table {children}"
        if call.closed_at is None and call.open == 0:
            parent = session.get_one(ProcessInstance, call.instance_id)
            if parent.state_id is not None and call.node in enabled_nodes(parent.definition_id, parent.state_id):
                yield f"call {call.id}: all children ended and its parent still waits"


def _stuck_jobs() -> Iterator[str]:
    """Nothing waits that could run, nothing was given up."""
    stuck = select(Job).where((Job.status == "failed") | may_run())
    for job in session.scalars(stuck):
        yield f"job {job.id} ({job.kind}) is {job.status} after {job.attempts} failures: {job.error}"
