"""A small audit flow with the real form, deployed and driven through the API."""

from datetime import UTC, datetime
from io import BytesIO

import pytest

from app.accounts.usecases import load_regions
from app.accounts.vocabulary import Role
from app.attachments import storage as storage_module
from app.attachments.storage import configure_storage
from app.formdefs.queries import forget_forms
from app.formdefs.usecases import deploy_forms
from app.kernel import clock
from app.kernel.actor import SYSTEM
from app.kernel.transaction import transaction
from app.processes import doors as doors_module
from app.processes.doors import Subject, doors, open_doors
from app.processes.starting import start_instance
from config import ROOT
from tests.factories.accounts import make_actor, make_organisation
from tests.support.api_client import ApiClient
from tests.support.diagrams import diagram, end, flows, start
from tests.support.proofs import deploy_proven

MONDAY = datetime(2026, 6, 22, 2, 0, tzinfo=UTC)
OUTCOMES = (
    '<bpmn:extensionElements><lodestar:outcome code="approve" zh="同意" en="Agree"/>'
    '<lodestar:outcome code="return_for_correction" when="returns &lt; 1" requires="reasons,opinion"/>'
    '<lodestar:outcome code="reject" requires="opinion"/></bpmn:extensionElements>'
)
AUDIT = diagram(
    "audit_case",
    start()
    + f'<bpmn:userTask id="prov_audit" name="省级审核" lodestar:form="audit_opinion" lodestar:dueWorkdays="3">{OUTCOMES}</bpmn:userTask>'
    + '<bpmn:userTask id="confirm" name="确认归档"/>'
    + '<bpmn:userTask id="check" name="复核" lodestar:notBy="prov_audit"/>'
    + end()
    + flows("begin>prov_audit", "prov_audit>confirm", "confirm>check", "check>end"),
    lanes={"province_auditor": "prov_audit confirm check"},
)


@pytest.fixture(autouse=True)
def monday():
    with clock.at(MONDAY):
        yield


@pytest.fixture(autouse=True)
def storage(tmp_path):
    before = storage_module._storage
    configure_storage(f"file://{tmp_path}")
    yield
    storage_module._storage = before


@pytest.fixture
def forms(app):
    forget_forms()
    with transaction():
        load_regions()
        deploy_forms(folder=ROOT / "forms", actor=SYSTEM)
    yield
    forget_forms()


@pytest.fixture
def case(forms):
    """Starts one audit case; the doors stand open without rooms above. Returns the id of its open item's instance."""
    before = doors()
    open_doors(operations={}, collections={}, completions={}, stages=frozenset())
    designer = make_actor(Role.DESIGNER)
    with transaction():
        deploy_proven(xml=AUDIT, actor=designer)
    organisation = make_organisation(name="鲁澜海洋装备研究院")

    def start_one(title: str = "海水淡化膜材料", *, province_code: str = "370000", batch_id: int | None = None) -> int:
        with transaction():
            return start_instance(
                process="audit_case",
                subject=Subject("case", 7),
                title=title,
                actor=designer,
                province_code=province_code,
                organisation_id=organisation,
                batch_id=batch_id,
                variables={"returns": 0},
            )

    yield start_one
    doors_module._doors = before


@pytest.fixture
def person(client):
    """Signs somebody with these roles in: person(Role.X, scope_code="…")."""

    def sign_in(*roles: Role, **more) -> ApiClient:
        actor = make_actor(*roles, **more)
        made = ApiClient.for_user(client, actor.id)
        made.actor = actor
        return made

    return sign_in


@pytest.fixture
def auditor(case, person):
    return person(Role.PROVINCE_AUDITOR, scope_code="370000")


@pytest.fixture
def colleague(case, person):
    return person(Role.PROVINCE_AUDITOR, scope_code="370000")


@pytest.fixture
def stranger(case, person):
    return person(Role.PROVINCE_AUDITOR, scope_code="320000")


def bpmn(content: bytes, note: str = "首版", name: str = "flow.bpmn"):
    """A deployment's multipart body."""
    return {"file": (BytesIO(content), name), "note": note}
