"""Reads of the announcements room. What is public is public to all; who objects is for handlers alone."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, or_, select

from app.accounts.vocabulary import Role
from app.announcements.models import (
    Announcement,
    Certificate,
    CommendationDraft,
    Contact,
    NoticeItem,
    Objection,
    ObjectionSupplement,
    RoundArchive,
)
from app.announcements.rules import is_late
from app.announcements.vocabulary import OPEN, AnnouncementKind, Decision, ItemStatus, ObjectionStatus
from app.candidacies.models import Candidacy
from app.filings.models import Filing
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFoundError, field_error
from app.kernel.paging import DEFAULT_LIMIT, MAX_LIMIT, Page, cut_page, decode_cursor
from app.rounds.models import Stage
from app.rounds.vocabulary import StageCode

AWARDABLE = (ItemStatus.LISTED, ItemStatus.CORRECTED)


def get_announcement(announcement_id: int) -> Announcement:
    """The announcement; NotFoundError when there is none."""
    found = session.get(Announcement, announcement_id)
    if found is None:
        raise NotFoundError
    return found


def list_announcements(
    *,
    kinds: Sequence[str] = (),
    round_id: int | None = None,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> Page[Announcement]:
    """What was published, the newest first; public."""
    size = max(1, min(limit, MAX_LIMIT))
    query = select(Announcement)
    if kinds:
        query = query.where(Announcement.kind.in_(list(kinds)))
    if round_id is not None:
        query = query.where(Announcement.round_id == round_id)
    if cursor:
        (last_id,) = decode_cursor(cursor, size=1)
        if not isinstance(last_id, int):
            raise field_error("cursor", "cursor_invalid")
        query = query.where(Announcement.id < last_id)
    rows = session.scalars(query.order_by(Announcement.id.desc()).limit(size + 1)).all()
    return cut_page(rows, limit=size, key=lambda row: [row.id])


def search_announcements(*, q: str, limit: int = 20) -> Sequence[Announcement]:
    """Announcements whose title or document number contains `q`, the newest first; public."""
    parts = (Announcement.title, Announcement.title_en, Announcement.document_number)
    matches = or_(*(part.icontains(q, autoescape=True) for part in parts))
    return session.scalars(select(Announcement).where(matches).order_by(Announcement.id.desc()).limit(limit)).all()


def find_latest(round_id: int, kind: AnnouncementKind) -> Announcement | None:
    """The newest announcement of a kind in a round."""
    return session.scalars(
        select(Announcement)
        .where(Announcement.round_id == round_id, Announcement.kind == kind)
        .order_by(Announcement.id.desc())
        .limit(1)
    ).one_or_none()


def open_notices() -> Sequence[Announcement]:
    """The public notices to which objections may be raised now, the newest first."""
    running = session.scalars(
        select(Announcement)
        .where(Announcement.kind == AnnouncementKind.PUBLIC_NOTICE, Announcement.closed_at.is_(None))
        .order_by(Announcement.id.desc())
    ).all()
    now = clock.now()
    return [one for one in running if not is_late(now, closes_at=end_of_notice(one.round_id), closed_at=None)]


def end_of_notice(round_id: int) -> datetime:
    """When the public notice of a round ends: its stage's end, which an extension moves."""
    return session.scalars(
        select(Stage.closes_at).where(Stage.round_id == round_id, Stage.code == StageCode.PUBLIC_NOTICE)
    ).one()


def items_of(announcement_id: int) -> Sequence[NoticeItem]:
    """The lines of a public notice in their order."""
    return session.scalars(
        select(NoticeItem).where(NoticeItem.announcement_id == announcement_id).order_by(NoticeItem.position)
    ).all()


def announced_items(announcement_id: int) -> Sequence[NoticeItem]:
    """The lines that a commendation or supplement made excellent projects."""
    return session.scalars(
        select(NoticeItem).where(NoticeItem.announced_id == announcement_id).order_by(NoticeItem.position)
    ).all()


def get_item(item_id: int) -> NoticeItem:
    """The line; NotFoundError when there is none."""
    found = session.get(NoticeItem, item_id)
    if found is None:
        raise NotFoundError
    return found


