"""The manager's risks: each figure leads to the list of just what it counts."""

import re

import pytest

from app.accounts.vocabulary import Role
from app.attachments import storage as storage_module
from app.attachments.storage import configure_storage
from app.dashboard.risks import Risk, count_risks
from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.models import ProcessInstance
from app.processes.operating.incident_models import Incident
from tests.factories.accounts import make_actor
from tests.factories.announcements import NOTICE_DAY, SECRET_NAME, make_notice, object_to
from tests.support.browser import sign_in


@pytest.fixture
def notice(app, tmp_path):
    """A public notice of three items; its round has one panel that was not drawn."""
    before = storage_module._storage
    configure_storage(f"file://{tmp_path}")
    with clock.at(NOTICE_DAY):
        yield make_notice()
    storage_module._storage = before


def lines(client, risk: Risk) -> list[str]:
    """The titles of the list behind a figure."""
    page = sign_in(client, make_actor(Role.MANAGER).id).get(f"/board/risks/{risk}").text
    return re.findall(r'<td role="cell" class="wide">(?:<a[^>]*>|<b>)([^<]+)', page)


def test_every_figure_counts_the_lines_of_its_list(client, notice):
    object_to(notice.item_ids[0])
    object_to(notice.item_ids[1])

    counted = count_risks()

    assert counted == {Risk.SHORT: 0, Risk.PANELS: 1, Risk.OBJECTIONS: 2, Risk.INCIDENTS: 0}
    assert {risk: len(lines(client, risk)) for risk in Risk} == counted


def test_the_home_links_only_to_lists_with_lines(client, notice):
    object_to(notice.item_ids[0])

    page = sign_in(client, make_actor(Role.MANAGER).id).get("/").text

    assert "/board/risks/objections" in page
    assert "/board/risks/short" not in page


def test_the_list_of_objections_names_the_item_and_nobody_who_objects(client, notice):
    object_to(notice.item_ids[0])

    page = sign_in(client, make_actor(Role.MANAGER).id).get("/board/risks/objections").text

    assert notice.item().title in page
    assert SECRET_NAME not in page


def test_a_stopped_case_is_listed_by_its_title(client, notice):
    objection, _ = object_to(notice.item_ids[0])
    instance = session.get_one(ProcessInstance, objection.instance_id)
    with transaction():
        session.add(
            Incident(
                instance_id=instance.id,
                reference="r1",
                origin="job",
                node="formal",
                cause="LookupError",
                at=clock.now(),
                last_at=clock.now(),
            )
        )

    page = sign_in(client, make_actor(Role.MANAGER).id).get("/board/risks/incidents").text

    assert lines(client, Risk.INCIDENTS) == [instance.title]
    assert "形式审查" in page
    assert "LookupError" not in page


@pytest.mark.parametrize("role", [Role.LEADER, Role.PROVINCE_CONTACT, Role.EXPERT])
def test_only_managers_read_the_lists(client, notice, role):
    scope = "370000" if role is Role.PROVINCE_CONTACT else ""

    assert sign_in(client, make_actor(role, scope_code=scope).id).get("/board/risks/panels").status_code == 403


def test_an_unknown_risk_is_not_there(client, notice):
    assert sign_in(client, make_actor(Role.MANAGER).id).get("/board/risks/luck").status_code == 404


def test_the_security_administrator_reads_who_holds_a_privileged_role(client, app):
    manager = make_actor(Role.MANAGER)
    browser = sign_in(client, make_actor(Role.SEC_ADMIN).id)

    assert "/board/roles/manager" in browser.get("/").text
    assert manager.name in browser.get("/board/roles/manager").text
    assert browser.get("/board/roles/expert").status_code == 404
