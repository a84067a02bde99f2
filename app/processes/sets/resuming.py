"""Takes up, one by one, instances that a set move set down where something moves by itself."""

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any

from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.processes import messages
from app.processes.jobs import add_job
from app.processes.runner import Crank, lock_instance
from app.processes.vocabulary import ACTIVE_STATUSES

Payload = Mapping[str, Any]
RESUMED = 500
"""How many instances are looked at in one transaction, at most."""
SECONDS = 0.15
"""After which a transaction takes up no further one: others wait for SQLite's write lock meanwhile."""


def resume_chunk(payload: Payload) -> Payload | None:
    """The next of the instances `ids`. With `names` they wait for messages only: nothing to do if none was thrown."""
    ids = payload["ids"]
    if "names" in payload and not messages.was_thrown(payload["names"]):
        return None
    if len(ids) == 1:
        _resume(ids[0])
        return None
    rest = ids[resume_some(ids) :]
    return {**payload, "ids": rest} if rest else None


def resume_some(ids: Sequence[int]) -> int:
    """Takes up instances until time is up; returns how many. One that fails gets a job of its own: the others go on."""
    began = monotonic()
    for number, instance_id in enumerate(ids[:RESUMED], start=1):
        try:
            with session.begin_nested():
                _resume(instance_id)
        except Exception:  # the job of its own says why, again and with an incident
            add_job("resume", {"ids": [instance_id], "instance_id": instance_id})
        if monotonic() - began > SECONDS:
            return number
    return min(len(ids), RESUMED)


def _resume(instance_id: int) -> None:
    instance = lock_instance(instance_id)
    if instance is None or instance.state_id is None or instance.status not in ACTIVE_STATUSES:
        return
    crank = Crank.of(instance, SYSTEM)
    if crank.resume():
        crank.write()