def item_of_candidacy(candidacy_id: int) -> NoticeItem:
    """The candidacy's line in the newest public notice; NotFoundError when it stands on none."""
    found = session.scalars(
        select(NoticeItem).where(NoticeItem.candidacy_id == candidacy_id).order_by(NoticeItem.id.desc()).limit(1)
    ).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def lock_item(item_id: int) -> NoticeItem:
    """The line with its row locked, read anew: decisions on one item come one after the other."""
    found = session.get(NoticeItem, item_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFoundError
    return found


def items_under_objection(announcement_id: int) -> frozenset[int]:
    """The lines with an objection in time that is not decided yet: they wait, whatever their status says."""
    return frozenset(
        session.scalars(
            select(Objection.item_id)
            .join(NoticeItem, NoticeItem.id == Objection.item_id)
            .where(
                NoticeItem.announcement_id == announcement_id,
                Objection.status.in_(OPEN),
                Objection.late.is_(False),
                Objection.anonymous.is_(False),
            )
        )
    )


def accepted_decisions(item_id: int) -> Sequence[Decision | None]:
    """The decision of every objection to the item that was accepted; None where it is still open."""
    rows = session.execute(
        select(Objection.decision, Objection.status)
        .where(Objection.item_id == item_id, Objection.accepted_at.is_not(None))
        .order_by(Objection.id)
    )
    return [
        Decision(decision)
        if status == ObjectionStatus.DECIDED and decision is not None
        else Decision.DISMISS
        if status == ObjectionStatus.WITHDRAWN
        else None
        for decision, status in rows
    ]


def latest_upheld_in_part(item_id: int) -> Objection | None:
    """The objection to the item that was upheld in part last."""
    return session.scalars(
        select(Objection)
        .where(Objection.item_id == item_id, Objection.decision == Decision.UPHOLD_IN_PART)
        .order_by(Objection.replied_at.desc(), Objection.id.desc())
        .limit(1)
    ).one_or_none()


def get_objection(objection_id: int) -> Objection:
    """The objection, whoever asks: for operations; pages ask `objection_for`."""
    found = session.get(Objection, objection_id)
    if found is None:
        raise NotFoundError
    return found


def lock_objection(objection_id: int) -> Objection:
    """The objection with its row locked, read anew."""
    found = session.get(Objection, objection_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFoundError
    return found


def objection_for(*, objection_id: int, actor: Actor) -> Objection:
    """The objection with the objector's identity: handlers only, nobody else learns that it is there (E9)."""
    if not actor.has_role(Role.OBJECTION_HANDLER):
        raise NotFoundError
    return get_objection(objection_id)


def objection_of_instance(instance_id: int) -> Objection | None:
    """The objection that a process instance handles."""
    return session.scalars(select(Objection).where(Objection.instance_id == instance_id)).one_or_none()


def objection_by_receipt(*, receipt_number: str, code: str) -> Objection:
    """The objection of a receipt, for the bearer of its secret code; NotFoundError alike for a wrong one."""
    found = session.scalars(
        select(Objection).where(Objection.receipt_number == receipt_number.strip().upper())
    ).one_or_none()
    expected = found.code_hash if found else ""
    if not hmac.compare_digest(hash_code(code), expected) or found is None:
        raise NotFoundError
    return found


def hash_code(code: str) -> str:
    """The stored form of a receipt's secret code; blanks, dashes and case do not matter."""
    return sha256("".join(code.split()).replace("-", "").upper().encode()).hexdigest()


def list_objections(*, actor: Actor, statuses: Sequence[str] = ()) -> Sequence[Objection]:
    """The objections for handlers, the oldest first; nothing for anybody else."""
    if not actor.has_role(Role.OBJECTION_HANDLER):
        return []
    query = select(Objection).order_by(Objection.received_at, Objection.id)
    return session.scalars(query.where(Objection.status.in_(list(statuses))) if statuses else query).all()


def count_objections(round_id: int) -> Mapping[str, int]:
    """How many objections of a round stand where: counts only, no names."""
    rows = session.execute(
        select(Objection.status, func.count())
        .join(NoticeItem, NoticeItem.id == Objection.item_id)
        .join(Announcement, Announcement.id == NoticeItem.announcement_id)
        .where(Announcement.round_id == round_id)
        .group_by(Objection.status)
    )
    return dict(rows.all())


def supplements_of(objection_id: int) -> Sequence[ObjectionSupplement]:
    """What the objector added, in order."""
    return session.scalars(
        select(ObjectionSupplement)
        .where(ObjectionSupplement.objection_id == objection_id)
        .order_by(ObjectionSupplement.id)
    ).all()


def find_draft(round_id: int) -> CommendationDraft | None:
    """The commendation in preparation."""
    return session.get(CommendationDraft, round_id)


def find_certificate(candidacy_id: int) -> Certificate | None:
    """The certificate of an award, revoked ones included."""
    return session.scalars(select(Certificate).where(Certificate.candidacy_id == candidacy_id)).one_or_none()


def certificates_of(round_id: int) -> Sequence[Certificate]:
    """The certificates of a round in order of their numbers."""
    return session.scalars(
        select(Certificate)
        .join(Announcement, Announcement.id == Certificate.announcement_id)
        .where(Announcement.round_id == round_id)
        .order_by(Certificate.number)
    ).all()


def contacts_of(round_id: int) -> Sequence[Contact]:
    """Whom to ask about the round (R-084)."""
    return session.scalars(select(Contact).where(Contact.round_id == round_id).order_by(Contact.position)).all()


def find_archive(round_id: int) -> RoundArchive | None:
    """The round's archive, once it is closed."""
    return session.get(RoundArchive, round_id)


def filing_numbers(filing_ids: Sequence[int]) -> Mapping[int, str | None]:
    """Filing number by filing id, in one statement."""
    return dict(session.execute(select(Filing.id, Filing.number).where(Filing.id.in_(list(filing_ids)))).all())


def standings_of(candidacy_ids: Sequence[int]) -> Mapping[int, str]:
    """Where these candidacies stand, in one statement."""
    rows = session.execute(select(Candidacy.id, Candidacy.standing).where(Candidacy.id.in_(list(candidacy_ids))))
    return dict(rows.all())
