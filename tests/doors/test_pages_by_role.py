"""Every address that answers GET, asked for by a person of every role and by nobody."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.doors.addresses import MISSING, existing, fill, nonsensical, parameter_of, rules_of
from tests.doors.data import written_texts
from tests.doors.privacy import KNOWS_NO_NAMES, hidden_people, names_in
from tests.doors.reading import Page
from tests.doors.scopes import LIMITED, beyond, foreign_titles, pooled_results
from tests.doors.world import NOBODY, PEOPLE, World

PUBLIC = ("portal", "web", "api", "Announcements")
"""Rooms that are open to everybody."""
OPEN_DOORS = {"accounts.sign_in", "Files.download_attachment"}
"""Doors of other rooms that ask nobody for a name; of files only those that were published."""
WORKSHOPS = ("studio", "cockpit", "api", "audit_log")
"""Rooms whose readers work with ids: drawers of flows, operators, scripts, auditors of the log."""
READS_THE_LOG = "audit_admin"
"""The log tells what was done to what, titles included."""
NAMES_OF_OURS = ("中文", "北辰评审", "台", "港", "澳")
"""The other language's own name, the program's, and areas on the map that take no part."""
HOME = "dashboard.home"
TELLING = ("已入备选案例库", "未入库", "专家评审中", "有效评价不足")
"""Standings that tell whether a result is in the pool."""
ASKED = 1
QUERIES = (
    "province=330000&round=7&standing=in_pool&only=late&show=rated&view=closed&status=done&after=1&from=1&q=利",
    "round=99999999999999999999&cursor=%00&plan=x&after=-1&from=9e9&file=99999999999999999999&q=%25&sort=x&limit=0",
)
"""Asked of lists: somebody else's province and round, and nonsense."""


@dataclass(frozen=True)
class Asked:
    """Who asked for what, and what came back."""

    name: str
    endpoint: str
    path: str
    answer: TestResponse

    @property
    def page(self) -> Page | None:
        """The whole page that was shown, if it was one."""
        if self.answer.status_code != 200 or self.answer.mimetype != "text/html":
            return None
        page = Page(self.answer.text)
        return page if page.is_whole else None


@pytest.fixture(scope="module")
def asked(world: World) -> list[Asked]:
    return [
        one
        for shift, name in enumerate(PEOPLE)
        for rule in rules_of(world.house, "GET")
        for one in knock_at(world, name, rule, shift)
    ]


def knock_at(world: World, name: str, rule: Rule, shift: int) -> Iterator[Asked]:
    """What exists, then nonsense; whoever is let in asks lists for what is somebody else's."""
    first, *others = existing(world, rule, start=shift * ASKED, count=ASKED)
    answer = ask(world, name, first)
    yield Asked(name, rule.endpoint, first, answer)
    if name != NOBODY and is_public(rule.endpoint):
        return  # the same for everybody
    if answer.status_code == HTTPStatus.FORBIDDEN:
        return  # a role that is not let in is refused whatever it asks for
    if answer.status_code == HTTPStatus.OK and not rule.arguments:
        others = [f"{rule.rule}?{query}" for query in QUERIES]
    for path in (*others, *nonsensical(world, rule, start=shift, count=1)):
        yield Asked(name, rule.endpoint, path, ask(world, name, path))


def is_public(endpoint: str) -> bool:
    """Whether the door belongs to a room that asks nobody for a name."""
    return endpoint.partition(".")[0] in PUBLIC


def ask(world: World, name: str, path: str, locale: str = "zh") -> TestResponse:
    """The answer, read to its end."""
    with world.knock(name, path, locale=locale) as answer:
        answer.get_data()
        return answer


def test_no_address_makes_the_house_stumble(asked):
    assert [(one.name, one.path) for one in asked if one.answer.status_code >= 500] == []


