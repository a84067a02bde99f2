"""应备未备: organisations of which a filing is expected in this round and is missing (R-053)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, exists, func, select

from app.accounts.models import Organisation, RoleGrant, User
from app.accounts.vocabulary import Role, UserStatus
from app.audit.models import AuditEntry
from app.audit.usecases import record
from app.dashboard.queries import Scope
from app.dashboard.rules import FilingRecord, Gap, coverage_percent, find_gap, is_expected
from app.dashboard.vocabulary import ASK_ACTION
from app.filings.models import Filing
from app.filings.vocabulary import STANDING, FilingStatus
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ForbiddenError, InvalidError
from app.notifications.usecases import notify
from app.rounds.models import Round

MOST_AT_ONCE = 50
ORDER = tuple(Gap)


@dataclass(frozen=True, slots=True)
class Uncovered:
    """An organisation with its gap. Its drafts are counted, never read: they are its own."""

    id: int
    name: str
    phone: str | None
    gap: Gap
    record: FilingRecord
    is_asked: bool
    """Somebody was asked to file today."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many organisations are expected, how many have filed or submitted, and which are missing."""

    expected: int
    standing: int
    missing: Sequence[Uncovered]

    @property
    def percent(self) -> int | None:
        """The share that has filed, rounded down."""
        return coverage_percent(expected=self.expected, standing=self.standing)

    @property
    def counts(self) -> Mapping[Gap, int]:
        """How many are missing for each reason."""
        return {gap: sum(one.gap is gap for one in self.missing) for gap in ORDER}


def read_coverage(*, round_id: int, scope: Scope) -> Coverage:
    """The organisations of the provinces with what is known of their filings, in one statement; the surest gap first."""
    midnight = datetime.combine(clock.today(), time.min, clock.BEIJING)
    asked = exists().where(
        AuditEntry.object_type == "organisation",
        AuditEntry.object_id == cast(Organisation.id, String),
        AuditEntry.action == ASK_ACTION,
        AuditEntry.at >= midnight,
    )
    query = (
        select(Organisation.id, Organisation.name, Organisation.phone, asked, _has_filer(), *_counts(round_id))
        .outerjoin(Filing, Filing.organisation_id == Organisation.id)
        .group_by(Organisation.id, Organisation.name, Organisation.phone)
        .order_by(Organisation.name, Organisation.id)
    )
    if scope is not None:
        query = query.where(Organisation.province_code.in_(scope))
    found = [(row, _record_of(row)) for row in session.execute(query)]
    expected = [one for _, one in found if is_expected(one)]
    gaps = [(row, known, find_gap(known)) for row, known in found]
    missing = [Uncovered(row[0], row[1], row[2], gap, known, bool(row[3])) for row, known, gap in gaps if gap]
    return Coverage(
        expected=len(expected),
        standing=sum(bool(one.standing) for one in expected),
        missing=sorted(missing, key=lambda one: ORDER.index(one.gap)),
    )


def _record_of(row: Any) -> FilingRecord:  # noqa: ANN401 -- a row of the statement above
    standing, drafts, lapsed, before = map(int, row[5:])
    return FilingRecord(standing, drafts, lapsed, before, has_filer=bool(row[4]))


def _has_filer() -> ColumnElement[bool]:
    """Somebody active holds the role of filer in the organisation's scope."""
    return exists().where(
        RoleGrant.role == Role.FILER,
        RoleGrant.scope_code == cast(Organisation.id, String),
        RoleGrant.user_id == User.id,
        User.status == UserStatus.ACTIVE,
    )


def _counts(round_id: int) -> list[ColumnElement[int]]:
    """The figures of FilingRecord in its order. A draft has no round yet and counts for the present one."""
    here, earlier = Filing.round_id == round_id, Filing.round_id < round_id
    conditions = (
        here & Filing.status.in_(STANDING),
        Filing.status == FilingStatus.DRAFT,
        here & Filing.status.in_((FilingStatus.LAPSED, FilingStatus.WITHDRAWN)),
        earlier & (Filing.status == FilingStatus.FILED),
    )
    return [func.sum(case((condition, 1), else_=0)) for condition in conditions]


def ask_to_file(
    *, organisation_ids: Sequence[int], evaluation_round: Round, until: datetime | None, actor: Actor
) -> int:
    """Asks the filers of these organisations of the contact's province to file, each once a day; how many were asked.

    Organisations without account are left out: they are called. InvalidError `reminder_empty` when nobody is left.
    """
    provinces = actor.scope_codes(Role.PROVINCE_CONTACT)
    if not provinces:
        raise ForbiddenError
    chosen = set(organisation_ids[:MOST_AT_ONCE])
    missing = read_coverage(round_id=evaluation_round.id, scope=provinces).missing
    wanted = [one for one in missing if one.id in chosen and one.record.has_filer and not one.is_asked]
    if not wanted:
        raise InvalidError("reminder_empty")
    people = _filers_of([one.id for one in wanted])
    for one in wanted:
        _ask(one, people.get(one.id, ()), evaluation_round, until, actor)
    return len(wanted)


def _filers_of(organisation_ids: Sequence[int]) -> Mapping[int, Sequence[int]]:
    rows = session.execute(
        select(RoleGrant.scope_code, RoleGrant.user_id)
        .join(User, User.id == RoleGrant.user_id)
        .where(
            RoleGrant.role == Role.FILER,
            RoleGrant.scope_code.in_([str(one) for one in organisation_ids]),
            User.status == UserStatus.ACTIVE,
        )
    ).all()
    found: dict[int, list[int]] = {}
    for code, user_id in rows:
        found.setdefault(int(code), []).append(user_id)
    return found


def _ask(one: Uncovered, people: Sequence[int], evaluation_round: Round, until: datetime | None, actor: Actor) -> None:
    params = {"name": actor.name, "round": evaluation_round.name}
    if until is None:
        notify(user_ids=people, kind="filing_wanted_open", params=params, link="/filings")
    else:
        notify(user_ids=people, kind="filing_wanted", params={**params, "until": until}, link="/filings")
    record(
        action=ASK_ACTION,
        actor=actor,
        object_type="organisation",
        object_id=one.id,
        detail={"gap": one.gap.value, "people": len(people)},
    )
