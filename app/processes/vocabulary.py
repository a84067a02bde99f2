"""Words of the processes room."""

from enum import StrEnum


class DefinitionStatus(StrEnum):
    ACTIVE = "active"  # the version that new instances take
    SUPERSEDED = "superseded"  # an older version; its instances run on


class InstanceStatus(StrEnum):
    RUNNING = "running"
    SUSPENDED = "suspended"
    INCIDENT = "incident"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"  # a child whose set call was interrupted (flows.md, N7)


class ItemStatus(StrEnum):
    OPEN = "open"
    DONE = "done"
    EXPIRED = "expired"  # closed at a deadline: the sentence is `deadline_passed`
    CANCELLED = "cancelled"


class TargetType(StrEnum):
    """What a message may be thrown to: everyone of a round, of a panel, about one subject, or a single instance."""

    ROUND = "round"
    PANEL = "panel"
    SUBJECT = "subject"
    INSTANCE = "instance"


class MigrationStatus(StrEnum):
    RUNNING = "running"
    DONE = "done"


class TimerChoice(StrEnum):
    """What happens to a running timer whose definition changed."""

    KEEP = "keep"  # counts from when it was armed, by the new definition
    RESTART = "restart"  # counts from the move
    LEAVE = "leave"  # falls due when it was to fall due


class FormChoice(StrEnum):
    """What happens to an open item whose step has another form, or a newer version of its form."""

    KEEP = "keep"  # the pinned version
    NEW = "new"  # the active version of the step's form


class JobStatus(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class EventKind(StrEnum):
    """What a line of an instance's history tells."""

    STARTED = "started"
    COMPLETED = "completed"
    CLAIMED = "claimed"
    RELEASED = "released"
    DELEGATED = "delegated"
    OPERATION = "operation"
    TIMER = "timer"
    MESSAGE = "message"
    CHILDREN = "children"
    FINISHED = "finished"
    EXPIRED = "expired"
    INCIDENT = "incident"
    MOVED = "moved"
    MIGRATED = "migrated"  # to another version of its process; detail {"from", "to"}: their numbers


FAR = "9999-12-31T00:00:00+00:00"
"""The due moment of an item without deadline: it sorts last."""

CHUNK = 5_000
"""Instances that one transaction of a set move takes along."""
CHUNK_ON_SQLITE = 1_500
"""There everybody else waits meanwhile: 200 ms at most (measured: 0.11 ms of CPU an instance with item and timer)."""
MAX_ATTEMPTS = 5
"""How often a failing job is tried before it becomes an incident."""
