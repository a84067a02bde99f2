"""People at work: threads with a bearer token each, who complete what they find and ask again until they are answered."""

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.support.real import Caller

ANSWERED = frozenset({200, 404, 409, 422})
"""Answers that settle a request: done, or refused with a reason. All others say nothing about what happened."""
RETRY_SECONDS = 0.1
TRIES = 600


@dataclass
class Person:
    """One token at one server; `done` holds the answers 200 by item, `faults` what must never be seen."""

    number: int
    ports: Sequence[int]
    token: str
    pause: float = 0.0
    done: dict[int, Any] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def work(self, stop: threading.Event) -> None:
        """Completes items until told to stop; whatever was begun is asked for until it is answered."""
        self._chance = random.Random(self.number)
        self._caller = Caller(self.ports[self.number % len(self.ports)], self.token)
        while not stop.is_set():
            listed = self._ask("GET", "/api/v1/work-items?limit=50")
            items = [item for item in (listed or {}).get("items", []) if item["id"] not in self.done]
            for item in self._chance.sample(items, min(4, len(items))):
                self._complete(item)
                time.sleep(self.pause * self._chance.random())
            if not items:
                stop.wait(RETRY_SECONDS)

    def _complete(self, item: dict[str, Any]) -> None:
        outcome = self._chance.choice(("approve", "approve", "return")) if item["node"] == "check" else None
        path, key = f"/api/v1/work-items/{item['id']}/complete", f"{self.number}-{item['id']}"
        began = time.monotonic()
        answer = self._ask("POST", path, {"outcome": outcome} if outcome else {}, key=key)
        self.seconds.append(time.monotonic() - began)
        if answer is None:
            return
        self.done[item["id"]] = answer
        if (
            self._chance.random() < 0.1
            and self._ask("POST", path, {"outcome": outcome} if outcome else {}, key=key) != answer
        ):
            self.faults.append(f"item {item['id']}: another answer to the same key")

    def _ask(self, method: str, path: str, body: object = None, *, key: str | None = None) -> Any:
        """The body of a 200; None for a refusal. Errors of the server or the way are asked again with the same key."""
        for _ in range(TRIES):
            try:
                status, answer = self._caller.call(method, path, body=body, key=key)
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(RETRY_SECONDS)
                continue
            self.statuses[status] += 1
            if status == http.HTTPStatus.OK:
                return answer
            if status in ANSWERED:
                return None
            time.sleep(RETRY_SECONDS)
        self.faults.append(f"{method} {path}: no answer after {TRIES} tries")
        return None
