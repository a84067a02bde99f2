"""The start notice, and the public notice of the proposed list: opening with a frozen list, closing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.accounts.queries import names_of_organisations, user_ids_with_role
from app.accounts.vocabulary import Role
from app.announcements import queries, wording
from app.announcements.models import Announcement, Contact, NoticeItem
from app.announcements.publishing import path_of, publish
from app.announcements.rules import completing_units, list_order
from app.announcements.vocabulary import AnnouncementKind
from app.audit.usecases import record
from app.candidacies.models import Candidacy
from app.candidacies.queries import candidacies_in
from app.candidacies.vocabulary import Standing
from app.filings.queries import parties_of
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.notifications.usecases import notify
from app.rounds.models import Round
from app.rounds.planning import move_end
from app.rounds.queries import get_round, lock_round, parameter, planned_stages
from app.rounds.usecases import ensure_manager, keep_plan
from app.rounds.vocabulary import StageCode
from app.selection.queries import list_proposal
from app.workdays.calendar import add_workdays, workdays_between

LEFT = (Standing.WITHDRAWN, Standing.DISQUALIFIED)


@dataclass(frozen=True, slots=True)
class ContactWish:
    """Whom to ask about a round."""

    name: str
    phone: str
    email: str = ""
    hours: str = ""


def set_contacts(*, round_id: int, contacts: Sequence[ContactWish], actor: Actor) -> None:
    """The contacts shown with the round from now on (R-084)."""
    ensure_manager(actor)
    for old in queries.contacts_of(round_id):
        session.delete(old)
    session.flush()  # the old rows leave before new ones take their positions
    session.add_all(
        Contact(round_id=round_id, position=position, name=one.name, phone=one.phone, email=one.email, hours=one.hours)
        for position, one in enumerate(contacts, start=1)
    )
    record(action="announcements.set_contacts", actor=actor, object_type="round", object_id=round_id)


def publish_notice(*, round_id: int, actor: Actor) -> Announcement:
    """启动通知: the round was released; the stages' windows are published with it (R-085)."""
    this = get_round(round_id)
    stages = planned_stages(this)
    filing_ends = next(stage.closes_at for stage in stages if stage.code is StageCode.FILING)
    text = wording.start_text(
        name=this.name, doc_no=this.doc_no, period=(this.period_from, this.period_to), filing_ends=filing_ends
    )
    windows = [{"code": stage.code.value, "closes_at": stage.closes_at.isoformat()} for stage in stages]
    made = publish(
        kind=AnnouncementKind.START,
        this=this,
        text=text,
        actor=actor,
        document_number=this.doc_no,
        extra={"stages": windows},
    )
    _tell_provinces(made)
    return made


def open_public_notice(*, round_id: int, actor: Actor) -> Announcement:
    """公示: freezes the signed list with its hash; the notice runs its full window from now on (E9)."""
    this = lock_round(round_id)
    _ensure_full_window(this)
    lines = _lines(this)
    closes = queries.end_of_notice(round_id)
    now = clock.now()
    text = wording.notice_text(
        name=this.name, count=len(lines), opens=now, closes=closes, workdays=workdays_between(now, closes)
    )
    made = publish(
        kind=AnnouncementKind.PUBLIC_NOTICE,
        this=this,
        text=text,
        actor=actor,
        listed={"round": this.name, "kind": "public_notice", "items": [describe_line(line) for line in lines]},
    )
    for line in lines:
        line.announcement_id = made.id
    session.add_all(lines)
    _tell_provinces(made)
    return made


def close_public_notice(*, round_id: int, actor: Actor) -> None:
    """The notice has run out: what comes from now on is late (E9). Objections in hand go on by themselves."""
    notice = queries.find_latest(round_id, AnnouncementKind.PUBLIC_NOTICE)
    if notice is None:
        raise LookupError(f"round {round_id} has no public notice to close")
    notice.closed_at = clock.now()
    record(
        action="announcements.close_public_notice",
        actor=actor,
        object_type="announcement",
        object_id=notice.id,
        detail={"objections": sum(queries.count_objections(round_id).values())},
    )


def describe_line(line: NoticeItem) -> dict[str, Any]:
    """A line as it is frozen, shown by the API and offered for download."""
    return {
        "position": line.position,
        "filing_number": line.filing_number,
        "title": line.shown_title,
        "units": line.shown_units,
        "report_type": line.report_type,
        "province": line.province_code,
    }


def _ensure_full_window(this: Round) -> None:
    """The road may be late: the notice gets its whole window from today, and the stages behind it move along."""
    stages = planned_stages(this)
    planned = next(stage.closes_at for stage in stages if stage.code is StageCode.PUBLIC_NOTICE)
    due = add_workdays(clock.now(), int(parameter(this, "windows.public_notice")))
    if planned < due:
        shift = workdays_between(planned, due)
        keep_plan(this, move_end(stages, StageCode.PUBLIC_NOTICE, due, shift=shift, add_workdays=add_workdays))
        session.flush()  # the notice names the end that was just set


def _lines(this: Round) -> list[NoticeItem]:
    """The list that the leader signed, without those who left meanwhile."""
    proposed = {entry.candidacy_id: entry for entry in list_proposal(this.id) if entry.listed}
    standing = [one for one in candidacies_in(this.id) if one.id in proposed and one.standing not in LEFT]
    standing.sort(key=lambda one: list_order(one.report_type, proposed[one.id].rank, one.id))
    units = _units(standing)
    numbers = queries.filing_numbers([one.filing_id for one in standing])
    return [
        NoticeItem(
            candidacy_id=one.id,
            position=position,
            filing_number=numbers.get(one.filing_id) or "",
            title=one.title,
            units=units[one.id],
            report_type=one.report_type,
            province_code=one.province_code,
            correction="",
        )
        for position, one in enumerate(standing, start=1)
    ]


def _units(candidacies: Sequence[Candidacy]) -> Mapping[int, list[str]]:
    parties = parties_of([one.filing_id for one in candidacies])
    filers = names_of_organisations(one.organisation_id for one in candidacies)
    return {
        one.id: completing_units(
            [(party.role, party.name) for party in parties[one.filing_id]], filers[one.organisation_id]
        )
        for one in candidacies
    }


def _tell_provinces(made: Announcement) -> None:
    contacts = user_ids_with_role(Role.PROVINCE_CONTACT)
    if contacts:
        notify(user_ids=contacts, kind="announcement_published", params={"title": made.title}, link=path_of(made))
