"""Reads of the filings room. Scope stands in the query: outside it a filing is not there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import selectinload

from app.accounts.models import Organisation
from app.accounts.vocabulary import Role
from app.filings.models import (
    ApplicationProof,
    AuditOpinion,
    DuplicateSuspicion,
    Filing,
    FilingParty,
    FilingVersion,
)
from app.filings.vocabulary import STANDING, STATUS_OF_ROLE, SUBJECT, FilingKind, FilingStatus
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFoundError, field_error
from app.kernel.paging import DEFAULT_LIMIT, MAX_LIMIT, Page, cut_page, decode_cursor
from app.processes.models import WorkItem
from app.processes.vocabulary import ItemStatus
from app.web.requests import once

PROVINCIAL = (Role.PROVINCE_CONTACT, Role.PROVINCE_AUDITOR, Role.PROVINCE_LEADER)
NATIONAL = (Role.NATIONAL_AUDITOR, Role.MANAGER, Role.LEADER, Role.SUPERVISOR, Role.OBJECTION_HANDLER)
LIKE_SPECIALS = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


@dataclass(frozen=True, slots=True)
class ListedFiling:
    """A line of a list: the filing, its filer's name, and the status that readers see."""

    filing: Filing
    organisation_name: str
    status: str


@dataclass(frozen=True, slots=True)
class SimilarFiling:
    """A filing with a common party whose title is close to another's (E1)."""

    id: int
    title: str
    number: str | None
    organisation_name: str
    similarity: float


def display_status() -> ColumnElement[str]:
    """The status that readers see, as SQL: a submitted filing shows who has it (flows.md, section 15)."""
    role = (
        select(func.min(WorkItem.role))
        .where(
            WorkItem.subject_type == SUBJECT,
            WorkItem.subject_id == Filing.id,
            WorkItem.status == ItemStatus.OPEN,
            WorkItem.process == SUBJECT,
        )
        .correlate(Filing)
        .scalar_subquery()
    )
    shown = case({key: status.value for key, status in STATUS_OF_ROLE.items()}, value=role, else_=Filing.status)
    return case((Filing.status == FilingStatus.SUBMITTED, shown), else_=Filing.status)


def status_of(filing: Filing) -> str:
    """The status that readers see."""
    return session.scalars(select(display_status()).select_from(Filing).where(Filing.id == filing.id)).one()


def get_filing(filing_id: int) -> Filing:
    """The filing, whoever asks; NotFoundError when there is none."""
    filing = session.get(Filing, filing_id)
    if filing is None:
        raise NotFoundError
    return filing


def lock_filing(filing_id: int) -> Filing:
    """The filing as it stands now, its row locked until the transaction ends."""
    filing = session.get(Filing, filing_id, with_for_update=True, populate_existing=True)
    if filing is None:
        raise NotFoundError
    return filing


def visible_filing(*, filing_id: int, actor: Actor, lock: bool = False) -> Filing:
    """The filing, read within the actor's scope, with `lock` as by `lock_filing`; NotFoundError outside it."""
    query = select(Filing).where(Filing.id == filing_id, within_scope(actor))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    filing = session.scalars(query).one_or_none()
    if filing is None:
        raise NotFoundError
    return filing


def may_see(filing_id: int, actor: Actor) -> bool:
    """Whether the actor may see a filing, and so its files."""
    return session.scalar(select(Filing.id).where(Filing.id == filing_id, within_scope(actor))) is not None


def within_scope(actor: Actor) -> ColumnElement[bool]:
    """Which filings `actor` may see: a filer those of the organisation, others those submitted in their scope.

    A draft is seen by its organisation, and by the contact who writes it on the organisation's behalf (代录).
    """
    submitted = Filing.status != FilingStatus.DRAFT
    scopes: list[ColumnElement[bool]] = [and_(Filing.filed_for, Filing.created_by == actor.id)]
    if organisations := actor.scope_codes(Role.FILER):
        scopes.append(Filing.organisation_id.in_([int(code) for code in organisations]))
    if cities := actor.scope_codes(Role.CITY_AUDITOR):
        scopes.append(and_(Filing.city_code.in_(cities), submitted))
    if provinces := frozenset[str]().union(*(actor.scope_codes(role) for role in PROVINCIAL)):
        scopes.append(and_(Filing.province_code.in_(provinces), submitted))
    if actor.has_role(*NATIONAL):
        scopes.append(submitted)
    return or_(false(), *scopes)


