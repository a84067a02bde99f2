"""Invented organisations of every kind, seeded: the same seed gives the same world."""

from dataclasses import dataclass
from datetime import date
from random import Random

from app.accounts.models import OrganisationDomain, OrganisationHonour
from app.accounts.queries import list_regions
from app.accounts.rules import USCC_ALPHABET, uscc_check_character
from app.accounts.usecases import create_organisation
from app.accounts.vocabulary import Honour, OrganisationType
from app.demo.names import CAPITALS, TRADES, WORDS
from app.domains.queries import list_domains

HONOURED_SINCE = date(2023, 1, 1)


@dataclass(frozen=True, slots=True)
class MadeOrganisation:
    """What the demo remembers of an organisation."""

    id: int
    name: str
    type: str
    province_code: str
    city_code: str
    domains: tuple[str, ...]


def make_uscc(chance: Random, region: str) -> str:
    """A credit code that passes GB 32100-2015; its body is random."""
    body = "91" + region + "".join(chance.choice(USCC_ALPHABET) for _ in range(9))
    return body + uscc_check_character(body)


def make_offices() -> dict[str, int]:
    """The office of every province, which evaluates and is evaluated: region code -> organisation id."""
    offices = {}
    for region in list_regions():
        made = create_organisation(
            name=region.body_name, type=OrganisationType.IP_PROV, province_code=region.code, is_demo=True
        )
        offices[region.code] = made.id
    return offices


def make_organisations(*, count: int, chance: Random) -> list[MadeOrganisation]:
    """`count` organisations over all areas: mostly enterprises, then universities, institutes, departments, services."""
    regions = [region.code for region in list_regions()]
    leaves = [domain.code for domain in list_domains(level=2)]
    made: list[MadeOrganisation] = []
    names: set[str] = set()
    for number in range(count):
        # Shandong has more than others: the demo's accounts without number live there.
        region = "370000" if number % 8 == 0 else regions[(number * 7) % len(regions)]
        kind = _kind(number)
        domains = tuple(
            dict.fromkeys((leaves[(number + number // 20) % len(leaves)], chance.choice(leaves), chance.choice(leaves)))
        )
        name = _free_name(names, kind, region, domains[0], chance)
        made.append(_make_one(name=name, kind=kind, region=region, domains=domains, chance=chance, number=number))
    return made


def _kind(number: int) -> OrganisationType:
    place = number % 20
    if place < 13:
        return OrganisationType.ENTERPRISE
    if place < 15:
        return OrganisationType.UNIVERSITY
    if place < 17:
        return OrganisationType.RESEARCH
    return OrganisationType.PROV_DEPT if place < 19 else OrganisationType.SERVICE


def _free_name(names: set[str], kind: OrganisationType, region: str, domain: str, chance: Random) -> str:
    city = CAPITALS[region].removesuffix("市").removesuffix("区")
    while True:
        name = f"{city}{chance.choice(WORDS)}{_ending(kind, domain, chance)}"
        if name not in names:
            names.add(name)
            return name


def _ending(kind: OrganisationType, domain: str, chance: Random) -> str:
    trade = chance.choice(TRADES[domain[0]])
    match kind:
        case OrganisationType.ENTERPRISE:
            return f"{trade}有限公司"
        case OrganisationType.UNIVERSITY:
            return "理工学院"
        case OrganisationType.RESEARCH:
            return f"{trade}研究院"
        case OrganisationType.PROV_DEPT:
            return f"{chance.choice(('工业', '科技', '人才', '金融'))}发展服务中心"
    return "知识产权服务有限公司"


def _make_one(
    *, name: str, kind: OrganisationType, region: str, domains: tuple[str, ...], chance: Random, number: int
) -> MadeOrganisation:
    city_code = region[:2] + "0100"
    organisation = create_organisation(
        name=name,
        type=kind,
        province_code=region,
        uscc=make_uscc(chance, region),
        city_code=city_code,
        city_name=CAPITALS[region],
        is_demo=True,
    )
    organisation.phone = f"0{number % 900 + 100}-{chance.randrange(10**7):07d}"
    organisation.domains = [OrganisationDomain(domain_code=code) for code in domains]
    organisation.honours = [
        OrganisationHonour(honour=honour, valid_from=HONOURED_SINCE) for honour in _honours(kind, number)
    ]
    return MadeOrganisation(organisation.id, name, kind, region, city_code, domains)


def _honours(kind: OrganisationType, number: int) -> tuple[Honour, ...]:
    if kind is OrganisationType.ENTERPRISE:
        return (Honour.DEMO,) if number % 5 == 0 else (Honour.ADV,)
    if kind is OrganisationType.UNIVERSITY:
        return (Honour.UNI_DEMO,) if number % 4 == 0 else (Honour.UNI_PILOT,)
    return (Honour.SUPPORT_N,) if kind is OrganisationType.SERVICE else ()
