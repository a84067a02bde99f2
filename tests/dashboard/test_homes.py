"""Every role's home: the sentence, the one thing to do, and a fixed number of statements."""

import re

import pytest

from app.accounts.models import User
from app.accounts.usecases import grant_role
from app.accounts.vocabulary import Role
from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transaction
from tests.dashboard.conftest import LATER, everybody, file_results
from tests.factories.accounts import make_user
from tests.support.browser import sign_in
from tests.support.statements import watch_statements

MOST = 12


def words(response) -> str:
    """The page's text without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_a_home_costs_the_same_with_one_row_and_with_three(place, client, engine, role):
    people = everybody(place)
    costs = []
    for count in (1, 2):
        file_results(place, count, filer="filer" if count == 1 else "client")
        browser = sign_in(client, people[role].id)
        assert browser.get("/").status_code == 200  # definitions and calendars are read once per process
        with watch_statements(engine) as statements:
            assert browser.get("/").status_code == 200
        costs.append(len([one for one in statements.sent if "FROM user_account LEFT OUTER JOIN" not in one]))

    assert costs[0] == costs[1]
    assert costs[1] <= MOST


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_a_home_says_a_sentence_and_at_most_one_next_thing(place, browse, role):
    file_results(place, 1)

    page = browse(everybody(place)[role]).get_data(as_text=True)

    assert "今天是2026年5月20日，星期三。" in page
    assert page.count('class="next') == 1
    assert page.count("<h1>") == 1


def test_nobody_is_led_to_the_public_portal(place, client):
    answer = client.get("/")

    assert answer.status_code == 302
    assert answer.location == "/public/"


def test_a_person_of_two_roles_sees_the_first_home_and_may_switch(place, client):
    user = make_user(Role.SECRETARY)
    with transaction():
        grant_role(user=session.get_one(User, user.id), role=Role.SUPERVISOR)
    browser = sign_in(client, user.id)

    first, second = browser.get("/"), browser.get("/?role=supervisor")

    assert "<h1>评审组织</h1>" in first.get_data(as_text=True)
    assert "<h1>监督</h1>" in second.get_data(as_text=True)


def test_a_role_that_one_does_not_hold_is_not_shown(place, browse):
    assert "<h1>山东省</h1>" in browse(place["contact"], "/?role=manager").get_data(as_text=True)


def test_a_person_without_role_finds_messages_and_queue(place, browse):
    user = make_user()

    assert "<h1>首页</h1>" in browse(user).get_data(as_text=True)


def test_the_contact_is_told_what_is_late_and_what_to_do(place, browse):
    file_results(place, 2)
    with clock.at(LATER):
        page = words(browse(place["contact"]))

    assert "2件备案滞留在途，其中2件超期。" in page
    assert "催办2件超期备案" in page


def test_the_auditor_sees_late_ones_first(place, browse):
    file_results(place, 1)
    with clock.at(LATER):
        file_results(place, 1, filer="client")
        page = words(browse(place["province"]))

    assert "2件待办，其中1件超期。" in page
    assert page.index("超期 1") < page.index("其余 1")


def test_the_leader_of_the_province_sees_own_late_audits(place, browse):
    file_results(place, 1)
    with clock.at(LATER):
        page = words(browse(everybody(place)["province_leader"]))

    assert "本省审核超期1件" in page


def test_english_home(place, client):
    file_results(place, 1)
    browser = sign_in(client, place["contact"].id)
    browser.get("/language/en")

    page = words(browser.get("/"))

    assert "Today is Wednesday, 20 May 2026." in page
    assert "How far the filings are" in page
    assert not re.search(r"\d\s*件", page)


@pytest.mark.parametrize("role", ["sys_admin", "sec_admin", "audit_admin"])
def test_administrators_see_no_business_content(place, browse, role):
    file_results(place, 1)

    assert "海水淡化膜" not in browse(everybody(place)[role]).get_data(as_text=True)
