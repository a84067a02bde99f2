"""Figures of the boards and the lists behind them: one condition per measure, for the province and for the nation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, case, exists, func, or_, select

from app.accounts.models import Organisation
from app.accounts.vocabulary import Role
from app.candidacies.models import Candidacy
from app.candidacies.vocabulary import Standing
from app.dashboard.vocabulary import NATIONAL, PROVINCIAL, Measure
from app.filings.models import AuditOpinion, Filing
from app.filings.queries import ListedFiling, display_status
from app.filings.vocabulary import SUBJECT, AuditLevel, Decision, FilingKind, FilingStatus
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ForbiddenError, NotFoundError
from app.kernel.paging import Page, cut_page, decode_cursor
from app.processes.models import WorkItem
from app.processes.vocabulary import ItemStatus
from app.rounds.models import Round
from app.rounds.vocabulary import RoundStatus

POOLED = (
    Standing.IN_POOL,
    Standing.IN_REVIEW,
    Standing.NOT_SELECTED,
    Standing.IN_NOTICE,
    Standing.HELD,
    Standing.AWARDED,
    Standing.EXCLUDED,
)
"""Standings that only a candidacy in the pool reaches."""
FORWARDED = (Decision.APPROVE, Decision.ESCALATE)
PAGE = 50

Scope = frozenset[str] | None
"""Provinces whose figures a person reads; None: all of them."""


def scope_of(actor: Actor) -> Scope:
    """Which provinces the person's boards cover; ForbiddenError for those without a board."""
    if actor.has_role(*NATIONAL):
        return None
    provinces = frozenset[str]().union(*(actor.scope_codes(role) for role in PROVINCIAL))
    if not provinces:
        raise ForbiddenError
    return provinces


def narrow_scope(scope: Scope, province: str) -> Scope:
    """The scope, or one province of it when one is asked for; NotFoundError outside."""
    if not province:
        return scope
    if scope is not None and province not in scope:
        raise NotFoundError
    return frozenset({province})


def _open_item(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        WorkItem.subject_type == SUBJECT,
        WorkItem.subject_id == Filing.id,
        WorkItem.process == SUBJECT,
        WorkItem.status == ItemStatus.OPEN,
        *conditions,
    )


def _opinion(level: AuditLevel, decisions: Sequence[str] | None = None) -> ColumnElement[bool]:
    given = exists().where(AuditOpinion.filing_id == Filing.id, AuditOpinion.level == level)
    return given if decisions is None else given.where(AuditOpinion.decision.in_(decisions))


def condition_of(measure: Measure) -> ColumnElement[bool]:
    """Which filings a measure counts. Drafts are in none: they belong to their organisation."""
    late = WorkItem.due_at < clock.now()
    filed, under_way = Filing.status == FilingStatus.FILED, Filing.status == FilingStatus.SUBMITTED
    reached_nation = or_(
        filed,
        _opinion(AuditLevel.PROVINCE, FORWARDED),
        _opinion(AuditLevel.NATIONAL),
        _open_item(WorkItem.role == Role.NATIONAL_AUDITOR),
    )
    conditions: dict[Measure, ColumnElement[bool]] = {
        Measure.SUBMITTED: Filing.status != FilingStatus.DRAFT,
        Measure.IN_HAND: under_way,
        Measure.LATE: under_way & _open_item(late),
        Measure.PROVINCE_LATE: under_way & _open_item(late, WorkItem.role == Role.PROVINCE_AUDITOR),
        Measure.RETURNED: under_way & _open_item(WorkItem.role == Role.FILER),
        Measure.PASSED_PROVINCE: (Filing.status != FilingStatus.DRAFT) & reached_nation,
        Measure.PASSED_NATION: or_(filed, _opinion(AuditLevel.NATIONAL, [Decision.APPROVE])),
        Measure.FILED: filed,
        Measure.WILLING: filed & Filing.is_willing & (Filing.kind == FilingKind.REPORT),
        Measure.POOLED: exists().where(Candidacy.filing_id == Filing.id, Candidacy.standing.in_(POOLED)),
        Measure.FUNDED: (Filing.status != FilingStatus.DRAFT) & (Filing.fiscal_amount > 0),
        Measure.FUNDED_FILED: filed & (Filing.fiscal_amount > 0),
    }
    return conditions[measure]


