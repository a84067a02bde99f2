"""Looks for what somebody may not know: names of those who judge, and doors to other people's cases."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from tests.outside.client import Heard, Person, RefusedError
from tests.outside.road import Road

CURIOUS = ("filer", "filer_2", "filer_3", "province_contact")
SAMPLE = 12
KEPT_FROM = ("public", "filer", "rater", "gov_user", "expert", "chair", "province_contact", "province_auditor")
"""Roles that may not read who judges."""
SECRET_FOR_GOOD = ("rater", "gov_user")


def find_open_doors(road: Road, items: list[dict[str, Any]]) -> None:
    """Tries cases and items that belong to others as filers, another rater and the public; every one must be closed."""
    chosen = items[:: max(1, len(items) // SAMPLE)]
    strangers = [road.person(username) for username in CURIOUS]
    for item in chosen:
        for path in (f"/processes/instances/{item['instance_id']}", f"/work-items/{item['id']}"):
            for person in (*strangers, road.visit.public(), _another(road, item, items)):
                _try_door(person, path, process=item["process"])


def find_open_files(road: Road) -> None:
    """Tries reports as other filers, as raters where the report is an enterprise's secret, and as the public."""
    raters = [road.person(username) for username in road.judges][:2]
    for owner, filing in road.filings.items():
        values = road.person(owner).get(f"/filings/{filing['id']}")["values"]
        strangers = [road.visit.public(), *(road.person(one) for one in CURIOUS[:2] if one != owner)]
        strangers += raters if values["report_type"] in ("ENTERPRISE", "RND") else []
        for person in strangers:
            _try_door(person, f"/attachments/{values['report_file']}", process="attachment")
            _try_door(person, f"/filings/{filing['id']}", process="filing")


def find_leaks(heard: Iterable[Heard], *, judges: dict[str, str], published_in: str) -> list[str]:
    """Sentences about answers that named a judge to somebody who may not know him.

    `judges` are names by account. What is heard in the stage `published_in` and later is free for experts' names;
    raters' names stay secret for good. One's own name is no leak.
    """
    found: set[str] = set()
    published = False
    for answer in heard:
        published = published or answer.stage == published_in
        if answer.role not in KEPT_FROM or answer.call == "GET /me":
            continue
        for username in _find_named(answer, judges):
            if not published or username.startswith(SECRET_FOR_GOOD):
                found.add(f"{answer.call} names {username} to {answer.username or 'the public'} ({answer.stage})")
    return sorted(found)


def find_distinct(names: dict[str, str], people: Iterable[Person]) -> dict[str, str]:
    """Judges whose name nobody else has: a namesake's name in an answer would prove nothing."""
    times = Counter(person.name for person in people if person.username)
    return {username: name for username, name in names.items() if times[name] == 1}


def _find_named(answer: Heard, judges: dict[str, str]) -> list[str]:
    """Accounts of others whose name, or whose account itself, stands in an answer."""
    own = judges.get(answer.username)
    others = ((username, name) for username, name in judges.items() if name != own)
    return [username for username, name in others if name in answer.text or _stands_in(answer.text, username)]


def _stands_in(text: str, username: str) -> bool:
    """An account without number is called as its role: its code in an answer names nobody."""
    return username[-1].isdigit() and f'"{username}"' in text


def _another(road: Road, item: dict[str, Any], items: list[dict[str, Any]]) -> Person:
    """Somebody who judges too, but was not given this item."""
    for username in road.judges:
        person = road.person(username)
        if item["id"] not in {mine["id"] for mine in person.items(round_id=road.round_id)}:
            return person
    return road.visit.public()


def _try_door(person: Person, path: str, *, process: str) -> None:
    expected = (404, 403) if person.username else (401, 404)
    try:
        person.get(path)
    except RefusedError as refused:
        if refused.status not in expected:
            person.visit.note(f"{process}: a stranger ({person.role}) is answered {refused.status} {refused.code}")
    else:
        person.visit.note(f"{process}: open to a stranger ({person.role}): {path}")
