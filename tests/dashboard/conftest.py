"""A province with filings at different places, and a browser for each of its people."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.vocabulary import Role
from app.kernel.actor import Actor
from tests.factories.accounts import make_actor
from tests.factories.filings import MORNING, Place, place_on_a_morning, submitted
from tests.support.browser import sign_in

Open = Callable[..., TestResponse]
LATER = MORNING + timedelta(days=26)
"""Ten working days after the morning are over, so what nobody touched is late."""


@pytest.fixture
def place(app, tmp_path) -> Place:
    with place_on_a_morning(tmp_path) as place:
        yield place


@pytest.fixture
def browse(client: FlaskClient) -> Open:
    """Opens an address as a person."""

    def open_page(actor: Actor, address: str = "/", **posted: object) -> TestResponse:
        sign_in(client, actor.id)
        return client.post(address, data=posted) if posted else client.get(address)

    return open_page


def file_results(place: Place, count: int, filer: str = "filer") -> list[int]:
    """Reports submitted by one filer; each is another file."""
    confirm = frozenset({"duplicate_suspected"})
    titles = ("海水淡化膜", "钒液流电池", "缓释制剂", "玄武岩纤维", "果蔬分选")
    made = [
        submitted(place[filer], confirm, title=f"{titles[n % 5]}{n}专利导航", text=f"REPORT {filer} {n}")
        for n in range(count)
    ]
    return [filing.id for filing in made]


def everybody(place: Place) -> dict[str, Actor]:
    """One person per role; those of the province belong to the place."""
    known = {
        Role.FILER: place["filer"],
        Role.CITY_AUDITOR: place["city"],
        Role.PROVINCE_CONTACT: place["contact"],
        Role.PROVINCE_AUDITOR: place["province"],
        Role.NATIONAL_AUDITOR: place["national"],
    }
    scopes = {Role.PROVINCE_LEADER: "370000"}
    return {role.value: known.get(role) or make_actor(role, scope_code=scopes.get(role, "")) for role in Role}
