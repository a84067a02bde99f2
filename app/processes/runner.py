"""Turns the crank: steps of one instance, what they set off, and everything they leave in the tables, written once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, select, update

from app.engine.window import Event, Node, NodeKind, Step, Value
from app.kernel import clock
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import note_written, session, table_of
from app.kernel.errors import ConflictError
from app.kernel.prepared import Prepared
from app.processes import decisions, messages
from app.processes.deadlines import read_duration
from app.processes.doors import BpmnError, OperationCall, Subject, doors
from app.processes.effects import Person, arm, close_items, completers_of, disarm, open_item, role_of
from app.processes.history import Line, make_line, write_line, write_lines
from app.processes.jobs import add_job
from app.processes.models import ProcessInstance, ProcessTimer, WorkItem
from app.processes.operating.causes import at_element, at_token
from app.processes.operating.incidents import status_after
from app.processes.overdue import overdue_timers
from app.processes.sets import closing, set_calls
from app.processes.states import enabled_nodes, get_body, get_definition, get_state_id
from app.processes.vocabulary import ACTIVE_STATUSES, EventKind, InstanceStatus, ItemStatus
from app.processes.walk import CALLS, RESTING, Walk

INSTANCES = table_of(ProcessInstance)
LOCK_INSTANCE = (
    select(ProcessInstance)
    .where(ProcessInstance.id == bindparam("instance_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
UPDATE_INSTANCE = Prepared(
    update(INSTANCES).where(
        INSTANCES.c.id == bindparam("instance_id"), INSTANCES.c.revision == bindparam("seen_revision")
    )
)


@dataclass(slots=True, kw_only=True)
class Crank(Walk):
    """One locked instance being advanced. Nothing is written before `write`, except what operations write themselves."""

    instance: ProcessInstance
    actor: Actor
    lines: list[Line] = field(default_factory=list)
    items: list[WorkItem] = field(default_factory=list)
    """Work items that `write` opened."""
    completed: dict[str, int] = field(default_factory=dict)
    """Who has just completed which node: it need not be looked up."""
    waits_for_message: bool = False

    @classmethod
    def of(cls, instance: ProcessInstance, actor: Actor) -> "Crank":
        """The crank of a running instance."""
        if instance.state_id is None:
            raise ConflictError("instance_ended")
        return cls(
            definition_id=instance.definition_id,
            variables=dict(instance.variables or {}),
            state=get_body(instance.state_id),
            instance=instance,
            actor=actor,
        )

    @classmethod
    def begin(cls, instance: ProcessInstance, actor: Actor, first: Step) -> "Crank":
        """The crank of an instance that has just been set down, its first step taken."""
        crank = cls(definition_id=instance.definition_id, instance=instance, actor=actor)
        crank.take(first)
        return crank

    def fire(self, event: Event) -> None:
        """Takes one step and everything that follows from it by itself."""
        if self.state is None:
            raise ConflictError("instance_ended")
        with at_token(event.node):
            self.step(event)
            self.settle()

    def resume(self) -> bool:
        """Takes up the tokens at which nothing was done yet when a set move set the instance down.

        Returns whether there is anything to write. A message that is not there yet will find the token by itself:
        it stood in the tables before this transaction began.
        """
        before, nodes = self.state, get_definition(self.definition_id).nodes
        waiting = [nodes[name] for name in enabled_nodes(self.definition_id, self.instance.state_id or 0)]
        under_way = set_calls.open_nodes_of(self.instance.id) if any(node.kind in CALLS for node in waiting) else ()
        self.pending = [node for node in waiting if node.kind not in RESTING and node.id not in under_way]
        self.settle()
        self.waits_for_message = any(node.kind is NodeKind.MESSAGE for node in self.opened.values())
        return self.state != before or bool(self.lines)

    def settle(self) -> None:
        """Runs operations, decisions, throws and calls until every token waits for somebody or something."""
        while self.pending:
            node = self.pending.pop(0)
            with at_element(node.id):
                event = self._act(node)
                if event is not None and self.state is not None:
                    self.step(event)

    def _act(self, node: Node) -> Event | None:
        """What happens at a token that was just made; the event that it brings about, if any."""
        match node.kind:
            case NodeKind.SERVICE:
                return self._serve(node)
            case NodeKind.DECISION:
                result = decisions.decide(table=node.decision or "", facts=self.variables).result
                return Event("done", node.id, result)
            case NodeKind.THROW:
                messages.throw_from(self.instance, node)
                self.note(EventKind.MESSAGE, node)
                return Event("done", node.id)
            case NodeKind.CALL | NodeKind.SET_CALL:
                return self._open_call(node)
            case NodeKind.MESSAGE:
                return self._pass_latch(node)
        return None

    def _serve(self, node: Node) -> Event | None:
        if not node.job:
            return self.run_operation(node)
        add_job("operation", {"instance_id": self.instance.id, "node": node.id})
        return None

    def run_operation(self, node: Node) -> Event:
        """Runs a service task's operation in this transaction."""
        operation = doors().operations.get(node.operation or "")
        if operation is None:
            raise LookupError(f"no operation {node.operation!r} behind {node.id}")
        try:
            values = operation(self.call_at(node))
        except BpmnError as error:
            return Event("error", node.id, error_code=error.code)
        self.note(EventKind.OPERATION, node)
        return Event("done", node.id, values or {})

    def call_at(self, node: Node) -> OperationCall:
        """What an operation or collection is told."""
        return OperationCall(
            instance_id=self.instance.id,
            process=get_definition(self.definition_id).key,
            node=node.id,
            subject=Subject(self.instance.subject_type, self.instance.subject_id),
            batch_id=self.instance.batch_id,
            variables=self.variables,
            actor=self.actor,
            inputs=node.inputs,
        )

    def _open_call(self, node: Node) -> Event | None:
        if self.gone.pop(node.id, None) is not None:  # a loop: the earlier call ends before this one, not with it
            closing.close_calls(ids=[self.instance.id], nodes=[node.id], status=InstanceStatus.EXPIRED)
        total = set_calls.open_call(parent=self.instance, node=node, call=self.call_at(node))
        self.note(EventKind.CHILDREN, node, detail={"total": total})
        return Event("done", node.id) if total == 0 else None

    def _pass_latch(self, node: Node) -> Event | None:
        message_id = messages.find_latched(self.instance, node.message or "")
        if message_id is None:
            self.waits_for_message = True
            return None
        messages.consume(instance_id=self.instance.id, message_id=message_id)
        self.note(EventKind.MESSAGE, node)
        return Event("done", node.id)

    def note(
        self,
        kind: EventKind,
        node: Node | None = None,
        *,
        outcome: str | None = None,
        detail: Mapping[str, Value] | None = None,
    ) -> None:
        """Adds a line to the instance's history."""
        self.lines.append(
            make_line(
                instance_id=self.instance.id, kind=kind, node=node, actor=self.actor, outcome=outcome, detail=detail
            )
        )

    def write(self, *, interrupted_by_deadline: bool = False) -> None:
        """Writes the instance, its items, timers, calls and history."""
        self._write_instance()
        self._close(expired=interrupted_by_deadline)
        self._open()
        if self.waits_for_message and self.state is not None:
            # A throw that commits beside us is not seen yet: whoever comes second, this job or the broadcast, finds it.
            add_job("recheck", {"instance_id": self.instance.id})
        if self.state is None:
            self.note(EventKind.FINISHED, detail={"end": self.end_node})
        write_lines(self.lines)
        if self.state is None and self.instance.call_id is not None:
            self._count(self.instance.call_id)

    def _count(self, call_id: int) -> None:
        """The child's last act. A person who comes after the call was closed comes too late; nothing is kept."""
        in_time = closing.count_ended(call_id=call_id, children=1, status=InstanceStatus.COMPLETED)
        if not in_time and self.actor.id is not None:
            raise ConflictError("deadline_passed")

    def _write_instance(self) -> None:
        instance, now = self.instance, clock.now()
        ended = self.state is None
        values: dict[str, Any] = {
            "state_id": None if self.state is None else get_state_id(instance.definition_id, self.state),
            "variables": self.variables or None,
            "revision": instance.revision + 1,
            "ended_at": now if ended else None,
            "end_node": self.end_node if ended else None,
        }
        values["status"] = status_after(instance, state_id=values["state_id"], opened=self.opened)
        seen = {"instance_id": instance.id, "seen_revision": instance.revision}
        if UPDATE_INSTANCE.run(values | seen) != 1:
            raise ConflictError("edit_conflict")
        note_written(instance, values)

    def _close(self, *, expired: bool) -> None:
        ids = (self.instance.id,)
        users, timers, calls = (self.gone_of(*kinds) for kinds in ((NodeKind.USER,), (NodeKind.TIMER,), CALLS))
        if users:
            status = ItemStatus.EXPIRED if expired else ItemStatus.CANCELLED
            close_items(ids=ids, nodes=users, status=status, event_id=self._write_cause())
        if timers:
            disarm(ids=ids, nodes=timers)
        if calls:
            closing.close_calls(ids=ids, nodes=calls, status=InstanceStatus.EXPIRED)

    def _write_cause(self) -> int | None:
        """Writes what set off the step before all else, for the items that nobody may complete any more to refer to."""
        return write_line(self.lines.pop(0)) if self.lines else None

    def _open(self) -> None:
        process = get_definition(self.definition_id).key
        for node in self.opened.values():
            if node.kind is NodeKind.USER:
                person = self._person(node)
                self.items.append(open_item(instance=self.instance, process=process, node=node, person=person))
            elif node.kind is NodeKind.TIMER:
                arm(instance=self.instance, node=node, variables=self.variables)

    def _person(self, node: Node) -> Person:
        """Who takes this item by name, and who may not, having completed the steps that it checks (four eyes)."""
        people = self.instance.people or {}
        return Person(assignee_id=people.get(role_of(node)), not_by=frozenset(self._completers(node.not_by)))

    def _completers(self, nodes: Collection[str]) -> Collection[int]:
        if self.completed.keys() >= set(nodes):
            return [self.completed[name] for name in nodes]
        return completers_of(self.instance.id, nodes).values()


