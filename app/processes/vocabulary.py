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


ACTIVE_STATUSES = (InstanceStatus.RUNNING, InstanceStatus.INCIDENT)
"""Instances that move: an incident marks one token and does not stop the others, nor a deadline or a broadcast."""
OPEN_STATUSES = (*ACTIVE_STATUSES, InstanceStatus.SUSPENDED)
"""Instances that have not ended."""


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
    PLACED = "placed"  # moved to another step by an operator
    RESOLVED = "resolved"  # an incident ended by a retry or by hand
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    CANCELLED = "cancelled"
    MIGRATED = "migrated"  # to another version of its process; detail {"from", "to"}: their numbers


class IncidentOrigin(StrEnum):
    """What was tried when an incident came about; says how it is tried again."""

    ITEM = "item"  # a person completed a work item
    TIMER = "timer"
    MESSAGE = "message"  # a broadcast, or a first step, of one instance of a chunk
    JOB = "job"
    SCHEDULE = "schedule"  # an instance that was to be planted


class StuckReason(StrEnum):
    """Why something stands still."""

    LATE_TIMER = "late_timer"
    FAILED_JOB = "failed_job"
    LATE_JOB = "late_job"
    MISCOUNTED_CALL = "miscounted_call"
    NOBODY_IN_SCOPE = "nobody_in_scope"
    HOLDER_GONE = "holder_gone"
    NOBODY_THROWS = "nobody_throws"
    LOST_ITEM = "lost_item"
    LOST_TIMER = "lost_timer"
    LOST_CALL = "lost_call"
    LOST_JOB = "lost_job"


class Resolution(StrEnum):
    """How an incident ended."""

    MOVED_ON = "moved_on"  # the step succeeded later, by itself or by its person
    RETRIED = "retried"  # tried again by an operator, and looked at afterwards
    REHEARSED = "rehearsed"  # the person's completion would succeed now; the person does it
    BY_HAND = "by_hand"  # declared settled, with a reason
    ENDED = "ended"  # its instance was ended from outside


FAR = "9999-12-31T00:00:00+00:00"
"""The due moment of an item without deadline: it sorts last."""

CHUNK = 5_000
"""Instances that one transaction of a set move takes along at the most."""
FIRST_CHUNK, FEWEST = 500, 100
"""Those that the first one takes along, and the least that any does."""
CHUNK_SECONDS = 0.12
"""How long a chunk may take: who wants one of its rows waits meanwhile, and on SQLite everybody who writes; 200 ms
at most, and not every chunk is as quick as the one before."""
MAX_ATTEMPTS = 5
"""How often a failing job is tried before it becomes an incident."""
