"""Ids to ask for: of every kind of thing, one of each sort that the demo holds."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from app.accounts.models import Absence, Organisation, User
from app.announcements.models import Announcement, NoticeItem, Objection
from app.attachments.models import Attachment
from app.candidacies.models import Candidacy
from app.filings.models import Filing
from app.kernel.db import session
from app.notifications.models import Notification
from app.processes.migration.models import ProcessMigration
from app.processes.models import ProcessDefinition, ProcessInstance, WorkItem
from app.ratings.models import PushPlan, Rating, RatingSeat
from app.rounds.models import Round
from app.selection.models import Panel, ReviewSeat

SORTS = {
    "absence_id": (Absence.id, ()),
    "announcement_id": (Announcement.id, (Announcement.kind,)),
    "attachment_id": (Attachment.id, (Attachment.owner_type, Attachment.media_type)),
    "candidacy_id": (Candidacy.id, (Candidacy.round_id, Candidacy.standing)),
    "definition_id": (ProcessDefinition.id, (ProcessDefinition.id,)),
    "filing_id": (Filing.id, (Filing.status, Filing.kind)),
    "instance_id": (ProcessInstance.id, (ProcessInstance.definition_id, ProcessInstance.status)),
    "item_id": (WorkItem.id, (WorkItem.node, WorkItem.status)),
    "migration_id": (ProcessMigration.id, ()),
    "notice_item_id": (NoticeItem.id, (NoticeItem.status,)),
    "notification_id": (Notification.id, (Notification.kind,)),
    "objection_id": (Objection.id, (Objection.id,)),
    "organisation_id": (Organisation.id, (Organisation.type,)),
    "panel_id": (Panel.id, (Panel.id,)),
    "plan_id": (PushPlan.id, (PushPlan.status,)),
    "rating_id": (Rating.id, (Rating.validity,)),
    "review_seat_id": (ReviewSeat.id, (ReviewSeat.status,)),
    "round_id": (Round.id, (Round.id,)),
    "seat_id": (RatingSeat.id, (RatingSeat.state, RatingSeat.round_id)),
    "user_id": (User.id, (User.job_role,)),
}  # fmt: skip
"""Parameter -> (id, what tells the sorts apart)."""


def read_samples() -> Mapping[str, Sequence[int]]:
    """The newest of each sort, by parameter."""
    return {name: _newest_of_each(identity, sorts) for name, (identity, sorts) in SORTS.items()}


def _newest_of_each(identity, sorts) -> Sequence[int]:
    newest = select(func.max(identity)).group_by(*sorts) if sorts else select(func.max(identity))
    return sorted(one for one in session.scalars(newest) if one is not None)