def lock_instance(instance_id: int) -> ProcessInstance | None:
    """The instance, locked until the end of the transaction and read anew; None when there is none."""
    return session.scalars(LOCK_INSTANCE, {"instance_id": instance_id}).one_or_none()


def fire_overdue_timers(instance: ProcessInstance) -> int:
    """Fires the timers of a locked instance whose time has come; returns how many fired."""
    fired = 0
    while instance.status in ACTIVE_STATUSES:
        query = overdue_timers(instance.id).order_by(ProcessTimer.due_at, ProcessTimer.id).limit(1)
        timer = session.scalars(query).one_or_none()
        if timer is None:
            return fired
        fire_timer(instance, timer)
        fired += 1
    return fired


def fire_timer(instance: ProcessInstance, timer: ProcessTimer) -> None:
    """Fires one due timer of a locked instance; a repeating one stays armed while it has firings left."""
    crank = Crank.of(instance, SYSTEM)
    node = get_definition(instance.definition_id).nodes[timer.node]
    again = timer.interval is not None and (timer.remaining is None or timer.remaining > 1)
    remaining, interval, due_at = timer.remaining, timer.interval, timer.due_at
    session.delete(timer)
    session.flush()  # the row must be gone before the step arms the same node again
    crank.note(EventKind.TIMER, node)
    crank.fire(Event("done", timer.node, again=again))
    crank.write(interrupted_by_deadline=True)
    if again and interval is not None and timer.node in crank.opened:
        session.execute(
            update(ProcessTimer)
            .where(ProcessTimer.instance_id == instance.id, ProcessTimer.node == timer.node)
            .values(due_at=due_at + read_duration(interval), remaining=None if remaining is None else remaining - 1)
        )
