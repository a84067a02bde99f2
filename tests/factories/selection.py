"""A pool, an expert bank, and the flows that lead panels from the draw to the minutes."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.queries import actor_of
from app.accounts.usecases import create_organisation, create_user, grant_role, load_regions
from app.accounts.vocabulary import Role
from app.candidacies.models import Candidacy
from app.candidacies.vocabulary import Standing
from app.domains.usecases import load_domains
from app.engine import compile_definition
from app.experts.models import Expert
from app.experts.usecases import add_expert
from app.filings.models import Filing
from app.formdefs.queries import forget_forms
from app.formdefs.usecases import deploy_form
from app.inbox.usecases import Completed, complete_item
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.models import ProcessDefinition, WorkItem
from app.processes.usecases import set_stage_deadline
from app.processes.vocabulary import ItemStatus
from app.ratings.models import RatingAggregate
from app.rounds.models import Programme, Round, Stage
from app.rounds.vocabulary import STAGES, RoundStatus
from config import ROOT
from tests.support.diagrams import boundary_message, catch, diagram, end, flows, gateway, set_call, start

MORNING = datetime(2026, 10, 12, 1, tzinfo=UTC)
REVIEW_END = datetime(2026, 11, 2, 10, tzinfo=UTC)
PROVINCES = ("110000", "310000", "320000", "330000", "420000", "440000", "510000", "610000")
STAFF = {
    "manager": Role.MANAGER,
    "manager_2": Role.MANAGER,
    "secretary": Role.SECRETARY,
    "supervisor": Role.SUPERVISOR,
    "leader": Role.LEADER,
}
PROCESSES = ("panel_meeting", "panel_action", "expert_review")
FORMS = [
    "approval",
    "attendance",
    "declaration",
    "draw_rules",
    "panel_answer",
    "panel_confirmation",
    "panel_opinion",
    "pledge",
    "refill",
    "score_sheet",
    "witness",
]
CANDIDACY = diagram(
    "test_candidacy",
    start()
    + catch("ready", "experts_ready")
    + set_call("reviews", called="expert_review", collection="selection.assigned_seats")
    + boundary_message("locked_early", attached_to="reviews", message="scores_locked")
    + catch("locked", "scores_locked")
    + gateway("on")
    + catch("decided", "panel_decided")
    + end()
    + flows(
        "begin>ready", "ready>reviews", "reviews>locked", "locked>on", "locked_early>on", "on>decided", "decided>end"
    ),
    messages=("experts_ready", "scores_locked", "panel_decided"),
)
OPINION = "技术分支划分合理，检索策略完整，结论与数据一致，应用证据可以核对，建议继续推广并补充国外布局分析，主要依据见第22至35页。"
SHEET = {
    "goal": 9, "method": 13, "data": 12, "report": 17, "application": 25, "outreach": 7,
    "opinion": OPINION, "recommend": "yes",
}  # fmt: skip


@dataclass(slots=True)
class Hall:
    """The round, its staff by name, its candidacies and experts in order."""

    round_id: int
    people: dict[str, Actor]
    candidacies: list[int] = field(default_factory=list)
    experts: list[int] = field(default_factory=list)

    def __getitem__(self, name: str) -> Actor:
        return self.people[name]


def make_hall(*, items: int = 4, experts: int = 12, **parameters: Any) -> Hall:
    """A running round with candidacies of Shandong and experts of eight other provinces, each of an own house."""
    with transaction():
        load_regions()
        load_domains()
        session.add(
            Programme(
                code="province", name_zh="导航", name_en="N", object_type="PROVINCE", process_key="evaluation_round"
            )
        )
        made = Round(
            programme_code="province",
            name="2026年度评价周期",
            period_from=date(2025, 10, 1),
            period_to=date(2026, 9, 30),
            starts_on=date(2026, 3, 1),
            status=RoundStatus.RUNNING,
            parameters=parameters,
            created_at=MORNING,
            stages=[
                Stage(code=plan.code, position=n, closes_at=MORNING + timedelta(weeks=n))
                for n, plan in enumerate(STAGES, start=1)
            ],
        )
        session.add(made)
        session.flush()
        hall = Hall(made.id, {name: _person(name, role) for name, role in STAFF.items()})
        hall.candidacies = [add_candidacy(made.id, number) for number in range(1, items + 1)]
        hall.experts = [_expert(number) for number in range(1, experts + 1)]
    return hall


def _person(name: str, role: Role, organisation_id: int | None = None) -> Actor:
    user = create_user(username=name, name=f"{name}某", password_hash="-", organisation_id=organisation_id)
    grant_role(user=user, role=role)
    session.flush()
    return actor_of(user)


def add_candidacy(
    round_id: int,
    number: int,
    *,
    province: str = "370000",
    report_type: str = "INDUSTRY",
    domain: str = "3.1",
    **more: Any,
) -> int:
    """A candidacy in rating with its filing and its ratings; the composite falls with the number."""
    owner = create_organisation(name=f"沂川第{number}新材料有限公司", type="ENTERPRISE", province_code=province)
    filing = Filing(
        number=f"BA-{round_id}-{number}",
        kind="report",
        title=f"高温合金粉末专利导航之{number}",
        report_type=report_type,
        domain_code=domain,
        round_id=round_id,
        province_code=province,
        organisation_id=owner.id,
        filer_role="UNDERTAKER",
        is_willing=True,
        values={},
        status="FILED",
        created_by=1,
        created_at=MORNING,
        submitted_at=MORNING,
    )
    session.add(filing)
    session.flush()
    candidacy = Candidacy(
        round_id=round_id,
        filing_id=filing.id,
        title=filing.title,
        report_type=report_type,
        domain_code=domain,
        province_code=province,
        organisation_id=owner.id,
        created_at=MORNING,
        **{"standing": Standing.IN_RATING, "quorum_met": True} | more,
    )
    session.add(candidacy)
    session.flush()
    session.add(
        RatingAggregate(
            candidacy_id=candidacy.id,
            round_id=round_id,
            title=candidacy.title,
            votes=9,
            enterprises=6,
            seats=30,
            pending=0,
            mean=Decimal("4.2"),
            bayes=Decimal("4.1"),
            parts={},
            weights={},
            composite=Decimal(95 - number),
            quorum_met=True,
            computed_at=MORNING,
        )
    )
    return candidacy.id


def _expert(number: int) -> int:
    house = create_organisation(
        name=f"澄湖第{number}研究院", type="RESEARCH", province_code=PROVINCES[number % len(PROVINCES)]
    )
    actor = _person(f"expert_{number}", Role.EXPERT, house.id)
    return add_expert(
        user_id=actor.id or 0, title="研究员", domains=["3.1", "3.2"], years=12, organisation_id=house.id
    ).id


def deploy_panel_flows() -> None:
    """The diagrams and forms of a panel; their proofs are the business of the tests of workflows."""
    forget_forms()
    diagrams = {key: (ROOT / "workflows" / f"{key}.bpmn").read_bytes() for key in PROCESSES}
    with transaction():
        for key in FORMS:
            deploy_form(key=key, schema=(ROOT / "forms" / f"{key}.form").read_bytes(), actor=SYSTEM)
        for key, xml in {**diagrams, "test_candidacy": CANDIDACY}.items():
            session.add(
                ProcessDefinition(
                    key=key,
                    version=1,
                    name=compile_definition(xml).name or key,
                    checksum=hashlib.sha256(xml).hexdigest(),
                    bpmn_xml=xml,
                    deployed_at=MORNING,
                    proof={},
                )
            )


def set_review_end(hall: Hall, moment: datetime = REVIEW_END) -> None:
    with transaction():
        set_stage_deadline(batch_id=hall.round_id, stage_code="expert_review", closes_at=moment)


def open_items(**wanted: Any) -> list[WorkItem]:
    """Open work items with these columns."""
    query = select(WorkItem).where(WorkItem.status == ItemStatus.OPEN).order_by(WorkItem.id)
    return list(session.scalars(query.filter_by(**wanted)).all())


def act(node: str, actor: Actor, outcome: str, **values: Any) -> Completed:
    """Completes the one open item of a node through the inbox."""
    (item,) = open_items(node=node)
    return act_on(item, actor, outcome, **values)


def act_on(item: WorkItem, actor: Actor, outcome: str, **values: Any) -> Completed:
    with transaction():
        return complete_item(item_id=item.id, outcome=outcome, values=values, actor=actor)


def person(user_id: int) -> Actor:
    return actor_of(session.get_one(User, user_id))


def expert_person(expert_id: int) -> Actor:
    return person(session.get_one(Expert, expert_id).user_id)
