"""Demo accounts: one per role, more with numbers; all share one password and one hash (contract.md)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from app.accounts.models import User
from app.accounts.queries import list_regions
from app.accounts.usecases import create_organisation, create_user, grant_role, hash_password
from app.accounts.vocabulary import OrganisationType, Role
from app.demo.names import person_name
from app.demo.organisations import MadeOrganisation
from app.domains.queries import list_domains, parent_of
from app.experts.usecases import add_expert

HOME = "370000"
NATIONAL_ROLES = (
    Role.NATIONAL_AUDITOR, Role.MANAGER, Role.LEADER, Role.SECRETARY, Role.SUPERVISOR, Role.OBJECTION_HANDLER,
    Role.DESIGNER, Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN,
)  # fmt: skip
TITLES = ("研究员", "教授", "正高级工程师", "高级工程师", "副研究员")


@dataclass(slots=True)
class People:
    """Who acts in the demo."""

    filers: list[User] = field(default_factory=list)
    raters: int = 0
    experts: int = 0


class Roster:
    """Opens accounts that share one password hash."""

    def __init__(self, *, password: str, chance: Random) -> None:
        self.password_hash = hash_password(password)
        self.chance = chance

    def open(
        self, username: str, *roles: tuple[Role, str], organisation_id: int | None, job: str | None = None
    ) -> User:
        """An account with roles as (role, scope code)."""
        user = create_user(
            username=username,
            name=person_name(self.chance),
            password_hash=self.password_hash,
            organisation_id=organisation_id,
            job_role=job,
            email=f"{username}@demo.example",
            is_demo=True,
        )
        for role, scope in roles:
            grant_role(user=user, role=role, scope_code=scope)
        return user


def open_accounts(
    *, organisations: Sequence[MadeOrganisation], offices: dict[str, int], experts: int, roster: Roster
) -> People:
    """Every account of the demo."""
    people = People()
    _open_national(roster)
    _open_provincial(roster, offices)
    _open_of_organisations(roster, organisations, people)
    _open_experts(roster, organisations, experts, people)
    return people


def _open_national(roster: Roster) -> None:
    office = create_organisation(
        name="国家知识产权局（演示）", type=OrganisationType.IP_NATIONAL, province_code=None, is_demo=True
    )
    for role in NATIONAL_ROLES:
        roster.open(role.value, (role, ""), organisation_id=office.id)
    for role in (Role.NATIONAL_AUDITOR, Role.MANAGER):
        roster.open(f"{role.value}_2", (role, ""), organisation_id=office.id)


def _open_provincial(roster: Roster, offices: dict[str, int]) -> None:
    for region in list_regions():
        suffix = region.code[:2]
        for role in (Role.PROVINCE_CONTACT, Role.PROVINCE_AUDITOR, Role.PROVINCE_LEADER):
            roster.open(f"{role.value}_{suffix}", (role, region.code), organisation_id=offices[region.code])
            if region.code == HOME:
                roster.open(role.value, (role, region.code), organisation_id=offices[region.code])
        roster.open(
            f"city_auditor_{suffix}", (Role.CITY_AUDITOR, f"{suffix}0100"), organisation_id=offices[region.code]
        )
    roster.open("city_auditor", (Role.CITY_AUDITOR, f"{HOME[:2]}0100"), organisation_id=offices[HOME])


def _open_of_organisations(roster: Roster, organisations: Sequence[MadeOrganisation], people: People) -> None:
    """The first enterprise and department of the home province hold the accounts without number."""
    numbers = {Role.FILER: 1, Role.RATER: 1, Role.GOV_USER: 1}
    for made in organisations:
        for role in _roles_of(made):
            if numbers[role] == 1 and made.province_code != HOME:
                continue
            name = role.value if numbers[role] == 1 else f"{role.value}_{numbers[role]}"
            numbers[role] += 1
            job = "GOV" if role is Role.GOV_USER else "IP"
            user = roster.open(name, (role, str(made.id)), organisation_id=made.id, job=job)
            if role is Role.FILER:
                user.is_organisation_admin = True
                people.filers.append(user)
            else:
                people.raters += 1


def _roles_of(made: MadeOrganisation) -> tuple[Role, ...]:
    """Universities and institutes rate and send experts; they do not file, so that their experts may judge."""
    match made.type:
        case OrganisationType.PROV_DEPT:
            return (Role.GOV_USER,)
        case OrganisationType.SERVICE:
            return (Role.FILER,)
        case OrganisationType.UNIVERSITY | OrganisationType.RESEARCH:
            return (Role.RATER,)
    return (Role.FILER, Role.RATER)


def _mastered(home: MadeOrganisation, leaves: Sequence[str]) -> tuple[str, ...]:
    """The organisation's main domain, then its whole industry, then its other domains."""
    industry = [code for code in leaves if parent_of(code) == parent_of(home.domains[0])]
    return tuple(dict.fromkeys((home.domains[0], *industry, *home.domains)))


def _open_experts(roster: Roster, organisations: Sequence[MadeOrganisation], count: int, people: People) -> None:
    """Experts come from institutes and universities of all areas, and master the industry of their organisation."""
    leaves = [domain.code for domain in list_domains(level=2)]
    homes = [made for made in organisations if made.type in (OrganisationType.UNIVERSITY, OrganisationType.RESEARCH)]
    for number in range(1, count + 1):
        home = homes[(number * 5) % len(homes)]
        name = "expert" if number == 1 else f"expert_{number}"
        user = roster.open(name, (Role.EXPERT, ""), organisation_id=home.id)
        add_expert(
            user_id=user.id,
            title=roster.chance.choice(TITLES),
            domains=_mastered(home, leaves),
            years=roster.chance.randrange(8, 30),
            organisation_id=home.id,
            is_demo=True,
        )
        people.experts += 1
    chair = roster.open("chair", (Role.EXPERT, ""), (Role.CHAIR, ""), organisation_id=homes[0].id)
    add_expert(
        user_id=chair.id, title="研究员", domains=homes[0].domains, years=25, organisation_id=homes[0].id, is_demo=True
    )
