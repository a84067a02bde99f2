"""People who sign in over HTTP, read their work items and complete them; every request is counted and read."""

import json
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from tests.outside.filling import BEIJING, Field, Values, fill_form
from tests.outside.shapes import find_differences

T = TypeVar("T")
API = "/api/v1"
FOLLOWS_WITHIN = 2.0
"""Seconds after which the consequences in another instance are visible (contract.md)."""
PATIENCE = 60.0
PAGE = 200


class RefusedError(Exception):
    """The server said no: `status`, and its problem document."""

    def __init__(self, *, status: int, call: str, problem: dict[str, Any]) -> None:
        super().__init__(f"{call}: {status} {problem.get('code')} {problem.get('detail')} {problem.get('errors')}")
        self.status = status
        self.code = problem.get("code", "")
        self.problem = problem


class BrokenError(Exception):
    """The server failed (5xx), or what must come did not come: the run ends at once."""


@dataclass(frozen=True)
class Heard:
    """One JSON answer, and who read it when; kept to look for names that he may not know."""

    username: str
    role: str
    call: str
    text: str
    stage: str


@dataclass
class Visit:
    """What one run has done and noticed."""

    url: str
    password: str
    stage: str = "setup"
    today: date = date.min
    requests: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    heard: list[Heard] = field(default_factory=list)
    slowest_follow: float = 0.0
    people: dict[str, "Person"] = field(default_factory=dict)

    def person(self, username: str) -> "Person":
        """The person with this account, signed in once."""
        if username not in self.people:
            person = Person(visit=self, username=username)
            person.sign_in()
            self.people[username] = person
        return self.people[username]

    def public(self) -> "Person":
        """Somebody without an account."""
        return self.people.setdefault("", Person(visit=self, username=""))

    def note(self, text: str) -> None:
        """Keeps a difference between the server and contract.md; the same one is counted."""
        self.notes[text] += 1


