"""Broadcasts. A message is kept when it is thrown (latched): who arrives later at a catch passes at once."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, insert, or_, select

from app.engine.window import Node
from app.kernel import clock
from app.kernel.db import session
from app.processes.doors import Subject
from app.processes.jobs import add_job
from app.processes.models import ConsumedMessage, ProcessInstance, ThrownMessage
from app.processes.vocabulary import TargetType


def subject_key(subject: Subject) -> str:
    """How a subject is named as a message's target."""
    return f"{subject.type}:{subject.id}"


def keep_message(*, name: str, target: TargetType, key: str) -> None:
    """Keeps a thrown message and lets the worker carry it to those who wait for it now."""
    thrown = session.execute(
        insert(ThrownMessage)
        .values(target_type=target, target_key=key, name=name, thrown_at=clock.now())
        .returning(ThrownMessage.id)
    ).scalar_one()
    add_job("broadcast", {"message_id": thrown})


def throw_from(instance: ProcessInstance, node: Node) -> None:
    """A message throw event of a running instance."""
    key: str | None
    if node.to == "round":
        target, key = TargetType.ROUND, None if instance.batch_id is None else str(instance.batch_id)
    elif node.to == "panel":
        target, key = TargetType.PANEL, None if instance.panel_id is None else str(instance.panel_id)
    else:
        target, key = TargetType.SUBJECT, subject_key(Subject(instance.subject_type, instance.subject_id))
    if key is None:
        raise LookupError(f"{node.id}: this instance belongs to no {node.to}, so its message reaches nobody")
    keep_message(name=node.message or node.id, target=target, key=key)


def find_latched(instance: ProcessInstance, name: str) -> int | None:
    """The id of a message of that name which was thrown already and which the instance has not taken yet."""
    taken = select(ConsumedMessage.message_id).where(ConsumedMessage.instance_id == instance.id)
    return session.scalar(
        select(ThrownMessage.id)
        .where(ThrownMessage.name == name, _reaches(instance), ThrownMessage.id.not_in(taken))
        .order_by(ThrownMessage.id)
        .limit(1)
    )


def _reaches(instance: ProcessInstance) -> ColumnElement[bool]:
    """Messages to the instance's round, panel or subject; to the subject only those thrown since it began."""
    subject = subject_key(Subject(instance.subject_type, instance.subject_id))
    ways = [
        (ThrownMessage.target_type == TargetType.SUBJECT)
        & (ThrownMessage.target_key == subject)
        & (ThrownMessage.thrown_at >= instance.started_at)
    ]
    for target, key in (
        (TargetType.ROUND, instance.batch_id),
        (TargetType.PANEL, instance.panel_id),
        (TargetType.INSTANCE, instance.id),
    ):
        if key is not None:
            ways.append((ThrownMessage.target_type == target) & (ThrownMessage.target_key == str(key)))
    return or_(*ways)


def consume(*, instance_id: int, message_id: int) -> None:
    """Notes that the instance took the message: it does not pass the same catch twice by it."""
    session.execute(insert(ConsumedMessage).values(instance_id=instance_id, message_id=message_id))


def consume_all(*, ids: Sequence[int], message_id: int) -> None:
    """Notes for a set of instances that they took the message."""
    session.execute(insert(ConsumedMessage), [{"instance_id": key, "message_id": message_id} for key in ids])


def is_untaken(message_id: int) -> ColumnElement[bool]:
    """The instances that have not taken the message yet."""
    return ~exists().where(ConsumedMessage.instance_id == ProcessInstance.id, ConsumedMessage.message_id == message_id)


def was_thrown(names: Sequence[str]) -> bool:
    """Whether a message of one of these names was ever thrown, to whomever."""
    return session.scalar(select(exists().where(ThrownMessage.name.in_(names)))) or False


def is_consumed(*, instance_id: int, message_id: int) -> bool:
    """Whether the instance took the message before."""
    return session.get(ConsumedMessage, (instance_id, message_id)) is not None


def reached_instances(message: ThrownMessage) -> ColumnElement[bool]:
    """The running instances that a message is for, wherever they wait."""
    if message.target_type == TargetType.ROUND:
        return ProcessInstance.batch_id == int(message.target_key)
    if message.target_type == TargetType.PANEL:
        return ProcessInstance.panel_id == int(message.target_key)
    if message.target_type == TargetType.INSTANCE:
        return ProcessInstance.id == int(message.target_key)
    subject_type, _, subject_id = message.target_key.partition(":")
    return (ProcessInstance.subject_type == subject_type) & (ProcessInstance.subject_id == int(subject_id))
