"""The way in: tokens, lockout, demo accounts, who I am."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.accounts.models import User
from app.accounts.usecases import load_regions
from app.accounts.vocabulary import Role
from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transaction
from tests.factories.accounts import PASSWORD, make_organisation, make_user
from tests.support.api_client import ApiClient
from tests.support.browser import sign_in


def knock(client, username, password):
    return ApiClient(client).send("POST", "/tokens", json={"username": username, "password": password})


def test_a_token_opens_the_door_until_it_ends(client):
    user = make_user(Role.MANAGER, username="manager")

    answer = knock(client, "manager", PASSWORD)

    assert answer.status_code == 201
    body = answer.get_json()
    assert set(body) == {"token", "expires_at"}
    assert body["expires_at"] == (clock.now() + timedelta(hours=12)).astimezone(clock.BEIJING).isoformat()
    assert body["expires_at"].endswith("+08:00")
    me = ApiClient(client, body["token"])
    assert me.get("/me")["user"]["id"] == user.id
    with clock.at(datetime.fromisoformat(body["expires_at"])):
        assert me.send("GET", "/me").status_code == 401


def test_me_tells_user_organisation_and_grants(client):
    with transaction():
        load_regions()
    organisation = make_organisation(name="山东省知识产权局", type="IP_PROV", province_code="370000")
    make_user(Role.PROVINCE_AUDITOR, username="province_auditor", scope_code="370000", organisation_id=organisation)

    me = ApiClient.sign_in(client, "province_auditor", PASSWORD).get("/me")

    assert me["user"]["username"] == "province_auditor"
    assert me["organisation"] == {
        "id": organisation,
        "name": "山东省知识产权局",
        "type": "IP_PROV",
        "province": "370000",
    }
    assert me["grants"] == [{"role": "province_auditor", "scope_type": "province", "scope_code": "370000"}]


def test_me_without_organisation(client):
    make_user(Role.EXPERT, username="expert")

    assert ApiClient.sign_in(client, "expert", PASSWORD).get("/me")["organisation"] is None


def test_a_wrong_password_and_an_unknown_name_read_alike(client):
    make_user(username="filer")

    wrong, unknown = knock(client, "filer", "x"), knock(client, "nobody", "x")

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.get_json() == unknown.get_json()
    assert wrong.get_json()["code"] == "bad_credentials"
    assert wrong.content_type == "application/problem+json"


def test_five_failures_lock_the_account(client):
    make_user(username="filer")
    for _ in range(5):
        knock(client, "filer", "wrong")

    assert knock(client, "filer", PASSWORD).status_code == 401
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert knock(client, "filer", PASSWORD).status_code == 201


def test_demo_accounts_are_refused_where_everybody_can_reach_the_host(client, app):
    user_id = make_user(username="filer").id
    with transaction():
        session.get_one(User, user_id).is_demo = True
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(before, host="0.0.0.0", demo_password_chosen=False)  # noqa: S104
    try:
        assert knock(client, "filer", PASSWORD).status_code == 401
    finally:
        app.config["SETTINGS"] = before
    assert knock(client, "filer", PASSWORD).status_code == 201


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"username", "password"}),
        ({"username": "a"}, {"password"}),
        ({"username": 5, "password": "b"}, {"username"}),
        ({"username": None, "password": "b"}, {"username"}),
        ({"username": "a", "password": "b", "admin": True}, {"admin"}),
        ({"username": "a" * 65, "password": "b"}, {"username"}),
    ],
)
def test_a_mistyped_body_is_refused_at_its_fields(client, body, fields):
    answer = ApiClient(client).send("POST", "/tokens", json=body)

    assert answer.status_code == 422
    assert set(answer.get_json()["errors"]) == fields


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic bWFuYWdlcjp4", "Token x"])
def test_only_a_valid_bearer_token_counts(client, header):
    answer = client.get("/api/v1/me", headers={"Authorization": header} if header else {})

    assert answer.status_code == 401
    assert answer.get_json()["code"] == "token_required"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic x"])
def test_a_browsers_session_opens_nothing_here(client, header):
    sign_in(client, make_user(Role.MANAGER).id)

    answer = client.get("/api/v1/me", headers={"Authorization": header} if header else {})

    assert answer.status_code == 401


def test_refusals_speak_the_requests_language(client):
    zh = client.get("/api/v1/me", headers={"Accept-Language": "zh-CN"}).get_json()
    en = client.get("/api/v1/me", headers={"Accept-Language": "en-GB,en;q=0.8"}).get_json()

    assert (zh["detail"], en["detail"]) == (
        "请在请求头中提供访问令牌。",
        "Please send an access token in the Authorization header.",
    )
    assert zh["title"] == "Unauthorized"
