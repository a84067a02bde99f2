"""Reads of the conflicts room."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from app.accounts.models import Organisation
from app.conflicts.findings import Conflict, Judge, JudgedItem, find_item_conflicts
from app.conflicts.index import OrganisationIndex, OrganisationRow
from app.conflicts.models import ConflictDeclaration
from app.conflicts.vocabulary import ConflictKind, Decision
from app.kernel import clock
from app.kernel.db import session


def read_index() -> OrganisationIndex:
    """All organisations with their relations, in one statement; to be built once per job."""
    rows = session.execute(
        select(Organisation.id, Organisation.name, Organisation.parent_id, Organisation.group_code).order_by(
            Organisation.id
        )
    )
    return OrganisationIndex(OrganisationRow(*row) for row in rows)


def read_index_of(organisation_ids: Iterable[int]) -> OrganisationIndex:
    """Only these organisations and those above them: enough to judge one person against one thing, and quick."""
    rows: dict[int, OrganisationRow] = {}
    wanted = set(organisation_ids)
    while wanted:
        found = session.execute(
            select(Organisation.id, Organisation.name, Organisation.parent_id, Organisation.group_code).where(
                Organisation.id.in_(wanted)
            )
        )
        rows |= {row[0]: OrganisationRow(*row) for row in found}
        wanted = {row.parent_id for row in rows.values() if row.parent_id is not None} - rows.keys()
    return OrganisationIndex(rows[key] for key in sorted(rows))


def related_organisations(organisation_ids: Iterable[int], *, index: OrganisationIndex | None = None) -> frozenset[int]:
    """These organisations and all that belong to them: same entity, parent and child both ways transitively,
    one group, one normalised name. Own or related organisations never rate each other (E5)."""
    return (index or read_index()).families(organisation_ids)


def find_conflicts(
    *, judge: Judge, item: JudgedItem, index: OrganisationIndex | None = None, years: int = 3
) -> Sequence[Conflict]:
    """Conflicts of `judge` with `item` today, found or declared; empty when the way is free.

    One engine for every assignment, opening, rating and vote. Pass an `index` when asking for many.
    """
    found = find_item_conflicts(judge=judge, item=item, index=index or read_index(), on=clock.today(), years=years)
    return [*_declared_conflicts(judge, item), *found]


def _declared_conflicts(judge: Judge, item: JudgedItem) -> list[Conflict]:
    if judge.user_id is None:
        return []
    latest = session.scalars(
        select(ConflictDeclaration)
        .where(
            ConflictDeclaration.actor_id == judge.user_id,
            ConflictDeclaration.object_type == item.type,
            ConflictDeclaration.object_id == item.id,
        )
        .order_by(ConflictDeclaration.id.desc())
        .limit(1)
    ).one_or_none()
    if latest is None or latest.kind is None or latest.decision != Decision.RECUSED:
        return []
    return [Conflict(ConflictKind(latest.kind), "declared", {"detail": latest.detail})]


def list_declarations(*, object_type: str, object_ids: Iterable[int]) -> Sequence[ConflictDeclaration]:
    """The declarations about these things, the oldest first; for the secretary and the supervisor only."""
    return session.scalars(
        select(ConflictDeclaration)
        .where(ConflictDeclaration.object_type == object_type, ConflictDeclaration.object_id.in_(list(object_ids)))
        .order_by(ConflictDeclaration.id)
    ).all()
