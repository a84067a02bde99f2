"""Plans pushes from the database: targets, items with their exclusions, the rows of a plan."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, insert, or_, select

from app.accounts.models import Organisation, OrganisationDomain, OrganisationHonour, RoleGrant, User
from app.accounts.vocabulary import Honour, OrganisationType, Role, UserStatus
from app.candidacies.models import Candidacy
from app.candidacies.vocabulary import Standing
from app.conflicts.index import OrganisationIndex
from app.conflicts.queries import read_index
from app.conflicts.vocabulary import Verdict
from app.filings.models import FilingParty
from app.kernel import clock
from app.kernel.db import canonical_json, session
from app.ratings.models import PushItem as PushItemRow
from app.ratings.models import PushPlan, RatingSeat
from app.ratings.push import Choice, ItemPlan, PushItem, PushSettings, Target, TargetBook, plan_items
from app.ratings.vocabulary import Exclusion, PlanStatus, SeatRole, SeatState
from app.rounds.models import Round
from app.rounds.rules import read_parameter

HONOURS_OF_TYPE: Mapping[str, frozenset[str]] = {
    OrganisationType.ENTERPRISE: frozenset({Honour.ADV, Honour.DEMO}),
    OrganisationType.UNIVERSITY: frozenset({Honour.UNI_PILOT, Honour.UNI_DEMO}),
}
"""Titles that make a push target (R-023); research institutes need none."""
DEPARTMENTS = (OrganisationType.MINISTRY, OrganisationType.PROV_DEPT)
ASKED = (SeatState.SENT, SeatState.READ, SeatState.RATED)
CHUNK = 2_000


def settings_of(evaluation_round: Round, wishes: Mapping[str, Any] | None = None) -> PushSettings:
    """The round's settings push.*, with a manager's wishes for this plan laid over them."""

    def read(key: str) -> Any:  # noqa: ANN401 -- a setting is a number or a list
        wish = (wishes or {}).get(key)
        return read_parameter(evaluation_round.parameters, f"push.{key}") if wish is None else wish

    return PushSettings(
        targets_per_item=int(read("targets_per_item")),
        min_provinces=int(read("min_provinces")),
        max_own_province_share=float(read("max_own_province_share")),
        max_per_organisation=int(read("max_per_organisation")),
        types=frozenset(read("types")),
    )


def read_targets(on: date) -> Sequence[Target]:
    """Every organisation that may be asked on a day: titles valid then, not on a dishonesty list, departments invited."""
    domains, honours = _read_domains(), _read_honours(on)
    raters, invited = _organisations_with(Role.RATER), _organisations_with(Role.GOV_USER)
    rows = session.execute(
        select(Organisation.id, Organisation.type, Organisation.province_code)
        .where(
            Organisation.is_dishonest.is_(False),
            Organisation.type.in_([*HONOURS_OF_TYPE, OrganisationType.RESEARCH, *DEPARTMENTS]),
        )
        .order_by(Organisation.id)
    )
    targets = []
    for key, kind, province in rows:
        titles = tuple(sorted(honours[key] & HONOURS_OF_TYPE.get(kind, frozenset())))
        is_department = kind in DEPARTMENTS
        if (kind in HONOURS_OF_TYPE and not titles) or (is_department and key not in invited):
            continue
        role = SeatRole.GOV if is_department else SeatRole.ENT if kind == OrganisationType.ENTERPRISE else SeatRole.UNI
        account = key in (invited if is_department else raters)
        targets.append(Target(key, role, province, frozenset(domains[key]), titles, account))
    return targets


def _read_domains() -> Mapping[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for key, code in session.execute(select(OrganisationDomain.organisation_id, OrganisationDomain.domain_code)):
        found[key].add(code)
    return found


def _read_honours(on: date) -> Mapping[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    rows = session.execute(
        select(OrganisationHonour.organisation_id, OrganisationHonour.honour).where(
            OrganisationHonour.valid_from <= on,
            or_(OrganisationHonour.valid_to.is_(None), OrganisationHonour.valid_to >= on),
        )
    )
    for key, honour in rows:
        found[key].add(honour)
    return found


def _organisations_with(role: Role) -> frozenset[int]:
    """Organisations with an active user of this role."""
    query = (
        select(User.organisation_id)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.role == role, User.status == UserStatus.ACTIVE, User.organisation_id.is_not(None))
        .distinct()
    )
    return frozenset(key for key in session.scalars(query) if key is not None)


def read_items(candidacies: Sequence[Candidacy], index: OrganisationIndex) -> Sequence[PushItem]:
    """The candidacies as items of a plan, each with whom it excludes and why."""
    parties = _read_parties([candidacy.filing_id for candidacy in candidacies])
    asked = _read_asked([candidacy.id for candidacy in candidacies])
    return [
        PushItem(
            candidacy_id=candidacy.id,
            report_type=candidacy.report_type,
            domain_code=candidacy.domain_code,
            province_code=candidacy.province_code,
            excluded={
                **dict.fromkeys(asked[candidacy.id], Exclusion.ASKED_BEFORE),
                **exclude_organisations(candidacy.organisation_id, parties[candidacy.filing_id], index),
            },
        )
        for candidacy in candidacies
    ]


def exclude_organisations(
    filer_id: int, parties: Iterable[tuple[int | None, str]], index: OrganisationIndex
) -> Mapping[int, Exclusion]:
    """Who may not rate a result: its filer and parties, all related to them, and whose names are too close (E5)."""
    known = {key for key, _ in parties if key is not None}
    names = {name for _, name in parties if name} | {index.name_of(key) for key in known | {filer_id}}
    excluded: dict[int, Exclusion] = {}
    for name in sorted(names):
        for key, match in index.matches(name).items():
            same = match.verdict == Verdict.SAME
            if same or key not in excluded:
                excluded[key] = Exclusion.PARTY if same else Exclusion.NAME_RELATED
            if same:
                known.add(key)
    for key in index.families(known | {filer_id}):
        excluded[key] = Exclusion.RELATED
    return {**excluded, **dict.fromkeys(known, Exclusion.PARTY), filer_id: Exclusion.OWN}


def _read_parties(filing_ids: Sequence[int]) -> Mapping[int, list[tuple[int | None, str]]]:
    found: defaultdict[int, list[tuple[int | None, str]]] = defaultdict(list)
    for start in range(0, len(filing_ids), CHUNK):
        query = select(FilingParty.filing_id, FilingParty.organisation_id, FilingParty.name).where(
            FilingParty.filing_id.in_(filing_ids[start : start + CHUNK])
        )
        for filing_id, organisation_id, name in session.execute(query):
            found[filing_id].append((organisation_id, name))
    return found


def _read_asked(candidacy_ids: Sequence[int]) -> Mapping[int, list[int]]:
    """Organisations asked by an approved plan before."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for start in range(0, len(candidacy_ids), CHUNK):
        query = select(RatingSeat.candidacy_id, RatingSeat.organisation_id).where(
            RatingSeat.candidacy_id.in_(candidacy_ids[start : start + CHUNK]), RatingSeat.state != SeatState.PENDING
        )
        for candidacy_id, organisation_id in session.execute(query):
            found[candidacy_id].append(organisation_id)
    return found


