"""Tables of the processes room. "processes" knows no subject: subject, batch and scopes are plain columns."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.db import Base, BigId, Code, JsonText, LongText, Moment, Name, PrimaryKey, UtcDateTime
from app.processes.vocabulary import DefinitionStatus, InstanceStatus, ItemStatus, JobStatus


class ProcessDefinition(Base):
    """One version of a diagram. Instances stay with the version they started on."""

    __tablename__ = "process_definition"
    __table_args__ = (UniqueConstraint("key", "version"), Index("ix_process_definition_key_status", "key", "status"))

    id: Mapped[PrimaryKey]
    key: Mapped[Code]
    version: Mapped[int]
    name: Mapped[Name]
    checksum: Mapped[str] = mapped_column(String(64))
    bpmn_xml: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[Code] = mapped_column(default=DefinitionStatus.ACTIVE)
    deployed_by: Mapped[int | None] = mapped_column(BigId)
    deployed_at: Mapped[Moment]
    note: Mapped[str] = mapped_column(Text, default="")
    proof: Mapped[Any] = mapped_column(JsonText)
    """{"states", "transitions", "bounded", "reduced"} of the exploration at deployment."""


class DecisionTable(Base):
    """One version of a DMN table."""

    __tablename__ = "decision_table"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[PrimaryKey]
    key: Mapped[Code]
    version: Mapped[int]
    dmn_xml: Mapped[bytes] = mapped_column(LargeBinary)
    checksum: Mapped[str] = mapped_column(String(64))
    deployed_at: Mapped[Moment]


class ProcessState(Base):
    """A canonical marking: every instance that waits at the same place shares this row."""

    __tablename__ = "process_state"
    __table_args__ = (UniqueConstraint("definition_id", "hash"),)

    id: Mapped[PrimaryKey]
    definition_id: Mapped[int] = mapped_column(ForeignKey("process_definition.id"))
    hash: Mapped[str] = mapped_column(String(64))
    body: Mapped[LongText]


class ProcessInstance(Base):
    """A running case: where it stands (state_id) and the few variables that its gateways read."""

    __tablename__ = "process_instance"
    __table_args__ = (
        Index("ix_process_instance_subject", "subject_type", "subject_id"),
        Index("ix_process_instance_batch", "batch_id", "status", "definition_id", "state_id", "id"),
        Index("ix_process_instance_call", "call_id", "status", "id"),
        *(Index("ix_process_instance_panel", "panel_id"), Index("ix_process_instance_parent", "parent_id")),
        CheckConstraint("(state_id IS NULL) = (ended_at IS NOT NULL)", name="ended_has_no_state"),
    )

    id: Mapped[PrimaryKey]
    definition_id: Mapped[int] = mapped_column(ForeignKey("process_definition.id"))
    state_id: Mapped[int | None] = mapped_column(ForeignKey("process_state.id"))
    subject_type: Mapped[Code]
    subject_id: Mapped[int] = mapped_column(BigId)
    title: Mapped[Name]
    batch_id: Mapped[int | None] = mapped_column(BigId)  # the round
    panel_id: Mapped[int | None] = mapped_column(BigId)  # whose broadcasts reach it, once its subject has a panel
    province_code: Mapped[str | None] = mapped_column(String(6))
    city_code: Mapped[str | None] = mapped_column(String(6))
    organisation_id: Mapped[int | None] = mapped_column(BigId)
    assignee_id: Mapped[int | None] = mapped_column(BigId)
    """The person to whom every item of this instance belongs, e.g. the expert of a score sheet."""
    people: Mapped[Any | None] = mapped_column(JsonText)
    """{role: user id}: the person who takes this role's items here, e.g. the chair of a panel."""
    parent_id: Mapped[int | None] = mapped_column(BigId)
    call_id: Mapped[int | None] = mapped_column(BigId)
    """The set call that this instance is a child of."""
    variables: Mapped[Any | None] = mapped_column(JsonText)
    status: Mapped[Code] = mapped_column(default=InstanceStatus.RUNNING)
    revision: Mapped[int] = mapped_column(default=0)
    last_job_id: Mapped[int | None] = mapped_column(BigId)
    """The last set move that took this instance along; a repeated chunk moves nobody twice."""
    is_trial: Mapped[bool] = mapped_column(default=False)
    started_by: Mapped[int | None] = mapped_column(BigId)
    started_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    end_node: Mapped[str | None] = mapped_column(String(64))


