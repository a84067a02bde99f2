"""A script at the outer door: signs in, lists, fills any form from its description, completes. It knows no room."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.usecases import issue_token
from app.kernel import clock
from app.kernel.transaction import transaction
from tests.factories import attachments as files

PREFIX = "/api/v1"
SENTENCE = "经核对材料完整、数据来源清楚、结论可靠，符合评价要求。"
COMPARISONS = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
CONTENTS = {"pdf": files.pdf, "png": files.png, "jpg": files.jpeg, "docx": files.docx, "xlsx": files.xlsx}
_numbers = itertools.count(1)


class RefusedError(AssertionError):
    """An answer that is not a success; `problem` is its document."""

    def __init__(self, response: TestResponse) -> None:
        self.status, self.problem = response.status_code, response.get_json(silent=True) or {}
        super().__init__(f"{response.status_code} {response.request.path}: {self.problem}")

    @property
    def code(self) -> str:
        return self.problem.get("code", "")


@dataclass
class ApiClient:
    """One person with a token. Methods return JSON bodies and raise RefusedError for refusals."""

    client: FlaskClient
    token: str | None = None
    language: str = "zh"
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def sign_in(cls, client: FlaskClient, username: str, password: str) -> "ApiClient":
        """Gets a token with user name and password."""
        answer = cls(client).post("/tokens", {"username": username, "password": password})
        return cls(client, answer["token"])

    @classmethod
    def for_user(cls, client: FlaskClient, user_id: int | None) -> "ApiClient":
        """Somebody whose password does not matter."""
        with transaction():
            return cls(client, issue_token(user_id=user_id or 0)[0])

    def send(self, method: str, path: str, **more: Any) -> TestResponse:
        """Any request; the raw answer."""
        headers = {"Accept-Language": self.language, **self.headers, **more.pop("headers", {})}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        return self.client.open(PREFIX + path, method=method, headers=headers, **more)

    def call(self, method: str, path: str, **more: Any) -> Any:
        """The JSON body of a success."""
        response = self.send(method, path, **more)
        if response.status_code >= 400:
            raise RefusedError(response)
        return response.get_json()

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, query_string={name: value for name, value in query.items() if value is not None})

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return self.call("POST", path, json={} if body is None else body, headers=headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.call("PATCH", path, json=body, headers=headers)

    def upload(self, content: bytes, name: str) -> dict[str, Any]:
        """Hands a file in."""
        return self.call("POST", "/attachments", data={"file": (BytesIO(content), name)})

    def every(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """All rows of a list, page by page."""
        cursor = None
        while True:
            page = self.get(path, cursor=cursor, **query)
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return

    def items(self, **query: Any) -> list[dict[str, Any]]:
        """The person's work items."""
        return list(self.every("/work-items", **query))

    def complete(
        self, item_id: int, outcome: str | None = None, values: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Completes an item like somebody who sees nothing but its description; `values` where these must be given."""
        item = self.get(f"/work-items/{item_id}")
        chosen = self._choose(item["outcomes"], outcome)
        filled = self.fill(item["form"]["fields"], requires=chosen["requires"] if chosen else (), given=values or {})
        body = {"outcome": chosen["code"] if chosen else outcome, "values": filled}
        return self.post(f"/work-items/{item_id}/complete", body, key=f"complete-{item_id}-{next(_numbers)}")

    @staticmethod
    def _choose(offered: list[dict[str, Any]], outcome: str | None) -> dict[str, Any] | None:
        if outcome is None:
            return offered[0] if offered else None
        return next((one for one in offered if one["code"] == outcome), {"code": outcome, "requires": []})

    def fill(
        self, fields: list[dict[str, Any]], *, requires: Any = (), given: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Values for a form: what is given, and for whatever else must be filled something that fits its description."""
        values: dict[str, Any] = dict(given or {})
        for one in fields:
            if one["key"] in values or self._is_hidden(one, values):
                continue
            if one["required"] or one["key"] in requires:
                values[one["key"]] = self._value_for(one)
        return values

    @staticmethod
    def _is_hidden(one: dict[str, Any], values: Mapping[str, Any]) -> bool:
        if not one.get("hidden_when"):
            return False
        key, comparison, literal = one["hidden_when"]
        value = values.get(key)
        if comparison in ("=", "!="):
            return COMPARISONS[comparison](value, literal)
        return isinstance(value, (int, float)) and COMPARISONS[comparison](value, literal)

    def _value_for(self, one: dict[str, Any]) -> Any:
        make = {
            "checkbox": lambda _one: True,
            "date": lambda _one: clock.today().isoformat(),
            "datetime": lambda _one: (clock.now() + timedelta(days=1)).astimezone(clock.BEIJING).isoformat(),
            "decimal": self._number,
            "file": self._file,
            "integer": self._number,
            "multiselect": lambda one: [one["options"][0]["value"]],
            "select": lambda one: one.get("default") or one["options"][0]["value"],
            "text": self._text,
            "textarea": self._text,
        }[one["type"]]
        return make(one)

    @staticmethod
    def _number(one: dict[str, Any]) -> Any:
        if one.get("default") is not None:
            return one["default"]
        if one["max"] is not None and one["min"] is not None:
            return int((one["min"] + one["max"]) / 2)
        return one["min"] if one["min"] is not None else one["max"] if one["max"] is not None else 1

    @staticmethod
    def _text(one: dict[str, Any]) -> Any:
        samples = {"email": "lin.yu@example.com", "phone": "13900000000"}
        if one.get("kind") == "json":
            return []
        if one.get("format"):
            return samples[one["format"]]
        text = SENTENCE if one["type"] == "textarea" else f"{one['label']}{next(_numbers)}"
        while len(text) < one.get("min_length", 0):
            text += SENTENCE
        return text[: one["max_length"] or 200]

    def _file(self, one: dict[str, Any]) -> int:
        kind = next(kind for kind in (one.get("types") or ["pdf"]) if kind in CONTENTS)
        content = files.pdf(f"FILE {next(_numbers)}") if kind == "pdf" else CONTENTS[kind]()
        return self.upload(content, f"材料.{kind}")["id"]
