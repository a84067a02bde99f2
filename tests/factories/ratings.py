"""A round whose candidacies stand to be rated: a filer, enterprises and institutes of many provinces, their raters."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from app.accounts.models import Organisation, OrganisationDomain, OrganisationHonour
from app.accounts.queries import actor_of
from app.accounts.usecases import create_organisation, create_user, grant_role, load_regions
from app.accounts.vocabulary import Role
from app.candidacies.models import Candidacy
from app.candidacies.vocabulary import Standing
from app.domains.usecases import load_domains
from app.filings.models import ApplicationProof, Filing, FilingParty
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.ratings.checking import check_rating
from app.ratings.models import Rating, RatingSeat
from app.ratings.usecases import submit_rating
from app.rounds.models import Round, Stage
from app.rounds.vocabulary import StageCode
from tests.factories.filings import make_round

SHANDONG = "370000"
PROVINCES = ("370000", "320000", "330000", "440000", "110000")
RATING_DAY = datetime(2026, 9, 15, 2, tzinfo=UTC)
RATING_ENDS = datetime(2026, 10, 12, 15, 59, 59, tzinfo=UTC)
SECOND_ENDS = datetime(2026, 10, 26, 15, 59, 59, tzinfo=UTC)
GOOD = {
    "no_interest": True,
    "useful": "4",
    "data": "4",
    "actionable": "3",
    "innovative": "4",
    "usage": "intends",
}


@dataclass(slots=True)
class Field:
    """What a test of ratings works with."""

    round_id: int = 0
    filer_id: int = 0
    filer: Actor | None = None
    candidacy_ids: list[int] = field(default_factory=list)
    raters: dict[int, Actor] = field(default_factory=dict)
    """By organisation."""

    @property
    def round(self) -> Round:
        return session.get_one(Round, self.round_id)


def make_field(*, enterprises: int = 12, institutes: int = 3, candidacies: int = 1, **more) -> Field:
    """Enterprises with a valid title and institutes, all in domain 2.5, and candidacies of one filer in Shandong."""
    made = Field()
    with transaction():
        load_regions()
        load_domains()
        filing_round = make_round()
        for position, (code, ends) in enumerate(
            ((StageCode.RATING, RATING_ENDS), (StageCode.RATING_SECOND, SECOND_ENDS)), start=7
        ):
            filing_round.stages.append(Stage(code=code, position=position, closes_at=ends))
        made.round_id = filing_round.id
        filer = create_organisation(name="鲁澜海洋装备研究院", type="RESEARCH", province_code=SHANDONG)
        made.filer_id = filer.id
        made.filer = _person("filer", filer, Role.FILER)
        for number in range(enterprises):
            add_target(made, name=f"青岚{number}号精工有限公司", kind="ENTERPRISE", number=number, honour="ADV")
        for number in range(institutes):
            add_target(made, name=f"云涛{number}海洋研究所", kind="RESEARCH", number=number)
        for number in range(candidacies):
            made.candidacy_ids.append(add_candidacy(made, number=number, **more).id)
    return made


def add_target(
    made: Field, *, name: str, kind: str, number: int = 0, honour: str | None = None, domain: str = "2.5",
    role: Role = Role.RATER, **more,
) -> Organisation:  # fmt: skip
    """An organisation that may be asked, with one rater; inside a transaction."""
    more.setdefault("province_code", PROVINCES[number % len(PROVINCES)])
    organisation = create_organisation(name=name, type=kind, **more)
    organisation.domains.append(OrganisationDomain(domain_code=domain))
    if honour:
        organisation.honours.append(OrganisationHonour(honour=honour, valid_from=date(2024, 1, 1), valid_to=None))
    made.raters[organisation.id] = _person(f"rater{organisation.id}", organisation, role)
    return organisation


def add_candidacy(
    made: Field, *, number: int = 0, report_type: str = "INDUSTRY", domain: str = "2.5", party: str = "青岛市知识产权局",
    standing: str = Standing.IN_RATING, proofs: tuple[str, ...] = (), organisation_id: int | None = None,
) -> Candidacy:  # fmt: skip
    """A filed report and its candidacy; inside a transaction."""
    filer_id = organisation_id or made.filer_id
    filing = Filing(
        kind="report",
        title=f"海水淡化膜材料{number}产业规划专利导航",
        report_type=report_type,
        domain_code=domain,
        round_id=made.round_id,
        province_code=SHANDONG,
        organisation_id=filer_id,
        filer_role="UNDERTAKER",
        is_willing=True,
        abstract="本报告分析海水淡化膜材料的专利布局。",
        values={},
        status="FILED",
        created_by=0,
        created_at=RATING_DAY,
        submitted_at=RATING_DAY,
        parties=[FilingParty(role="COMMISSIONER", name=party)],
        proofs=[
            ApplicationProof(end="GOV", type="POLICY_ADOPTED", level=level, issuer="某局", is_valid=True)
            for level in proofs
        ],
    )
    session.add(filing)
    session.flush()  # the candidacy names the filing's id
    candidacy = Candidacy(
        round_id=made.round_id,
        filing_id=filing.id,
        title=filing.title,
        report_type=report_type,
        domain_code=domain,
        province_code=SHANDONG,
        organisation_id=filer_id,
        standing=standing,
        created_at=RATING_DAY,
    )
    session.add(candidacy)
    session.flush()  # the field keeps the candidacy's id
    return candidacy


def _person(name: str, organisation: Organisation, role: Role) -> Actor:
    user = create_user(username=name, name=f"{name}某", password_hash="-", organisation_id=organisation.id)
    grant_role(user=user, role=role, scope_code=str(organisation.id))
    session.flush()  # the grants of the actor below are read from the user
    return actor_of(user)


def hand_in(seat: RatingSeat, actor: Actor, **more: object) -> Rating:
    """A good rating of this seat, changed by `more`, checked as the diagram's next step does; in an open transaction."""
    rating = submit_rating(seat_id=seat.id, values={**GOOD, **more}, actor=actor)
    check_rating(rating)
    return rating
