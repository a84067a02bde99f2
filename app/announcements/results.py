"""Commendation, awards, supplements and corrections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.accounts.queries import user_ids_with_role
from app.accounts.vocabulary import Role
from app.announcements import queries, wording
from app.announcements.models import Announcement, Certificate, CommendationDraft, NoticeItem
from app.announcements.notices import describe_line
from app.announcements.publishing import path_of, publish
from app.announcements.rules import certificate_number, freeze_list
from app.announcements.vocabulary import ANNOUNCEMENT, DRAFT, AnnouncementKind, ItemStatus
from app.attachments.queries import attachments_by_id
from app.attachments.usecases import bind_attachments, publish_attachments
from app.audit.usecases import record
from app.candidacies.models import Candidacy
from app.candidacies.queries import get_candidacy
from app.candidacies.usecases import set_standing
from app.candidacies.vocabulary import Standing
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError
from app.notifications.usecases import notify
from app.rounds.queries import get_round
from app.scoring.usecases import revise_bonus

LEFT = (Standing.WITHDRAWN, Standing.DISQUALIFIED, Standing.EXCLUDED)


@dataclass(frozen=True, slots=True)
class Commendation:
    """The commendation as the office reads it. `published`: the announcement that it became; None while it is a draft."""

    title: str
    paragraphs: Sequence[str]
    lines: Sequence[Mapping[str, Any]]
    document_number: str
    issued_on: date | None
    published: Announcement | None


def draft_commendation(*, round_id: int, title: str, text: str, actor: Actor) -> None:
    """起草通报: own words, or nothing, then the template and the list speak."""
    draft = _draft(round_id)
    draft.title, draft.text = title.strip(), text.strip()
    draft.changed_by, draft.changed_at = actor.id, clock.now()
    record(action="announcements.draft_commendation", actor=actor, object_type="round", object_id=round_id)


def register_document(
    *, round_id: int, document_number: str, issued_on: date, sealed_file_id: int | None, actor: Actor
) -> None:
    """登记发文: number and date from the office's document system, and the sealed PDF where there is one."""
    draft = _draft(round_id)
    draft.document_number, draft.issued_on = document_number.strip(), issued_on
    draft.changed_by, draft.changed_at = actor.id, clock.now()
    if sealed_file_id is not None:
        bind_attachments(ids=[sealed_file_id], owner_type=DRAFT, owner_id=round_id, actor=actor, types=("pdf",))
        draft.sealed_file_id = sealed_file_id
    record(
        action="announcements.register_document",
        actor=actor,
        object_type="round",
        object_id=round_id,
        detail={"document_number": draft.document_number},
    )


def _draft(round_id: int) -> CommendationDraft:
    draft = queries.find_draft(round_id)
    if draft is None:
        draft = CommendationDraft(round_id=round_id, title="", text="", document_number="", changed_at=clock.now())
        session.add(draft)
    return draft


def items_to_award(round_id: int) -> Sequence[NoticeItem]:
    """The lines that the commendation names: listed or corrected, without an objection in hand, still in the award."""
    notice = queries.find_latest(round_id, AnnouncementKind.PUBLIC_NOTICE)
    if notice is None:
        return []
    waiting, items = queries.items_under_objection(notice.id), queries.items_of(notice.id)
    standings = queries.standings_of([item.candidacy_id for item in items])
    return [
        item
        for item in items
        if item.status in queries.AWARDABLE and item.id not in waiting and standings[item.candidacy_id] not in LEFT
    ]


def commendation_text(round_id: int) -> wording.Text:
    """The commendation as it would read now: own words over the template."""
    this, draft = get_round(round_id), queries.find_draft(round_id)
    template = wording.commendation_text(name=this.name, count=len(items_to_award(round_id)))
    if draft is None:
        return template
    return wording.own_text(title=draft.title, text=draft.text, fallback=template)