def read_loads(round_id: int) -> Mapping[int, int]:
    """How many items each organisation has been given in this round; those declined do not count."""
    query = (
        select(RatingSeat.organisation_id, func.count())
        .where(RatingSeat.round_id == round_id, RatingSeat.state.in_(ASKED))
        .group_by(RatingSeat.organisation_id)
    )
    return dict(session.execute(query).all())


def write_plan(*, evaluation_round: Round, number: int, candidacies: Sequence[Candidacy]) -> PushPlan:
    """Draws and stores a plan as a draft; earlier drafts of the same push are replaced, never overwritten."""
    earlier = session.scalars(
        select(PushPlan)
        .where(PushPlan.round_id == evaluation_round.id, PushPlan.number == number)
        .order_by(PushPlan.attempt)
    ).all()
    for plan in earlier:
        plan.status = PlanStatus.REPLACED
    wishes = earlier[-1].wishes if earlier else None
    attempt = len(earlier) + 1
    settings = settings_of(evaluation_round, wishes)
    seed = make_seed(evaluation_round, number, attempt)
    book = TargetBook(read_targets(clock.today()), read_loads(evaluation_round.id))
    item_plans = plan_items(read_items(candidacies, read_index()), book, settings, seed=seed)
    plan = PushPlan(
        round_id=evaluation_round.id,
        number=number,
        attempt=attempt,
        seed=seed,
        parameters=describe_settings(settings),
        plan_hash=hash_plan(seed, settings, item_plans),
        status=PlanStatus.DRAFT,
        created_at=clock.now(),
    )
    session.add(plan)
    session.flush()  # items and seats name the plan's id
    _write_rows(plan, item_plans)
    return plan


