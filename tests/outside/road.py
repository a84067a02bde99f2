"""The round that is played: its people find their items and complete them."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.outside.client import BrokenError, Person, RefusedError, Visit, wait_for
from tests.outside.filling import Values
from tests.outside.shapes import without_numbers

REASON = "外部核对：材料已经齐全，提前结束本阶段。"


@dataclass
class Road:
    """The round, and what its people have made of it so far."""

    visit: Visit
    mark: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    round_id: int = 0
    passed: list[str] = field(default_factory=list)
    """Codes of the stages that are over, as the server says."""
    filings: dict[str, dict[str, Any]] = field(default_factory=dict)
    judges: dict[str, str] = field(default_factory=dict)
    """Names of those who rate and of the experts drawn, by account: nobody may read them where they judge."""
    experts: list[str] = field(default_factory=list)
    """Accounts of the experts who accepted."""
    _accounts: dict[str, list[str]] = field(default_factory=dict)

    def person(self, username: str) -> Person:
        """Somebody, signed in."""
        return self.visit.person(username)

    def find(self, username: str, node: str, *, subject: str = "") -> dict[str, Any]:
        """The first open item of a person at a node, as soon as there is one."""
        person = self.person(username)

        def look() -> list[dict[str, Any]]:
            items = person.items(round_id=self.round_id, node=node)
            return [item for item in items if subject in item["subject"]["title"]]

        return wait_for(self.visit, f"{node} for {person.role}", look)[0]

    def act(
        self, username: str, node: str, outcome: str, *, subject: str = "", given: Values | None = None
    ) -> dict[str, Any]:
        """One person completes his item at a node; the answer is that of the server."""
        item = self.find(username, node, subject=subject)
        answer: dict[str, Any] = self.person(username).complete(item["id"], outcome, given=given)
        return answer

    def close(self, code: str) -> None:
        """The manager ends a stage's window now."""
        self.person("manager").post(f"/rounds/{self.round_id}/stages/{code}/close", {"reason": REASON})

    def status_of(self, code: str) -> str:
        """Where a stage stands, as the server says."""
        stages = self.person("manager").get(f"/rounds/{self.round_id}/stages")["stages"]
        return next(str(stage["status"]) for stage in stages if stage["code"] == code)

    def cases(self, process: str, *, status: str = "") -> list[dict[str, Any]]:
        """The round's instances of a process, as its manager sees them."""
        more = f"&status={status}" if status else ""
        return self.person("manager").list_all(f"/processes/instances?round={self.round_id}&process={process}{more}")

    def sweep(self, usernames: Iterable[str], process: str) -> list[tuple[Person, dict[str, Any]]]:
        """All open items that these people have in a process of the round."""
        people = [self.person(username) for username in usernames]
        return [(person, item) for person in people for item in person.items(round_id=self.round_id, process=process)]

    def accounts(self, role: str) -> list[str]:
        """The demo accounts of a role: signed in one by one until the next number is unknown."""
        if role not in self._accounts:
            found: list[str] = []
            while self._is_account(username := f"{role}_{len(found) + 1}" if found else role):
                found.append(username)
            self._accounts[role] = found
        return self._accounts[role]

    def _is_account(self, username: str) -> bool:
        try:
            self.person(username)
        except RefusedError as refused:
            if refused.code != "bad_credentials":
                raise
            return False
        return True


def expect_refusal(
    person: Person,
    method: str,
    path: str,
    body: Values | None = None,
    *,
    status: int,
    code: str,
    headers: dict[str, str] | None = None,
) -> None:
    """The server must refuse this with this status and code; anything else is noted."""
    shown = f"{method} {without_numbers(path)}, expecting {code}"
    try:
        person.send(method, path, body=body, headers=headers)
    except RefusedError as refused:
        if (refused.status, refused.code) != (status, code):
            person.visit.note(f"{shown}: refused with {refused.status} {refused.code}")
    else:
        person.visit.note(f"{shown}: accepted")


def expect(*, holds: bool, otherwise: str) -> None:
    """Ends the run where the road is not what it must be."""
    if not holds:
        raise BrokenError(otherwise)
