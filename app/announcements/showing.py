"""What the inner pages of the room show, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.accounts.queries import list_regions
from app.accounts.vocabulary import Role
from app.announcements import queries
from app.announcements.models import NoticeItem, Objection, ObjectionSupplement
from app.announcements.vocabulary import OBJECTION
from app.announcements.words import DECISIONS, GROUNDS, KINDS, OBJECTORS, PROPOSALS, STATUSES
from app.attachments.models import Attachment
from app.attachments.queries import list_attachments
from app.kernel.db import session
from app.processes.models import WorkItem
from app.processes.vocabulary import ItemStatus as WorkStatus
from app.web.locale import pick


@dataclass(frozen=True, slots=True)
class Dossier:
    """An objection with all that the handler needs, the objector's identity included."""

    objection: Objection
    item: NoticeItem
    status: str
    kind: str
    objector: str
    result: str
    proposal: str
    files: Sequence[Attachment]
    supplements: Sequence[ObjectionSupplement]
    open_item: WorkItem | None


def show_dossier(objection: Objection) -> Dossier:
    """The handler's view; the page has asked who may see it."""
    return Dossier(
        objection=objection,
        item=queries.get_item(objection.item_id),
        status=STATUSES(objection.status),
        kind=KINDS(objection.kind),
        objector=OBJECTORS(objection.objector_kind),
        result=_result(objection),
        proposal=PROPOSALS(objection.proposal),
        files=list_attachments(OBJECTION, objection.id),
        supplements=queries.supplements_of(objection.id),
        open_item=_open_work_item(objection.instance_id) if objection.instance_id else None,
    )


def objection_row(objection: Objection) -> Mapping[str, Any]:
    """A line of the handler's list, without the objector."""
    item = queries.get_item(objection.item_id)
    return {
        "id": objection.id,
        "title": item.shown_title,
        "number": objection.receipt_number,
        "received_at": objection.received_at,
        "status": STATUSES(objection.status),
        "result": _result(objection),
        "withdrawn": objection.withdrawal_asked_at is not None,
    }


def _result(objection: Objection) -> str:
    if objection.decision:
        return DECISIONS(objection.decision)
    return GROUNDS(objection.ground)


def province_names() -> dict[str, str]:
    """The provinces' names by code."""
    return {region.code: pick(region.name_zh, region.name_en) for region in list_regions()}


def _open_work_item(instance_id: int) -> WorkItem | None:
    """The work item at which a case waits for a handler; None while others have it, and after its end."""
    return session.scalars(
        select(WorkItem).where(
            WorkItem.instance_id == instance_id,
            WorkItem.status == WorkStatus.OPEN,
            WorkItem.role == Role.OBJECTION_HANDLER,
        )
    ).first()
