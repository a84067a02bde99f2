"""An audit step with the real form, three items in Shandong, and the people around them."""

from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.usecases import load_regions
from app.accounts.vocabulary import Role
from app.formdefs.queries import forget_forms
from app.formdefs.usecases import deploy_forms
from app.inbox import pages
from app.kernel import clock
from app.kernel.transaction import transaction
from app.processes import doors as doors_module
from app.processes.doors import Subject, doors, open_doors
from app.processes.starting import start_instance
from config import ROOT
from tests.factories.accounts import make_actor, make_organisation
from tests.support.browser import sign_in
from tests.support.diagrams import diagram, end, flows, start
from tests.support.proofs import deploy_proven

MONDAY = datetime(2026, 6, 22, 2, 0, tzinfo=UTC)
OUTCOMES = (
    '<bpmn:extensionElements><lodestar:outcome code="approve" zh="通过" en="Approve"/>'
    '<lodestar:outcome code="return_for_correction" zh="退回补正" en="Return for correction" requires="reasons,opinion"/>'
    '<lodestar:outcome code="reject" zh="不予通过" en="Reject" requires="opinion"/></bpmn:extensionElements>'
)
AUDIT = diagram(
    "audit_case",
    start()
    + f'<bpmn:userTask id="prov_audit" name="省级审核" lodestar:form="audit_opinion" lodestar:dueWorkdays="3">{OUTCOMES}</bpmn:userTask>'
    + '<bpmn:userTask id="confirm" name="确认归档"/>'
    + end()
    + flows("begin>prov_audit", "prov_audit>confirm", "confirm>end"),
    lanes={"province_auditor": "prov_audit confirm"},
)


@pytest.fixture(autouse=True)
def monday():
    with clock.at(MONDAY):
        yield


@pytest.fixture
def case(app):
    """Starts one audit case; the doors stand open without rooms above."""
    before = doors()
    open_doors(operations={}, collections={}, completions={}, stages=frozenset())
    forget_forms()
    designer = make_actor(Role.DESIGNER)
    with transaction():
        load_regions()
        deploy_forms(folder=ROOT / "forms", actor=designer)
        deploy_proven(xml=AUDIT, actor=designer)
    organisation = make_organisation(name="鲁澜海洋装备研究院")

    def start_one(title: str, *, province_code: str = "370000", opened_days_ago: int = 0, number: int = 1) -> None:
        with clock.at(MONDAY - timedelta(days=opened_days_ago)), transaction():
            start_instance(
                process="audit_case",
                subject=Subject("case", number),
                title=title,
                actor=designer,
                province_code=province_code,
                organisation_id=organisation,
            )

    yield start_one
    doors_module._doors = before
    forget_forms()


@pytest.fixture
def auditor(case):
    return make_actor(Role.PROVINCE_AUDITOR, scope_code="370000")


@pytest.fixture
def colleague(case):
    return make_actor(Role.PROVINCE_AUDITOR, scope_code="370000")


@pytest.fixture
def browser(app, auditor):
    return sign_in(app.test_client(), auditor.id)


@pytest.fixture(autouse=True)
def own_pages(app, monkeypatch):
    """No pages of rooms above: the generic page serves, unless a test fills the tables."""
    monkeypatch.setattr(pages, "_pages", pages.Pages())
    return pages._pages