class WorkItem(Base):
    """待办: a user task that waits for a person. Scopes are copied from the instance, so the inbox never loads one."""

    __tablename__ = "work_item"
    __table_args__ = (
        Index("ix_work_item_role", "role", "status", "assignee_id", "sort_at", "id"),
        Index("ix_work_item_role_province", "role", "status", "province_code", "assignee_id", "sort_at", "id"),
        Index("ix_work_item_role_city", "role", "status", "city_code", "assignee_id", "sort_at", "id"),
        Index("ix_work_item_role_organisation", "role", "status", "organisation_id", "assignee_id", "sort_at", "id"),
        Index("ix_work_item_assignee", "assignee_id", "status", "sort_at", "id"),
        Index("ix_work_item_completed_by", "completed_by", "completed_at"),
        Index("ix_work_item_subject", "subject_type", "subject_id", "status"),
        Index("ix_work_item_instance", "instance_id", "node"),
        Index("ix_work_item_batch", "batch_id", "status", "node"),
        Index("ix_work_item_stage", "batch_id", "stage_code", "status"),
        CheckConstraint("(status = 'done') = (completed_by IS NOT NULL)", name="done_has_completer"),
    )

    id: Mapped[PrimaryKey]
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    process: Mapped[Code]
    node: Mapped[Code]
    role: Mapped[Code]
    title: Mapped[Name]
    node_name: Mapped[Name]
    subject_type: Mapped[Code]
    subject_id: Mapped[int] = mapped_column(BigId)
    batch_id: Mapped[int | None] = mapped_column(BigId)
    province_code: Mapped[str | None] = mapped_column(String(6))
    city_code: Mapped[str | None] = mapped_column(String(6))
    organisation_id: Mapped[int | None] = mapped_column(BigId)
    assignee_id: Mapped[int | None] = mapped_column(BigId)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    not_by: Mapped[str | None] = mapped_column(String(200))
    """",12,15,": ids of those who completed the steps that this item checks and may not complete it (four eyes)."""
    form_key: Mapped[str | None] = mapped_column(String(64))
    form_version: Mapped[int | None]
    status: Mapped[Code] = mapped_column(default=ItemStatus.OPEN)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    sort_at: Mapped[Moment]
    """`due_at`, or the far future: what the inbox is sorted by."""
    stage_code: Mapped[str | None] = mapped_column(String(32))
    priority: Mapped[int] = mapped_column(default=0)
    draft: Mapped[Any | None] = mapped_column(JsonText)
    values: Mapped[Any | None] = mapped_column(JsonText)
    outcome: Mapped[str | None] = mapped_column(String(64))
    opened_at: Mapped[Moment]
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    completed_by: Mapped[int | None] = mapped_column(BigId)
    opened_by_event: Mapped[int | None] = mapped_column(BigId)  # the one line of history of a set move
    # What ended it without a completer: a line of its own instance, or that of a set move.
    closed_by_event: Mapped[int | None] = mapped_column(BigId)


class ProcessTimer(Base):
    """A timer that is armed: one per instance and node."""

    __tablename__ = "process_timer"
    __table_args__ = (
        UniqueConstraint("instance_id", "node"),
        *(Index("ix_process_timer_due_at", "due_at", "id"), Index("ix_process_timer_stage", "batch_id", "stage_code")),
    )

    id: Mapped[PrimaryKey]
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    node: Mapped[Code]
    due_at: Mapped[Moment]
    batch_id: Mapped[int | None] = mapped_column(BigId)
    stage_code: Mapped[str | None] = mapped_column(String(32))
    stage_workdays: Mapped[int] = mapped_column(default=0)
    remaining: Mapped[int | None]  # how often a repeating timer still fires; None: without end
    interval: Mapped[str | None] = mapped_column(String(64))  # ISO 8601, between two firings of a repeating timer
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    """Not fired before, since its step failed; `due_at` keeps the deadline."""
    armed_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), default=clock.now)  # what a migration counts from


