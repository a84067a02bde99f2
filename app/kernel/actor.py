"""Who acts. An Actor is a value: it never reaches back into the database."""

from dataclasses import dataclass
from typing import Literal

ScopeType = Literal["nation", "province", "city", "organisation", "none"]


@dataclass(frozen=True, slots=True)
class Absent:
    """A person who is away and for whom somebody stands in."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Grant:
    """A role within a scope. `scope_code`: region code, organisation id as text, or '' for nation and none.

    A grant of scope 'none' (expert, chair) sees only what is assigned to the person.
    """

    role: str
    scope_type: ScopeType
    scope_code: str = ""
    absent: Absent | None = None
    """Whose grant it is while its holder is away; None: the person's own."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, or the system itself."""

    id: int | None
    name: str
    organisation_id: int | None = None
    grants: tuple[Grant, ...] = ()
    locale: str = "zh"

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    @property
    def stands_in_for(self) -> tuple[Absent, ...]:
        """The people whose work this person does today, each once."""
        return tuple(dict.fromkeys(grant.absent for grant in self.grants if grant.absent is not None))

    def has_role(self, *roles: str) -> bool:
        """Whether the person holds one of `roles`, in whatever scope."""
        return not self.roles.isdisjoint(roles)

    def scope_codes(self, role: str) -> frozenset[str]:
        """The codes of all scopes in which the person holds `role`."""
        return frozenset(grant.scope_code for grant in self.grants if grant.role == role)


SYSTEM = Actor(id=None, name="系统")
