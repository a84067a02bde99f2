"""The public door: anybody may object to a line of an open notice, add what is asked for, or withdraw (E9)."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from app.announcements import queries
from app.announcements.models import NoticeItem, Objection, ObjectionSupplement
from app.announcements.rules import is_anonymous, is_late
from app.announcements.vocabulary import (
    OBJECTION,
    OPEN,
    PROCESS,
    SUBJECT,
    ItemStatus,
    ObjectionStatus,
    ObjectorKind,
)
from app.attachments.usecases import bind_attachments
from app.audit.usecases import record
from app.formdefs.queries import get_form
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, FieldError, InvalidError, field_error
from app.processes.doors import Subject
from app.processes.usecases import start_instance, throw_message

PUBLIC = Actor(id=None, name="公众")
"""Who objects is told nowhere but on the handler's page: history and audit name the public."""
FORM = "objection"
FILE_FIELDS = ("evidence", "sealed_letter")
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
MAX_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the objector is given at once; the code is shown this one time and kept only as a hash."""

    number: str
    code: str


def submit_objection(*, item_id: int, values: Mapping[str, Any]) -> Receipt:
    """Registers an objection to a line of a public notice and starts its handling; the receipt comes at once.

    `values`: forms/objection.form, files as ids of uploads of this very call. InvalidError `objection_formal` without
    name or evidence, or without the sealed letter of an organisation. One that comes late or names nobody is
    registered and then refused by the flow. ConflictError `item_gone` when the line was removed from the list.
    """
    _ensure_formal(values)
    cleaned = get_form(FORM).validate({key: value for key, value in values.items() if value not in (None, "")})
    item = queries.get_item(item_id)
    if item.status == ItemStatus.REMOVED:
        raise ConflictError("item_gone")
    notice = queries.get_announcement(item.announcement_id)
    now, code = clock.now(), _random_text(10)
    objection = Objection(
        receipt_number=f"YY-{clock.today():%Y%m%d}-{_random_text(6)}",
        code_hash=queries.hash_code(code),
        item_id=item.id,
        objector_kind=cleaned["objector_kind"],
        objector_name=cleaned["objector_name"],
        objector_contact=cleaned["objector_contact"],
        objector_identity=cleaned["objector_id"],
        kind=cleaned["kind"],
        grounds=cleaned["grounds"],
        received_at=now,
        late=is_late(now, closes_at=queries.end_of_notice(notice.round_id), closed_at=notice.closed_at),
        anonymous=is_anonymous(cleaned["objector_name"]),
        status=ObjectionStatus.REGISTERED,
    )
    session.add(objection)
    session.flush()  # files and the process name the objection's id
    _bind(objection, [cleaned[field] for field in FILE_FIELDS if cleaned.get(field)])
    start_instance(
        process=PROCESS,
        subject=Subject(SUBJECT, item.candidacy_id),
        title=item.shown_title,
        actor=PUBLIC,
        batch_id=notice.round_id,
        province_code=item.province_code,
        variables={"withdrawn": False, "extensions": 0, "objection_id": objection.id},
    )
    return Receipt(objection.receipt_number, code)


def supplement_objection(*, receipt_number: str, code: str, text: str, file_ids: Collection[int] = ()) -> Objection:
    """Adds what the handler asked for; the formal check goes on. ConflictError when nothing was asked for."""
    objection = _lock_by_receipt(receipt_number, code)
    if objection.status != ObjectionStatus.SUPPLEMENT_ASKED:
        raise ConflictError("supplement_not_asked")
    _ensure_text("text", text)
    session.add(ObjectionSupplement(objection_id=objection.id, text=text.strip(), at=clock.now()))
    _bind(objection, file_ids)
    objection.status = ObjectionStatus.REGISTERED
    _tell_process("objection_supplemented", objection)
    record(action="announcements.supplement_objection", actor=PUBLIC, object_type=OBJECTION, object_id=objection.id)
    return objection


def withdraw_objection(*, receipt_number: str, code: str, reason: str) -> Objection:
    """Withdraws; the handler closes the case, or goes on where a substantive doubt remains (flows.md 11)."""
    objection = _lock_by_receipt(receipt_number, code)
    if objection.status not in OPEN or objection.withdrawal_asked_at is not None:
        raise ConflictError("objection_closed")
    if len(reason) > MAX_TEXT:
        raise field_error("reason", "text_too_long", label="reason", max=MAX_TEXT)
    objection.withdrawal_asked_at, objection.withdrawal_reason = clock.now(), reason.strip()[:1000]
    _tell_process("objection_withdrawn", objection)
    record(action="announcements.withdraw_objection", actor=PUBLIC, object_type=OBJECTION, object_id=objection.id)
    return objection


def find_objectionable(item_id: int) -> NoticeItem:
    """The line that somebody wants to object to; ConflictError `item_gone` when it was removed."""
    item = queries.get_item(item_id)
    if item.status == ItemStatus.REMOVED:
        raise ConflictError("item_gone")
    return item


def _ensure_formal(values: Mapping[str, Any]) -> None:
    """Real name and evidence, and the seal of an organisation: without them nothing is registered (E9)."""
    missing = [field for field in ("objector_name", "evidence") if not str(values.get(field) or "").strip()]
    if values.get("objector_kind") == ObjectorKind.ORGANISATION and not values.get("sealed_letter"):
        missing.append("sealed_letter")
    if missing:
        raise InvalidError("objection_formal", fields={field: [FieldError("objection_formal")] for field in missing})


def _lock_by_receipt(receipt_number: str, code: str) -> Objection:
    return queries.lock_objection(queries.objection_by_receipt(receipt_number=receipt_number, code=code).id)


def _bind(objection: Objection, file_ids: Collection[int]) -> None:
    bind_attachments(ids=file_ids, owner_type=OBJECTION, owner_id=objection.id, actor=PUBLIC)


def _tell_process(name: str, objection: Objection) -> None:
    if objection.instance_id is None:
        raise LookupError(f"objection {objection.id} has no process")
    throw_message(name=name, instance_id=objection.instance_id)


def _ensure_text(field: str, text: str) -> None:
    if not text.strip():
        raise field_error(field, "field_required", label=field)
    if len(text) > MAX_TEXT:
        raise field_error(field, "text_too_long", label=field, max=MAX_TEXT)


def _random_text(length: int) -> str:
    """Unguessable and readable aloud: no 0, 1, I, L or O."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