class ProcessSchedule(Base):
    """A start event that waits for a moment or a message: the row plants an instance when it happens."""

    __tablename__ = "process_schedule"

    id: Mapped[PrimaryKey]
    definition_id: Mapped[int] = mapped_column(ForeignKey("process_definition.id"), unique=True)
    message: Mapped[str | None] = mapped_column(String(64), index=True)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)
    remaining: Mapped[int | None]
    interval: Mapped[str | None] = mapped_column(String(64))
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    """Not tried before, since planting failed; `due_at` keeps the moment."""


class StageDeadline(Base):
    """When a stage of a round ends: what timers and due dates of that stage follow."""

    __tablename__ = "stage_deadline"

    batch_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    stage_code: Mapped[str] = mapped_column(String(32), primary_key=True)
    closes_at: Mapped[Moment]


class SetCall(Base):
    """An open or closed multi-instance call: the counters that its completion condition reads."""

    __tablename__ = "set_call"
    __table_args__ = (Index("ix_set_call_instance", "instance_id", "node", "closed_at"),)

    id: Mapped[PrimaryKey]
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    node: Mapped[Code]
    is_set: Mapped[bool] = mapped_column(default=True)  # False: one child, whose variables go back to the caller
    condition: Mapped[str | None] = mapped_column(String(500))  # over total, open, done and expired
    total: Mapped[int] = mapped_column(default=0)
    open: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    expired: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class ThrownMessage(Base):
    """A broadcast, kept: an instance that arrives later at a catch of this name passes at once (latched)."""

    __tablename__ = "thrown_message"
    __table_args__ = (Index("ix_thrown_message_target", "target_type", "target_key", "name"),)

    id: Mapped[PrimaryKey]
    target_type: Mapped[Code]
    target_key: Mapped[str] = mapped_column(String(96))  # the round's or panel's id, or 'type:id' of a subject
    name: Mapped[Code]
    thrown_at: Mapped[Moment]


class ConsumedMessage(Base):
    """A message to a subject that an instance has taken: it does not pass the same catch twice."""

    __tablename__ = "consumed_message"

    instance_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    message_id: Mapped[int] = mapped_column(BigId, primary_key=True)


class ProcessEvent(Base):
    """流程轨迹: the append-only history. A set move writes one line without instance for all that it took along."""

    __tablename__ = "process_event"
    __table_args__ = (Index("ix_process_event_instance", "instance_id", "id"), Index("ix_process_event_at", "at"))

    id: Mapped[PrimaryKey]
    instance_id: Mapped[int | None] = mapped_column(BigId)
    at: Mapped[Moment]
    kind: Mapped[Code]
    node: Mapped[str | None] = mapped_column(String(64))
    node_name: Mapped[str | None] = mapped_column(String(200))
    actor_id: Mapped[int | None] = mapped_column(BigId)
    actor_name: Mapped[str | None] = mapped_column(String(200))
    outcome: Mapped[str | None] = mapped_column(String(64))
    detail: Mapped[Any | None] = mapped_column(JsonText)


class Command(Base):
    """A changing request that succeeded: the same key gets the same answer, and nothing happens twice."""

    __tablename__ = "command"

    actor_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    answer: Mapped[Any | None] = mapped_column(JsonText)
    at: Mapped[Moment]


class Job(Base):
    """Long or later work. Durable here; the worker takes it, in order of id, and tries it again when it fails."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_status", "status", "run_after", "id"),)

    id: Mapped[PrimaryKey]
    kind: Mapped[Code]
    payload: Mapped[Any] = mapped_column(JsonText)
    status: Mapped[Code] = mapped_column(default=JobStatus.WAITING)
    run_after: Mapped[datetime | None] = mapped_column(UtcDateTime())
    """When it is tried again after a failure; None: at once."""
    attempts: Mapped[int] = mapped_column(default=0)
    progress: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
