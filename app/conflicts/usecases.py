"""Declarations of conflicts."""

from collections.abc import Sequence

from app.conflicts.findings import Conflict
from app.conflicts.models import ConflictDeclaration
from app.conflicts.vocabulary import ConflictKind, Decision
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ForbiddenError


def declare_conflict(
    *, actor: Actor, object_type: str, object_id: int, kind: ConflictKind | None, detail: str = ""
) -> None:
    """Writes down what `actor` declared about a thing; `kind` None says that there is no conflict.

    A declared conflict recuses at once; nobody has to approve it.
    """
    if actor.id is None:
        raise ForbiddenError
    session.add(
        ConflictDeclaration(
            actor_id=actor.id,
            actor_name=actor.name,
            organisation_id=actor.organisation_id,
            object_type=object_type,
            object_id=object_id,
            kind=kind,
            detail=detail,
            decision=Decision.NONE if kind is None else Decision.RECUSED,
            at=clock.now(),
        )
    )


def ensure_no_conflict(conflicts: Sequence[Conflict], *, locale: str) -> None:
    """Refuses with the first conflict's reason; one that is only suspected refuses too until a person decides."""
    if conflicts:
        raise ForbiddenError("conflict_of_interest", reason=conflicts[0].sentence(locale), kind=conflicts[0].kind.value)