def read_commendation(round_id: int) -> Commendation:
    """What the commendation said when it was published; before that, what it would say now."""
    published, draft = queries.find_latest(round_id, AnnouncementKind.COMMENDATION), queries.find_draft(round_id)
    if published is not None:
        number, issued_on = published.document_number, published.issued_on
        return Commendation(published.title, published.body["zh"], published.frozen_lines, number, issued_on, published)
    text, lines = commendation_text(round_id), _numbered(items_to_award(round_id))
    if draft is None:
        return Commendation(text.title, text.zh, lines, "", None, None)
    return Commendation(text.title, text.zh, lines, draft.document_number, draft.issued_on, None)


def _numbered(items: Sequence[NoticeItem]) -> Sequence[Mapping[str, Any]]:
    return [{**describe_line(item), "position": place} for place, item in enumerate(items, start=1)]


def publish_results(*, round_id: int, actor: Actor) -> Announcement:
    """通报: what may be awarded now is named; a held item waits for a supplement, it holds nobody else (E9, R-072).

    An objection that is decided at the same moment comes before it, and its item is named, or after it, and a supplement
    follows: never between the two.
    ConflictError `document_unregistered` before number and date are there; `already_published` a second time.
    """
    this, draft = get_round(round_id), queries.find_draft(round_id)
    if draft is None or draft.issued_on is None:
        raise ConflictError("document_unregistered")
    if queries.find_latest(round_id, AnnouncementKind.COMMENDATION) is not None:
        raise ConflictError("already_published")
    notice = queries.find_latest(round_id, AnnouncementKind.PUBLIC_NOTICE)
    if notice is not None:
        _lock_lines(notice.id)
    items = items_to_award(round_id)
    made = publish(
        kind=AnnouncementKind.COMMENDATION,
        this=this,
        text=commendation_text(round_id),
        actor=actor,
        document_number=draft.document_number,
        issued_on=draft.issued_on,
        listed={
            "round": this.name,
            "kind": "commendation",
            "document_number": draft.document_number,
            "items": _numbered(items),
        },
    )
    for item in items:
        item.announced_id = made.id
    _publish_sealed(draft, made)
    contacts = user_ids_with_role(Role.PROVINCE_CONTACT)
    if contacts:
        notify(user_ids=contacts, kind="announcement_published", params={"title": made.title}, link=path_of(made))
    return made


def _lock_lines(announcement_id: int) -> None:
    """Locks every line of a notice, in order: what is decided meanwhile on one of them waits, or is seen."""
    lines = select(NoticeItem).where(NoticeItem.announcement_id == announcement_id).order_by(NoticeItem.id)
    session.scalars(lines.with_for_update().execution_options(populate_existing=True)).all()


def _publish_sealed(draft: CommendationDraft, made: Announcement) -> None:
    """The sealed document goes from the draft to the announcement and is open to everybody."""
    if draft.sealed_file_id is None:
        return
    sealed = attachments_by_id([draft.sealed_file_id])[draft.sealed_file_id]
    sealed.owner_type, sealed.owner_id = ANNOUNCEMENT, made.id
    publish_attachments(ids=[sealed.id], owner_type=ANNOUNCEMENT, owner_id=made.id)


def record_award(*, candidacy_id: int, actor: Actor) -> Standing:
    """登记优秀项目, once the commendation is out: certificate and standing, or what else became of the item.

    AWARDED when the commendation (or a supplement) names it, EXCLUDED when an objection removed it, HELD when one
    is still in hand: a second objection may come after the first was dismissed. The line is locked, so that a
    supplement of the same moment is either seen here or overwrites what is found here.
    """
    item = queries.lock_item(queries.item_of_candidacy(candidacy_id).id)
    if item.announced_id is not None and item.status in queries.AWARDABLE:
        _certify(item, actor)
        return Standing.AWARDED
    return Standing.EXCLUDED if item.status == ItemStatus.REMOVED else Standing.HELD


