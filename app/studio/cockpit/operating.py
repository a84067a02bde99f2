"""What operators do, row by row: who may do what, one failing row fails alone, every row has its result.

The doors of the cockpit (pages, calls, command line) come here; like them it opens the transactions.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from app.accounts.models import User
from app.accounts.queries import actor_of
from app.audit.usecases import within_request
from app.inbox.usecases import complete_item
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from app.kernel.transaction import transaction
from app.processes.models import WorkItem
from app.processes.operating import retrying
from app.processes.operating.acting import RowResult, ensure_not_too_many, read_reason
from app.processes.operating.cancelling import cancel_instances
from app.processes.operating.causes import describe_cause
from app.processes.operating.incident_models import Incident
from app.processes.operating.incidents import OUTAGES, StepFailedError, failure_of
from app.processes.operating.instances import reached_ids
from app.processes.operating.placing import move_instance
from app.processes.operating.suspending import resume_instances, suspend_instances
from app.processes.vocabulary import IncidentOrigin
from app.processes.whole import look_first

ROLES_OF: Mapping[str, tuple[str, ...]] = {
    "suspend": ("designer", "sys_admin", "manager"),
    "resume": ("designer", "sys_admin", "manager"),
    "retry": ("designer", "sys_admin"),
    "resolve": ("designer", "sys_admin"),
    "move": ("designer",),
    "cancel": ("designer", "manager"),
}
"""Stopping, starting and repairing change nothing about a case's way: technical. Moving and cancelling do, so the
system administrator may not (separation of the three administrators); a manager ends cases of rounds, as a decision."""
ACTS = tuple(ROLES_OF)
OPERATORS = ("designer", "sys_admin", "manager")
EXPORTERS = ("designer", "manager")
"""The event log tells of cases: no business for system administrators."""
SETS = {"suspend": suspend_instances, "resume": resume_instances}


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be done, to which instances, and why."""

    name: str
    ids: Sequence[int]
    reason: str
    to: Collection[str] = ()
    leaving: Collection[str] = ()
    with_children: bool = False


class _RehearsedError(Exception):
    """Ends a rehearsal that went well: nothing of it is kept."""


def may_do(name: str, actor: Actor) -> bool:
    """Whether an operator's role allows an act."""
    return actor.has_role(*ROLES_OF[name])


def sees_content(actor: Actor) -> bool:
    """Titles and variables are business content: not for system administrators (flows.md, section 14)."""
    return actor.has_role("designer", "manager")


def act_on(act: Act, *, actor: Actor) -> Sequence[RowResult]:
    """Does an act to many instances; a result for each, in order of id. ForbiddenError when the role does not allow it."""
    if not may_do(act.name, actor):
        raise ForbiddenError
    read_reason(act.reason)
    wanted = ensure_not_too_many(act.ids)
    reached = reached_ids(ids=wanted, actor=actor)
    near = [one for one in wanted if one in reached]
    done = {result.id: result for result in (_as_set(act, near, actor) if near else ())}
    return [done.get(one) or RowResult(one, NotFoundError()) for one in wanted]


def _as_set(act: Act, ids: Sequence[int], actor: Actor) -> Sequence[RowResult]:
    if act.name not in (*SETS, "cancel"):
        return [_alone(act, one, actor) for one in ids]
    try:
        with transaction(), within_request():
            return _do(act, ids, actor)
    except (DomainError, *OUTAGES):
        raise
    except Exception:
        return [_alone(act, one, actor) for one in ids]


def _do(act: Act, ids: Sequence[int], actor: Actor) -> Sequence[RowResult]:
    if act.name == "cancel":
        return cancel_instances(ids=ids, reason=act.reason, actor=actor)
    return SETS[act.name](ids=ids, reason=act.reason, actor=actor, with_children=act.with_children)


def _alone(act: Act, instance_id: int, actor: Actor) -> RowResult:
    single: Mapping[str, Callable[[], object]] = {
        "move": lambda: _move(act, instance_id, actor),
        "retry": lambda: _each_incident(instance_id, lambda one: retry(incident_id=one, actor=actor)),
        "resolve": lambda: _each_incident(instance_id, lambda one: _resolve(one, act.reason, actor)),
    }
    try:
        if act.name in single:
            single[act.name]()
            return RowResult(instance_id)
        with transaction(), within_request():
            return _do(act, [instance_id], actor)[0]
    except DomainError as error:
        return RowResult(instance_id, error)
    except OUTAGES:
        raise
    except Exception as error:
        failure = failure_of(error, origin=IncidentOrigin.JOB, origin_id=None)
        return RowResult(instance_id, ConflictError("act_failed", cause=failure.cause.split("\n", maxsplit=1)[0]))


def _move(act: Act, instance_id: int, actor: Actor) -> None:
    def move() -> None:
        with transaction(), within_request():
            move_instance(instance_id=instance_id, to=act.to, leaving=act.leaving, reason=act.reason, actor=actor)

    look_first(move)


def _each_incident(instance_id: int, do: Callable[[int], object]) -> None:
    ids = retrying.open_incident_ids(instance_id)
    if not ids:
        raise ConflictError("incident_over")
    for one in ids:
        do(one)


def _resolve(incident_id: int, reason: str, actor: Actor) -> None:
    with transaction(), within_request():
        retrying.resolve_incident(incident_id=incident_id, reason=reason, actor=actor)


def retry(*, incident_id: int, actor: Actor) -> None:
    """Tries an incident again in a transaction of its own; what a person did is only rehearsed."""
    with transaction():
        incident = session.get(Incident, incident_id)
        is_item = incident is not None and incident.origin == IncidentOrigin.ITEM
    if is_item:
        _rehearse(incident_id)
        with transaction(), within_request():
            retrying.end_rehearsed(incident_id=incident_id, actor=actor)
        return

    def try_again() -> None:
        with transaction(), within_request():
            retrying.retry_incident(incident_id=incident_id, actor=actor)

    look_first(try_again)


def _rehearse(incident_id: int) -> None:
    """Completes the item as its person would, with what the draft holds, and takes everything back."""
    try:
        with transaction():
            incident, _instance = retrying.lock_incident(incident_id)
            item = session.get_one(WorkItem, incident.origin_id)
            person = actor_of(session.get_one(User, incident.actor_id))
            complete_item(item_id=item.id, outcome=incident.outcome, values=item.draft or {}, actor=person)
            session.flush()  # what the database would refuse is refused now
            raise _RehearsedError  # noqa: TRY301 -- the end of the rehearsal
    except _RehearsedError:
        return
    except StepFailedError as error:  # written down by the completion itself, with its new cause
        raise retrying.RetryFailedError(describe_cause(error.__cause__ or error)) from error
