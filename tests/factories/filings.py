"""Filings and the people around them: one province, one city, a filer, its auditors."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select, select

from app.accounts.models import Organisation
from app.accounts.queries import actor_of
from app.accounts.usecases import create_organisation, create_user, grant_role, load_regions
from app.accounts.vocabulary import Role
from app.attachments import storage as storage_module
from app.attachments.storage import configure_storage
from app.attachments.usecases import store_file
from app.domains.usecases import load_domains
from app.engine import compile_definition
from app.filings.models import Filing
from app.filings.usecases import create_draft, submit_filing
from app.formdefs.queries import forget_forms
from app.formdefs.usecases import deploy_form
from app.inbox.usecases import Completed, complete_item
from app.kernel import clock
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.models import ProcessDefinition, WorkItem
from app.processes.vocabulary import ItemStatus
from app.rounds.models import Programme, Round, Stage
from app.rounds.vocabulary import RoundStatus, StageCode
from config import ROOT
from tests.factories.attachments import pdf

SHANDONG, JIANGSU = "370000", "320000"
QINGDAO = "370200"
MORNING = datetime(2026, 5, 20, 1, tzinfo=UTC)
FORMS = ("filing", "filing_database", "filing_tool", "audit_opinion", "correction")


@dataclass(slots=True)
class Place:
    """Who is there: actors by the name of their role, organisations by a short name."""

    round_id: int
    organisations: dict[str, Organisation]
    people: dict[str, Actor]

    def __getitem__(self, name: str) -> Actor:
        return self.people[name]


def deploy_filing_flow() -> None:
    """The forms and the diagram of the filing process; its proof is the business of the tests of workflows."""
    forget_forms()
    xml = (ROOT / "workflows" / "filing.bpmn").read_bytes()
    with transaction():
        for key in FORMS:
            deploy_form(key=key, schema=(ROOT / "forms" / f"{key}.form").read_bytes(), actor=SYSTEM)
        session.add(
            ProcessDefinition(
                key="filing",
                version=1,
                name=compile_definition(xml).name,
                checksum=hashlib.sha256(xml).hexdigest(),
                bpmn_xml=xml,
                deployed_at=MORNING,
                proof={},
            )
        )


@contextmanager
def place_on_a_morning(folder: Path) -> Iterator[Place]:
    """A province with its people, on a morning in May while filing is open; its files lie in `folder`."""
    before = storage_module._storage
    configure_storage(f"file://{folder}")
    with clock.at(MORNING):
        deploy_filing_flow()
        yield make_place()
    storage_module._storage = before


def make_place() -> Place:
    """A running round in Shandong, with organisations of two provinces and one person per role."""
    with transaction():
        load_regions()
        load_domains()
        organisations = {
            "filer": create_organisation(
                name="鲁澜海洋装备研究院", type="RESEARCH", province_code=SHANDONG, city_code=QINGDAO
            ),
            "client": create_organisation(name="青岛市知识产权局", type="IP_CITY", province_code=SHANDONG),
            "office": create_organisation(name="山东省知识产权局", type="IP_PROV", province_code=SHANDONG),
            "nation": create_organisation(name="国家知识产权局", type="IP_NATIONAL", province_code=None),
            "agency": create_organisation(name="苏河专利服务有限公司", type="SERVICE", province_code=JIANGSU),
            "rival": create_organisation(name="江浦膜业有限公司", type="ENTERPRISE", province_code=JIANGSU),
        }
        people = {
            "filer": _person("filer", organisations["filer"], Role.FILER),
            "client": _person("client", organisations["client"], Role.FILER),
            "agency": _person("agency", organisations["agency"], Role.FILER),
            "rival": _person("rival", organisations["rival"], Role.FILER),
            "office": _person("office", organisations["office"], Role.FILER),
            "contact": _person("contact", organisations["office"], Role.PROVINCE_CONTACT, SHANDONG),
            "city": _person("city", organisations["client"], Role.CITY_AUDITOR, QINGDAO),
            "province": _person("province", organisations["office"], Role.PROVINCE_AUDITOR, SHANDONG),
            "jiangsu": _person("jiangsu", organisations["agency"], Role.PROVINCE_AUDITOR, JIANGSU),
            "national": _person("national", organisations["nation"], Role.NATIONAL_AUDITOR),
        }
        round_id = make_round().id
    return Place(round_id, organisations, people)


def _person(name: str, organisation: Organisation, role: Role, scope: str = "") -> Actor:
    user = create_user(username=name, name=f"{name}某", password_hash="-", organisation_id=organisation.id)
    own = {Role.FILER: str(organisation.id)}
    grant_role(user=user, role=role, scope_code=scope or own.get(role, ""))
    session.flush()  # the grants of the actor below are read from the user
    return actor_of(user)


def make_round(year: int = 2026, status: str = RoundStatus.RUNNING, **more: Any) -> Round:
    """A round whose filing stage ends with June; inside a transaction."""
    if session.get(Programme, "province") is None:
        session.add(
            Programme(
                code="province",
                name_zh="专利导航",
                name_en="Navigation",
                object_type="PROVINCE",
                process_key="evaluation_round",
            )
        )
    made = Round(
        programme_code="province",
        name=f"{year}年度评价周期",
        period_from=date(year - 1, 10, 1),
        period_to=date(year, 9, 30),
        starts_on=date(year, 3, 1),
        status=status,
        parameters={},
        created_at=MORNING,
        stages=[Stage(code=StageCode.FILING, position=1, closes_at=datetime(year, 6, 30, 15, 59, 59, tzinfo=UTC))],
        **more,
    )
    session.add(made)
    session.flush()  # filings name the round's id
    return made


def upload(actor: Actor, text: str = "HELLO", name: str = "报告.pdf") -> int:
    """The id of a PDF that the actor has uploaded."""
    with transaction():
        return store_file(stream=io.BytesIO(pdf(text)), name=name, actor=actor, limit_mb=1).id


def report_values(actor: Actor, **more: Any) -> dict[str, Any]:
    """A whole report form; `text` of its PDF decides the file's hash."""
    text = more.pop("text", "HELLO")
    values: dict[str, Any] = {
        "title": "海水淡化膜材料产业规划专利导航",
        "report_type": "INDUSTRY",
        "domain": "2.5",
        "filer_role": "UNDERTAKER",
        "commissioner": "青岛市知识产权局",
        "undertaker": "鲁澜海洋装备研究院",
        "funding_level": "CITY",
        "fiscal_amount": 45,
        "started_on": "2025-11-01",
        "finished_on": "2026-03-31",
        "accepted_on": "2026-04-20",
        "abstract": "本报告分析海水淡化膜材料的专利布局，提出本省产业发展路径与重点攻关方向。",
        "search_cutoff": "2026-03-01",
        "report_file": upload(actor, text),
        "commitment_file": upload(actor, f"SEAL {text}", "承诺书.pdf"),
        "willing": True,
        "contact_name": "林雨",
        "contact_mobile": "13900000000",
        "unclassified": True,
        "original": True,
    }
    return values | more


def draft(actor: Actor, organisation_id: int | None = None, **more: Any) -> Filing:
    values = report_values(actor, **more)
    with transaction():
        return create_draft(kind="report", values=values, actor=actor, organisation_id=organisation_id)


def submitted(actor: Actor, confirm: frozenset[str] = frozenset(), **more: Any) -> Filing:
    made = draft(actor, **more)
    with transaction():
        return submit_filing(filing_id=made.id, actor=actor, confirm=confirm)


def open_node(filing_id: int) -> str | None:
    """Where the filing waits for a person."""
    return session.scalar(_open_item(filing_id).with_only_columns(WorkItem.node))


def decide(filing_id: int, actor: Actor, outcome: str, **values: Any) -> Completed:
    """Completes the filing's open item through the inbox."""
    item_id = session.scalars(_open_item(filing_id).with_only_columns(WorkItem.id)).one()
    with transaction():
        return complete_item(item_id=item_id, outcome=outcome, values=values, actor=actor)


def _open_item(filing_id: int) -> Select[WorkItem]:
    return select(WorkItem).where(
        WorkItem.subject_type == "filing", WorkItem.subject_id == filing_id, WorkItem.status == ItemStatus.OPEN
    )
