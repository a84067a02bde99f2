"""Reads of the domains room."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from app.domains.models import Domain
from app.kernel.db import session
from app.kernel.errors import field_error


def list_domains(*, level: int | None = None) -> Sequence[Domain]:
    """All domains in their official order; only one level when asked."""
    query = select(Domain).order_by(Domain.sort)
    if level is not None:
        query = query.where(Domain.level == level)
    return session.scalars(query).all()


def ensure_domains(codes: Collection[str]) -> None:
    """InvalidError at field 'domain' when one of the codes is no domain."""
    known = session.scalars(select(Domain.code).where(Domain.code.in_(codes)))
    if not set(known).issuperset(codes):
        raise field_error("domain", "choice_invalid", label="domain")


def parent_of(code: str) -> str:
    """The industry (level 1) to which a domain belongs; an industry belongs to itself."""
    return code.partition(".")[0]
