"""An objection: filed by somebody without account on the public page, decided by its people.

contract.md has no call for filing an objection: the public page is the only door, so its form is read and sent here.
"""

import re
import urllib.request
import uuid
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any

from tests.outside.client import make_pdf
from tests.outside.road import Road, expect

CHOSEN = {"objector_kind": "person", "kind": "NON_SUBSTANTIVE"}
WRITTEN = {
    "objector_name": "外部核对异议人",
    "objector_contact": "13800000000",
    "objector_id": "110101199001011237",
    "grounds": "外部核对：名单中完成单位的排序与备案材料不一致，请予核实。",
}
DECISION = (
    ("objection_handler", "formal", "accept"),
    ("objection_handler", "investigate", "propose_dismiss"),
    ("manager", "check", "approve"),
    ("leader", "decide", "dismiss"),
)


class FormReader(HTMLParser):
    """The names of the fields of a page's form, with the values of hidden ones."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.files: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remembers hidden inputs and inputs for files."""
        found = dict(attrs)
        if tag == "input" and found.get("type") == "hidden":
            self.hidden[found["name"] or ""] = found.get("value") or ""
        elif tag == "input" and found.get("type") == "file":
            self.files.append(found["name"] or "")


def object_to(road: Road, notice: dict[str, Any]) -> None:
    """Somebody objects to the first item of a public notice; the objection is accepted, investigated and dismissed."""
    road.visit.note("an objection cannot be filed over the API: the public page is its only door")
    _file_objection(road, notice["id"])
    _expect_status(road, notice["id"], after="formal", status="listed")
    for username, node, outcome in DECISION:
        road.act(username, node, outcome)
        if node == "formal":
            _expect_status(road, notice["id"], after=node, status="held")
    _expect_status(road, notice["id"], after="decide", status="listed")


def _file_objection(road: Road, notice_id: int) -> None:
    url = road.visit.url
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    page = _read(browser, f"{url}/public/announcements/{notice_id}")
    path = re.findall(r'href="(/public/items/\d+/objection)"', page)[0]
    form = FormReader()
    form.feed(_read(browser, url + path))
    boundary = uuid.uuid4().hex
    raw = _encode(form.hidden | CHOSEN | WRITTEN, files=form.files[:1], boundary=boundary)
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Referer": url + path}
    answer = _read(browser, urllib.request.Request(url + path, data=raw, headers=headers))  # noqa: S310 -- the server under test
    expect(holds=re.search(r"YY-[\w-]+", answer) is not None, otherwise="no receipt for the objection")
    road.visit.requests["public"] += 3


def _read(browser: urllib.request.OpenerDirector, page: str | urllib.request.Request) -> str:
    with browser.open(page) as answer:
        return str(answer.read().decode())


def _encode(values: dict[str, str], *, files: list[str], boundary: str) -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; name="
    parts = [f'{head}"{key}"\r\n\r\n{value}\r\n'.encode() for key, value in values.items()]
    for key in files:
        kind = "Content-Type: application/pdf"
        parts.append(f'{head}"{key}"; filename="{key}.pdf"\r\n{kind}\r\n\r\n'.encode() + make_pdf(boundary) + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


def _expect_status(road: Road, notice_id: int, *, after: str, status: str) -> None:
    """What the public reads about the item to which somebody objected."""
    item = road.visit.public().get(f"/announcements/{notice_id}")["items"][0]
    if item["status"] != status:
        road.visit.note(f"after {after} the item on public notice is {item['status']}, not {status}")