def list_filings(
    *,
    actor: Actor,
    q: str = "",
    status: str = "",
    kind: str = "",
    province: str = "",
    round_id: int | None = None,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> Page[ListedFiling]:
    """Filings in the actor's scope, the newest first. `status` is a stored or a shown one; `q` looks at title,
    number and the filer's name."""
    size = max(1, min(limit, MAX_LIMIT))
    query = _select_listed().where(within_scope(actor), *_filters(q, status, kind, province, round_id))
    if cursor:
        (last_id,) = decode_cursor(cursor, size=1)
        if not isinstance(last_id, int):
            raise field_error("cursor", "cursor_invalid")
        query = query.where(Filing.id < last_id)
    rows = session.execute(query.order_by(Filing.id.desc()).limit(size + 1))
    listed = [ListedFiling(filing, name, shown) for filing, name, shown in rows]
    return cut_page(listed, limit=size, key=lambda row: [row.filing.id])


def _select_listed() -> Select[Filing, str, str]:
    return select(Filing, Organisation.name, display_status()).join(
        Organisation, Organisation.id == Filing.organisation_id
    )


def _filters(q: str, status: str, kind: str, province: str, round_id: int | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if words := q.strip():
        pattern = f"%{words.translate(LIKE_SPECIALS)}%"
        columns = (Filing.title, Filing.number, Filing.receipt_number, Organisation.name)
        conditions.append(or_(*(column.ilike(pattern, escape="\\") for column in columns)))
    if status:
        conditions.append(Filing.status == status if status in tuple(FilingStatus) else display_status() == status)
    if status in {shown.value for shown in STATUS_OF_ROLE.values()}:
        conditions.append(Filing.status == FilingStatus.SUBMITTED)
    if kind:
        conditions.append(Filing.kind == kind)
    if province:
        conditions.append(Filing.province_code == province)
    if round_id is not None:
        conditions.append(Filing.round_id == round_id)
    return conditions


def filings_willing(round_id: int) -> Sequence[Filing]:
    """Reports filed for the round whose owners want to take part (R-063); databases and tools do not stand."""
    return session.scalars(
        select(Filing)
        .options(selectinload(Filing.parties), selectinload(Filing.proofs))
        .where(
            Filing.round_id == round_id,
            Filing.status == FilingStatus.FILED,
            Filing.kind == FilingKind.REPORT,
            Filing.is_willing,
        )
        .order_by(Filing.id)
    ).all()


def parties_of(filing_ids: Collection[int]) -> Mapping[int, Sequence[FilingParty]]:
    """The parties by filing id, in one statement."""
    found: dict[int, list[FilingParty]] = {filing_id: [] for filing_id in filing_ids}
    query = select(FilingParty).where(FilingParty.filing_id.in_(filing_ids)).order_by(FilingParty.id)
    for party in session.scalars(query):
        found[party.filing_id].append(party)
    return found


def organisation_ids_of(filing_id: int) -> frozenset[int]:
    """The filer and the parties known as organisations: who must not judge this filing."""
    filing = get_filing(filing_id)
    known = session.scalars(
        select(FilingParty.organisation_id).where(
            FilingParty.filing_id == filing_id, FilingParty.organisation_id.is_not(None)
        )
    )
    return frozenset({filing.organisation_id, *(one for one in known if one is not None)})


def valid_proofs(filing_ids: Collection[int]) -> Mapping[int, Mapping[tuple[str, str], int]]:
    """Per filing, how many valid proofs it has by (end, level)."""
    counts: dict[int, dict[tuple[str, str], int]] = {filing_id: {} for filing_id in filing_ids}
    rows = session.execute(
        select(ApplicationProof.filing_id, ApplicationProof.end, ApplicationProof.level, func.count())
        .where(ApplicationProof.filing_id.in_(filing_ids), ApplicationProof.is_valid)
        .group_by(ApplicationProof.filing_id, ApplicationProof.end, ApplicationProof.level)
    )
    for filing_id, end, level, count in rows:
        counts[filing_id][end, level] = count
    return counts


def standing_filings_with_party(
    *, filing_id: int, names: Collection[str], organisation_ids: Collection[int]
) -> Sequence[tuple[int, str, str | None, str]]:
    """Id, title, number and filer's name of the standing filings that share a party or the filer."""
    shared = select(FilingParty.filing_id).where(
        or_(FilingParty.name.in_(names), FilingParty.organisation_id.in_(organisation_ids))
    )
    return session.execute(
        select(Filing.id, Filing.title, Filing.number, Organisation.name)
        .join(Organisation, Organisation.id == Filing.organisation_id)
        .where(
            Filing.status.in_(STANDING),
            Filing.id != filing_id,
            or_(Filing.id.in_(shared), Filing.organisation_id.in_(organisation_ids)),
        )
        .order_by(Filing.id)
    ).all()


def organisations_by_name(names: Collection[str]) -> Mapping[str, Organisation]:
    """Organisations known under these names, by name."""
    if not names:
        return {}
    return {one.name: one for one in session.scalars(select(Organisation).where(Organisation.name.in_(names)))}


def suspicions_of(filing_id: int) -> Sequence[tuple[DuplicateSuspicion, ListedFiling]]:
    """The duplicates suspected of a filing, the most alike first."""
    rows = session.execute(
        select(DuplicateSuspicion, Filing, Organisation.name, display_status())
        .join(Filing, Filing.id == DuplicateSuspicion.other_id)
        .join(Organisation, Organisation.id == Filing.organisation_id)
        .where(DuplicateSuspicion.filing_id == filing_id)
        .order_by(DuplicateSuspicion.similarity.desc(), DuplicateSuspicion.id)
    )
    return [(suspicion, ListedFiling(filing, name, status)) for suspicion, filing, name, status in rows]


def count_suspicions(actor: Actor) -> int | None:
    """How many filings under audit in the actor's scope have a suspected duplicate that nobody has judged."""
    suspected = select(DuplicateSuspicion.filing_id).where(DuplicateSuspicion.verdict.is_(None))
    query = select(func.count()).where(
        within_scope(actor), Filing.status == FilingStatus.SUBMITTED, Filing.id.in_(suspected)
    )
    return once(f"suspicions:{actor.id}", lambda: session.scalar(query)) or None


def versions_of(filing_id: int) -> Sequence[FilingVersion]:
    """What was submitted, in order."""
    return session.scalars(
        select(FilingVersion).where(FilingVersion.filing_id == filing_id).order_by(FilingVersion.version)
    ).all()


def opinions_of(filing_id: int) -> Sequence[AuditOpinion]:
    """The decisions on a filing, in order."""
    return session.scalars(
        select(AuditOpinion).where(AuditOpinion.filing_id == filing_id).order_by(AuditOpinion.id)
    ).all()


def counts_by_status(*, actor: Actor, round_id: int | None = None) -> Mapping[str, int]:
    """How many filings of the actor's scope are shown in each status."""
    query = select(display_status().label("status")).select_from(Filing).where(within_scope(actor))
    if round_id is not None:
        query = query.where(Filing.round_id == round_id)
    shown = query.subquery()
    return dict(session.execute(select(shown.c.status, func.count()).group_by(shown.c.status)).all())


def select_unfinished(round_id: int) -> Select[Filing]:
    """The filings of a round that are neither decided nor drafts."""
    return select(Filing).where(Filing.round_id == round_id, Filing.status == FilingStatus.SUBMITTED)
