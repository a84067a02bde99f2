"""Who lives in the demo, what there is, and how somebody knocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models import Organisation, User
from app.accounts.usecases import issue_token
from app.accounts.vocabulary import Role
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.web.locale import COOKIE
from tests.doors.samples import read_samples
from tests.support.browser import sign_in

NOBODY = ""
PEOPLE = (NOBODY, *(role.value for role in Role))
"""One person of every role, by the names of their accounts, and nobody."""


@dataclass
class World:
    """The demo: people by user name, ids by table."""

    house: Flask
    people: Mapping[str, Any]
    provinces: Mapping[int, str | None]
    """Organisation id -> its province."""
    samples: Mapping[str, Sequence[int]]
    """Name of an address's parameter -> ids of all sorts that such things come in (tests/doors/samples.py)."""
    doors: dict[str, FlaskClient] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def knock(self, name: str, path: str, *, method: str = "GET", locale: str = "zh", **more: Any) -> TestResponse:
        """Somebody's request; a call of the API comes with the person's token, a page with the browser's session.

        It says that it is htmx, which is told of a refusal in a few words instead of a whole page; pages are the same.
        """
        headers = {"Accept-Language": locale, "HX-Request": "true", **more.pop("headers", {})}
        if path.startswith("/api/") and name:
            headers["Authorization"] = f"Bearer {self._token(name)}"
        client = self._browser(name)
        client.set_cookie(COOKIE, locale)  # one of the addresses switches it
        return client.open(path, method=method, headers=headers, **more)

    def _browser(self, name: str) -> FlaskClient:
        if name not in self.doors:
            client = self.doors[name] = self.house.test_client()
            if name:
                sign_in(client, self.people[name].id)
        return self.doors[name]

    def _token(self, name: str) -> str:
        if name not in self.tokens:
            with self.house.app_context(), transaction():
                self.tokens[name] = issue_token(user_id=self.people[name].id)[0]
        return self.tokens[name]


def read_world(house: Flask) -> World:
    """Everybody and everything; asked once, so that the tests need no database of their own."""
    people = {user.username: user for user in session.scalars(select(User)).unique()}
    provinces = dict(session.execute(select(Organisation.id, Organisation.province_code)).all())
    session.expunge_all()
    return World(house, people, provinces, read_samples())