@dataclass
class Person:
    """Somebody at the API: a user name, a token and a role."""

    visit: Visit
    username: str
    token: str = ""
    me: dict[str, Any] = field(default_factory=dict)

    @property
    def role(self) -> str:
        """A role's code is the account's name without number (contract.md)."""
        return self.username.rstrip("0123456789").rstrip("_") or "public"

    @property
    def name(self) -> str:
        """The person's own name."""
        return str(self.me["user"]["name"])

    def sign_in(self) -> None:
        """Exchanges user name and password for a token and reads who this is."""
        body = {"username": self.username, "password": self.visit.password}
        self.token = self.send("POST", "/tokens", body=body)["token"]
        self.me = self.get("/me")

    def get(self, path: str) -> Any:
        """What the server answers to a reading request."""
        return self.send("GET", path)

    def post(self, path: str, body: Values | None = None, *, key: str = "") -> Any:
        """What the server answers to a changing request; repeated with the same key where it asks for patience."""
        return self.send("POST", path, body=body or {}, headers={"Idempotency-Key": key or str(uuid.uuid4())})

    def patch(self, path: str, body: Values, *, revision: int) -> Any:
        """Changes a record, if nobody changed it since `revision`."""
        return self.send("PATCH", path, body=body, headers={"If-Match": f'"{revision}"'})

    def list_all(self, path: str) -> list[dict[str, Any]]:
        """All lines of a list, over all its pages."""
        lines: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            more = "&" if "?" in path else "?"
            page = self.get(f"{path}{more}limit={PAGE}" + (f"&cursor={cursor}" if cursor else ""))
            lines += page["items"]
            cursor = page["next"]
        return lines

    def items(self, *, round_id: int, node: str = "", process: str = "") -> list[dict[str, Any]]:
        """This person's open items of a round."""
        wanted = f"/work-items?status=open&round={round_id}"
        wanted += (f"&node={node}" if node else "") + (f"&process={process}" if process else "")
        return self.list_all(wanted)

    def complete(self, item_id: int, outcome: str, *, given: Values | None = None, also: tuple[str, ...] = ()) -> Any:
        """Reads an item, fills its form from the schema with what the outcome requires, and completes it.

        Where the server names further fields that this outcome needs, it is believed once.
        """
        item = self.get(f"/work-items/{item_id}")
        offered = {one["code"]: one for one in item["outcomes"]}
        if outcome not in offered:
            raise BrokenError(f"{self.username}: {item['node']} does not offer {outcome}, only {sorted(offered)}")
        wanted = (*also, *offered[outcome]["requires"])
        try:
            return self._complete(item, outcome, given=given or {}, also=wanted)
        except RefusedError as refused:
            asked = tuple(refused.problem["errors"])
            if refused.status != 422 or not set(asked) - set(wanted):
                raise
            self.visit.note(f"{item['node']}, {outcome}: needs {', '.join(asked)} beyond `requires`: {refused.code}")
            return self._complete(item, outcome, given=given or {}, also=(*wanted, *asked))

    def _complete(self, item: dict[str, Any], outcome: str, *, given: Values, also: tuple[str, ...]) -> Any:
        fields = item["form"]["fields"] if item["form"] else []
        values = fill_form(fields, given=given, also=also, upload=self.upload, today=self.visit.today)
        return self.post(f"/work-items/{item['id']}/complete", {"outcome": outcome, "values": values})

    def upload(self, wanted: Field) -> int:
        """Uploads a small document of a kind that the field takes and gives its id."""
        kind = (wanted.get("types") or ["pdf"])[0]
        boundary = uuid.uuid4().hex
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{wanted["key"]}.{kind}"\r\n\r\n'
        raw = head.encode() + make_pdf(f"{wanted['key']} {boundary}") + f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Idempotency-Key": boundary}
        return int(self.send("POST", "/attachments", raw=raw, headers=headers)["id"])

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Values | None = None,
        raw: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """The JSON answered. Raises RefusedError on 4xx (429 is waited for) and BrokenError on 5xx."""
        asked = {"Accept": "application/json"} | (headers or {})
        if self.token:
            asked["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            raw, asked["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(self.visit.url + API + path, data=raw, headers=asked, method=method)  # noqa: S310 -- the address that the caller named
        while (answer := self._try(request, f"{method} {path}")) is None:
            pass
        return answer

    def _try(self, request: urllib.request.Request, call: str) -> Any:
        self.visit.requests[self.role] += 1
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 -- as above
                status, kind, text = answer.status, answer.headers.get_content_type(), answer.read().decode()
                self.visit.today = parsedate_to_datetime(answer.headers["Date"]).astimezone(BEIJING).date()
        except urllib.error.HTTPError as error:
            with error:
                status, kind, text = error.code, error.headers.get_content_type(), error.read().decode()
                if status == 429:
                    time.sleep(int(error.headers["Retry-After"]))
                    return None
        if status >= 500:
            raise BrokenError(f"{self.username}: {call}: {status} {text[:500]}")
        if "json" not in kind:
            raise BrokenError(f"{self.username}: {call}: {status} answered as {kind}")
        self.visit.heard.append(Heard(self.username, self.role, call, text, self.visit.stage))
        answered = json.loads(text)
        for difference in find_differences(call, status=status, kind=kind, answered=answered):
            self.visit.note(difference)
        if status >= 400:
            raise RefusedError(status=status, call=call, problem=answered)
        return answered


def wait_for(visit: Visit, what: str, look: Callable[[], T], *, patience: float = PATIENCE) -> T:
    """What `look` finds, as soon as it finds something; later than the contract's two seconds is noted.

    Raises BrokenError when nothing came in `patience` seconds.
    """
    started = time.monotonic()
    while not (found := look()):
        if time.monotonic() - started > patience:
            raise BrokenError(f"{visit.stage}: {what} did not come in {patience:.0f} seconds")
        time.sleep(0.1)
    seconds = time.monotonic() - started
    visit.slowest_follow = max(visit.slowest_follow, seconds)
    if seconds > FOLLOWS_WITHIN:
        visit.note(f"{what}: visible after more than {FOLLOWS_WITHIN:.0f} seconds")
    return found


def make_pdf(text: str) -> bytes:
    """A page of a real PDF, different for every text."""
    page = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(page)} >>\nstream\n{page}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    document, offsets = "%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        offsets.append(len(document))
        document += f"{number} 0 obj\n{part}\nendobj\n"
    start = len(document)
    rows = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    document += f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{rows}"
    document += f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return document.encode()