def _certify(item: NoticeItem, actor: Actor) -> Certificate:
    """The certificate of an announced item; the one that is there already when asked again."""
    there = queries.find_certificate(item.candidacy_id)
    if there is not None:
        return there
    announcement = queries.get_announcement(item.announced_id or 0)
    this = get_round(announcement.round_id)
    number = certificate_number(this.period_to.year, this.id, item.position)
    content = {
        **describe_line(item),
        "certificate": number,
        "round": this.name,
        "document_number": announcement.document_number,
        "issued_on": announcement.issued_on.isoformat(),
    }
    _, digest = freeze_list(content)
    certificate = Certificate(
        candidacy_id=item.candidacy_id,
        announcement_id=announcement.id,
        number=number,
        content=content,
        sha256=digest,
        issued_at=clock.now(),
        revocation_reason="",
    )
    session.add(certificate)
    set_standing(candidacy_ids=[item.candidacy_id], standing=Standing.AWARDED)
    record(
        action="announcements.record_award",
        actor=actor,
        object_type="candidacy",
        object_id=item.candidacy_id,
        detail={"certificate": number, "sha256": digest},
    )
    _tell_winner(item, announcement)
    return certificate


def _tell_winner(item: NoticeItem, announcement: Announcement) -> None:
    candidacy = session.get_one(Candidacy, item.candidacy_id)
    filers = user_ids_with_role(Role.FILER, scope_codes=[str(candidacy.organisation_id)])
    if filers:
        notify(user_ids=filers, kind="award_announced", params={"title": item.shown_title}, link=path_of(announcement))


def publish_supplement(*, item: NoticeItem, actor: Actor) -> Announcement | None:
    """补充公布 of an item that was held: announcement, certificate, standing, corrected bonus (E9, E11).

    None, and nothing happens, before the commendation, for an item named already, and while another objection to it
    is in hand.
    """
    commendation = _commendation_of(item)
    if commendation is None or item.announced_id is not None or item.status not in queries.AWARDABLE:
        return None
    if item.id in queries.items_under_objection(item.announcement_id) or not _may_still_win(item.candidacy_id):
        return None
    this = get_round(commendation.round_id)
    made = publish(
        kind=AnnouncementKind.SUPPLEMENT,
        this=this,
        text=wording.supplement_text(name=this.name, title=item.shown_title, correction=item.correction),
        actor=actor,
        listed={"round": this.name, "kind": "supplement", "items": [{**describe_line(item), "position": 1}]},
        parent_id=commendation.id,
    )
    item.announced_id = made.id
    _certify(item, actor)
    session.flush()  # the bonus counts the standings of the database
    revise_bonus(round_id=this.id, actor=actor, reason="supplement")
    return made


def _may_still_win(candidacy_id: int) -> bool:
    return get_candidacy(candidacy_id).standing not in (Standing.WITHDRAWN, Standing.DISQUALIFIED)


def publish_removal(*, item: NoticeItem, actor: Actor) -> Announcement | None:
    """更正 after the commendation: the item falls away, a certificate is revoked; None before it (E11)."""
    commendation = _commendation_of(item)
    if commendation is None:
        return None
    this = get_round(commendation.round_id)
    made = publish(
        kind=AnnouncementKind.CORRECTION,
        this=this,
        text=wording.removal_text(name=this.name, title=item.shown_title),
        actor=actor,
        parent_id=commendation.id,
    )
    certificate = queries.find_certificate(item.candidacy_id)
    if certificate is not None:
        certificate.revoked_at, certificate.revocation_reason = clock.now(), "objection_upheld"
    return made


def is_announced(item: NoticeItem) -> bool:
    """Whether the commendation of the item's round is out."""
    return _commendation_of(item) is not None


def _commendation_of(item: NoticeItem) -> Announcement | None:
    notice = queries.get_announcement(item.announcement_id)
    return queries.find_latest(notice.round_id, AnnouncementKind.COMMENDATION)