@dataclass(frozen=True, slots=True)
class Figures:
    """The measures of one area in one round; `drafts` has no list, since drafts are their organisation's own."""

    values: Mapping[Measure, int] = field(default_factory=dict)
    drafts: int = 0

    def __getitem__(self, measure: Measure) -> int:
        return self.values.get(measure, 0)


@dataclass(frozen=True, slots=True)
class Board:
    """Figures by (round, province) of this round and the one before."""

    round_id: int
    previous_id: int | None
    areas: Mapping[tuple[int, str | None], Figures]

    def of(self, province: str | None) -> Figures:
        """One province's figures in this round."""
        return self.areas.get((self.round_id, province), Figures())

    def total(self) -> Figures:
        """All provinces of the board together."""
        return _add(figures for (round_id, _), figures in self.areas.items() if round_id == self.round_id)

    def before(self) -> Figures | None:
        """All provinces together in the round before; None when there was none."""
        if self.previous_id is None:
            return None
        return _add(figures for (round_id, _), figures in self.areas.items() if round_id == self.previous_id)


def _add(several: Iterable[Figures]) -> Figures:
    known = list(several)
    values = {measure: sum(figures[measure] for figures in known) for measure in Measure}
    return Figures(values, sum(figures.drafts for figures in known))


def read_board(*, round_id: int, scope: Scope) -> Board:
    """Every measure by province, for this round and the one before, in one statement.

    The province and the nation read the same statement; only its scope differs. Drafts have no round yet and count
    for the present one.
    """
    latest = (
        select(Round.id)
        .where(Round.status != RoundStatus.CANCELLED, Round.id <= round_id)
        .order_by(Round.id.desc())
        .limit(2)
    )
    is_draft = Filing.status == FilingStatus.DRAFT
    sums = [func.sum(case((condition_of(measure), 1), else_=0)) for measure in Measure]
    query = (
        select(Filing.round_id, Filing.province_code, func.sum(case((is_draft, 1), else_=0)), *sums)
        .where(or_(Filing.round_id.in_(latest), is_draft & Filing.round_id.is_(None)))
        .group_by(Filing.round_id, Filing.province_code)
    )
    if scope is not None:
        query = query.where(Filing.province_code.in_(scope))
    areas: dict[tuple[int, str | None], Figures] = {}
    drafts: dict[str | None, int] = {}
    for row in session.execute(query):
        drafts[row[1]] = drafts.get(row[1], 0) + int(row[2])
        if row[0] is not None:
            areas[row[0], row[1]] = Figures(dict(zip(Measure, map(int, row[3:]), strict=True)))
    for province, count in drafts.items():
        areas[round_id, province] = Figures(areas.get((round_id, province), Figures()).values, count)
    previous = {key[0] for key in areas} - {round_id}
    return Board(round_id, max(previous, default=None), areas)


def list_measured(
    *, measure: Measure, round_id: int, scope: Scope, cursor: str | None = None, limit: int = PAGE
) -> tuple[Page[ListedFiling], int]:
    """The filings that a measure counts, the newest first, and how many there are in all."""
    within = [condition_of(measure), Filing.round_id == round_id]
    if scope is not None:
        within.append(Filing.province_code.in_(scope))
    total = session.scalar(select(func.count()).select_from(Filing).where(*within)) or 0
    query = select(Filing, Organisation.name, display_status()).join(
        Organisation, Organisation.id == Filing.organisation_id
    )
    if cursor:
        (last_id,) = decode_cursor(cursor, size=1)
        within.append(Filing.id < last_id)
    rows = session.execute(query.where(*within).order_by(Filing.id.desc()).limit(limit + 1)).all()
    listed = [ListedFiling(filing, name, shown) for filing, name, shown in rows]
    return cut_page(listed, limit=limit, key=lambda row: [row.filing.id]), total