def test_strangers_see_what_is_public(asked):
    inside = [one for one in asked if one.name == NOBODY and not is_public(one.endpoint)]

    assert {one.endpoint for one in inside if one.answer.status_code == 200} <= OPEN_DOORS
    assert {one.answer.status_code for one in inside} <= {200, 302, 401, 404, 422}


def test_names_of_raters_and_experts_are_told_to_nobody(world, asked):
    people = hidden_people(world)
    told = [
        (one.name, one.path, names)
        for one in asked
        if one.name in KNOWS_NO_NAMES
        and (names := names_in(f"{one.answer.headers}{one.answer.text}", reader=one.name, world=world, people=people))
    ]

    assert len(people) > 50
    assert told == []


def test_results_beyond_the_own_reach_are_not_named(world, asked):
    hidden = {name: foreign_titles(world, name) for name in PEOPLE}
    told = [
        (one.name, one.path, title)
        for one in asked
        if one.name != READS_THE_LOG
        for title in hidden[one.name]
        if title in one.answer.text
    ]

    assert len(hidden["filer"]) > 50
    assert told == []


@pytest.mark.parametrize("name", LIMITED)
def test_what_lies_beyond_a_scope_is_as_if_it_were_not_there(world, name):
    """Neither the status nor a word tells what exists from what does not."""
    things, told, asked = beyond(world, name), [], 0
    for rule in rules_of(world.house, "GET"):
        (parameter,) = rule.arguments if len(rule.arguments) == 1 else (None,)
        nothing = ask(world, name, fill(rule, {parameter: MISSING})) if parameter_of(rule) in things else None
        for number in things.get(parameter_of(rule), ()):
            found, asked = ask(world, name, fill(rule, {parameter: number})), asked + 1
            if found.status_code not in (403, 404) or (found.status_code, found.text) != (
                nothing.status_code,
                nothing.text,
            ):
                told.append((rule.rule, number, found.status_code))

    assert asked > 40
    assert told == []


def words_of(answer: TestResponse) -> str:
    """What a page says, what may be chosen in its filters apart."""
    page = Page(answer.text)
    for option in page.root.xpath("//option"):
        option.clear()
    return "\n".join(page.texts())


def test_a_filer_is_told_of_the_pool_with_the_list_and_no_sooner(world):
    """Neither a word of status nor the filter of the list says what became of a result before its list is out."""
    pooled, told = pooled_results(world, "filer"), []
    for one in pooled:
        pages = (f"/candidacies/{one.id}", f"/filings/{one.filing_id}", f"/candidacies?round={one.round_id}", "/")
        told += [(page, word) for page in pages for word in TELLING if word in words_of(ask(world, "filer", page))]
        filtered = ask(world, "filer", f"/candidacies?round={one.round_id}&standing={one.standing}")
        told += [one.title] if one.title in words_of(filtered) else []

    assert pooled
    assert told == []


def test_pages_are_whole_and_speak_in_words(world, asked):
    shown = {(one.endpoint, one.name): one for one in asked if one.page is not None}
    pages = [(one, one.page) for one in shown.values()]
    faults = {(one.endpoint, fault) for one, page in pages for fault in page.faults()}
    ids = {
        (one.endpoint, found)
        for one, page in pages
        if one.endpoint.partition(".")[0] not in WORKSHOPS and one.name != "designer"
        for found in page.ids()
        if found not in world.people
    }

    assert len(pages) > 200
    assert sorted(faults | ids) == []


def test_english_pages_are_english(world, asked):
    with world.house.app_context():
        known = "\n".join((written_texts(), *NAMES_OF_OURS))
    shown = {(one.endpoint, one.name if one.endpoint == HOME else ""): one for one in asked if one.page is not None}
    faults = set()
    for one in shown.values():
        page = Page(ask(world, one.name, one.path, "en").text)
        faults |= {(one.endpoint, fault) for fault in (*page.faults(), *page.untranslated(known))}

    assert sorted(faults) == []