def make_seed(evaluation_round: Round, number: int, attempt: int) -> str:
    """The seed of a plan: from the frozen parameters, so that nobody can pick a lucky one."""
    text = f"{evaluation_round.parameters_hash}:{evaluation_round.id}:{number}:{attempt}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def describe_settings(settings: PushSettings) -> dict[str, Any]:
    """Settings as JSON."""
    return {
        "targets_per_item": settings.targets_per_item,
        "min_provinces": settings.min_provinces,
        "max_own_province_share": settings.max_own_province_share,
        "max_per_organisation": settings.max_per_organisation,
        "types": sorted(settings.types),
    }


def hash_plan(seed: str, settings: PushSettings, plans: Iterable[ItemPlan]) -> str:
    """SHA-256 over seed, settings and every item's targets in their order."""
    content = [[plan.item.candidacy_id, [choice.target.organisation_id for choice in plan.choices]] for plan in plans]
    text = canonical_json({"seed": seed, "settings": describe_settings(settings), "items": content})
    return hashlib.sha256(text.encode()).hexdigest()


def _write_rows(plan: PushPlan, item_plans: Sequence[ItemPlan]) -> None:
    items = [
        {
            "plan_id": plan.id,
            "candidacy_id": item_plan.item.candidacy_id,
            "found": item_plan.found,
            "chosen": len(item_plan.choices),
            "provinces": item_plan.provinces,
            "own_province": item_plan.own_province,
            "shortages": list(item_plan.shortages),
            "exclusions": [[key, reason] for key, reason in item_plan.exclusions],
        }
        for item_plan in item_plans
    ]
    seats = [
        describe_seat(plan, item_plan.item.candidacy_id, choice)
        for item_plan in item_plans
        for choice in item_plan.choices
    ]
    for table, rows in ((PushItemRow, items), (RatingSeat, seats)):
        for start in range(0, len(rows), CHUNK):
            session.execute(insert(table), rows[start : start + CHUNK])


def describe_seat(plan: PushPlan, candidacy_id: int, choice: Choice) -> dict[str, Any]:
    """The columns of a seat for a choice, its reasons included."""
    return {
        "plan_id": plan.id,
        "round_id": plan.round_id,
        "candidacy_id": candidacy_id,
        "organisation_id": choice.target.organisation_id,
        "province_code": choice.target.province_code,
        "seat_role": choice.target.role,
        "rank": choice.rank,
        "reasons": {
            "fit": choice.fit,
            "honours": list(choice.target.honours),
            "load": choice.load,
            "draw": round(choice.draw, 6),
            "purpose": choice.purpose,
        },
        "state": SeatState.PENDING,
    }


def ratable_candidacies(round_id: int) -> Sequence[Candidacy]:
    """The candidacies of a round that passed the screening and stand to be rated."""
    return session.scalars(
        select(Candidacy)
        .where(Candidacy.round_id == round_id, Candidacy.standing == Standing.IN_RATING)
        .order_by(Candidacy.id)
    ).all()
