"""How far each reader reaches (domain.md, section d), asked of the tables and not of the rooms."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Select, and_, false, not_, select, true

from app.accounts.models import Organisation
from app.announcements.models import NoticeItem, Objection
from app.attachments.models import Attachment
from app.candidacies.models import Candidacy
from app.filings.models import Filing
from app.kernel.db import session
from app.notifications.models import Notification
from app.processes.models import ProcessInstance, WorkItem
from app.ratings.models import RatingSeat
from app.ratings.vocabulary import SeatState
from app.selection.models import Panel, PanelItem, PanelSeat, ReviewSeat
from tests.doors.world import World

NO_BUSINESS = ("sys_admin", "sec_admin", "audit_admin")
"""The three administrators, who see no business content (domain.md, section d)."""
PROVINCIAL = ("filer", "city_auditor", "province_contact", "province_auditor", "province_leader")
JUDGING = ("rater", "gov_user", "expert", "chair")
LIMITED = (*PROVINCIAL, *JUDGING, *NO_BUSINESS)
"""Readers who do not read the whole nation's business."""
SAMPLE = 2
OPERATES = {("sys_admin", "instance_id")}
"""Every case is a system administrator's to repair, without its content."""


def foreign_titles(world: World, reader: str) -> Collection[str]:
    """Titles of results that are neither published nor within this reader's reach."""
    with world.house.app_context():
        published = set(session.scalars(select(NoticeItem.title)))
        within = {*session.scalars(select(Filing.title).where(reach_of(world, reader))), *published}
        return {title for title in session.scalars(select(Filing.title)) if title and title not in within}


def reach_of(world: World, reader: str) -> ColumnElement[bool]:
    """Which results this reader may know of (domain.md, section d): asked of the tables, not of the rooms."""
    if reader not in world.people:
        return false()
    user = world.people[reader]
    province = world.provinces.get(user.organisation_id)
    rated = select(RatingSeat.candidacy_id).where(
        RatingSeat.organisation_id == user.organisation_id, RatingSeat.state != SeatState.PENDING
    )
    reviewed = select(PanelItem.candidacy_id).join(PanelSeat, PanelSeat.panel_id == PanelItem.panel_id)
    reviewed = reviewed.where(PanelSeat.user_id == user.id)
    reaches = {
        "filer": Filing.organisation_id == user.organisation_id,
        "city_auditor": Filing.city_code == f"{(province or '')[:2]}0100",
        "province": Filing.province_code == province,
        "rater": Filing.id.in_(select(Candidacy.filing_id).where(Candidacy.id.in_(rated))),
        "expert": Filing.id.in_(select(Candidacy.filing_id).where(Candidacy.id.in_(reviewed))),
    }
    kind = {"gov_user": "rater", "chair": "expert"}.get(reader, reader)
    kind = "province" if kind.startswith("province_") else kind
    return reaches.get(kind, false() if reader in NO_BUSINESS else true())


def beyond(world: World, reader: str) -> Mapping[str, Sequence[int]]:
    """By parameter, some ids of things that exist and are none of this limited reader's business."""
    with world.house.app_context():
        found = {name: session.scalars(query.limit(SAMPLE)).all() for name, query in _beyond(world, reader).items()}
    return {name: ids for name, ids in found.items() if (reader, name) not in OPERATES}


def _beyond(world: World, reader: str) -> Mapping[str, Select[int]]:
    user = world.people[reader]
    filings = select(Filing.id).where(not_(reach_of(world, reader)), Filing.status != "DRAFT")
    candidacies = select(Candidacy.id).where(Candidacy.filing_id.in_(filings))
    about = and_(WorkItem.subject_type == "filing", WorkItem.subject_id.in_(filings), WorkItem.completed_by != user.id)
    cases = and_(ProcessInstance.subject_type == "filing", ProcessInstance.subject_id.in_(filings))
    files = and_(Attachment.owner_type == "filing", Attachment.owner_id.in_(filings), Attachment.public.is_(False))
    own_panels = select(PanelSeat.panel_id).where(PanelSeat.user_id == user.id)
    return {
        "attachment_id": select(Attachment.id).where(files),
        "candidacy_id": candidacies,
        "filing_id": filings,
        "instance_id": select(ProcessInstance.id).where(cases),
        "item_id": select(WorkItem.id).where(about),
        "notification_id": select(Notification.id).where(Notification.user_id != user.id),
        "objection_id": select(Objection.id),
        "organisation_id": select(Organisation.id).where(
            Organisation.province_code != world.provinces[user.organisation_id]
        ),
        "panel_id": select(Panel.id).where(Panel.id.not_in(own_panels)),
        "review_seat_id": select(ReviewSeat.id).where(ReviewSeat.user_id != user.id),
        "seat_id": select(RatingSeat.id).where(RatingSeat.organisation_id != user.organisation_id),
    }


def pooled_results(world: World, filer: str) -> Sequence[Candidacy]:
    """The filer's own results that are in the pool while their list is not out, one of each round."""
    own = Candidacy.organisation_id == world.people[filer].organisation_id
    with world.house.app_context():
        found = session.scalars(select(Candidacy).where(own, Candidacy.standing.in_(("in_pool", "in_review")))).all()
        session.expunge_all()
    return list({one.round_id: one for one in found}.values())
