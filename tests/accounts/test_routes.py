from datetime import timedelta

import pytest

from app.accounts.models import User
from app.accounts.usecases import create_user, grant_role, hash_password, load_regions
from app.accounts.vocabulary import Role
from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transaction
from tests.support.browser import sign_in

PASSWORD = "a long password"
_HASH = hash_password(PASSWORD)


@pytest.fixture
def auditor(app) -> int:
    with transaction():
        load_regions()
        user = create_user(username="province_auditor", name="季明川", password_hash=_HASH)
        grant_role(user=user, role=Role.PROVINCE_AUDITOR, scope_code="370000")
        return user.id


def enter(client, password=PASSWORD, target="/sign-in"):
    return client.post(target, data={"username": "province_auditor", "password": password})


def test_the_right_password_opens_the_page_that_was_asked_for(client, auditor):
    assert client.get("/account").location == "/sign-in?next=/account"

    response = enter(client, target="/sign-in?next=/account")

    assert response.location == "/account"
    page = client.get("/account").get_data(as_text=True)
    assert "季明川" in page
    assert "省级审核员 · 山东省" in page


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(client, auditor):
    wrong = enter(client, "wrong")
    unknown = client.post("/sign-in", data={"username": "nobody", "password": PASSWORD})

    for response in (wrong, unknown):
        assert response.status_code == 401
        assert "用户名或密码不正确。连续5次错误将锁定30分钟。" in response.get_data(as_text=True)


def test_five_failures_lock_the_account_for_thirty_minutes(client, auditor):
    for _ in range(5):
        enter(client, "wrong")

    assert enter(client).status_code == 401
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert enter(client).status_code == 302


def test_nobody_is_sent_to_a_foreign_site_after_signing_in(client, auditor):
    assert enter(client, target="/sign-in?next=https://evil.example/").location == "/"


def test_signing_out_ends_the_session(client, auditor):
    enter(client)

    client.post("/sign-out")

    assert client.get("/account").status_code == 302


def test_a_new_password_ends_the_other_sessions_only(app, client, auditor):
    other = sign_in(app.test_client(), auditor)
    enter(client)
    form = {"present": PASSWORD, "new": "another password", "again": "another password"}

    response = client.post("/account/password", data=form)

    assert response.location == "/account"
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"present": "wrong"}, "当前密码不正确。"),
        ({"new": "short", "again": "short"}, "新密码不少于12位，且不同于用户名和当前密码。"),
        ({"again": "not the same one"}, "两次输入的新密码不一致。"),
    ],
)
def test_a_refused_password_is_told_at_its_field(client, auditor, changed, sentence):
    enter(client)
    form = {"present": PASSWORD, "new": "another password", "again": "another password"} | changed

    response = client.post("/account/password", data=form)

    assert response.status_code == 422
    assert response.get_data(as_text=True).count(sentence) == 2  # in the summary and at the field
    assert enter(client).status_code == 302


def test_a_closed_account_is_out_at_once(client, auditor):
    enter(client)
    with transaction():
        session.get(User, auditor).status = "closed"

    assert client.get("/account").status_code == 302


def test_the_language_is_kept_with_the_person(client, auditor):
    enter(client)

    client.get("/language/en")

    session.expire_all()
    assert session.get(User, auditor).locale == "en"
    assert "Provincial auditor · Shandong" in client.get("/account").get_data(as_text=True)
