"""The forms that the demo's pages hold, each with the person who has it in hand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import html
from sqlalchemy import func, select

from app.accounts.models import Organisation
from app.accounts.vocabulary import Role
from app.candidacies.models import Candidacy
from app.demo.people import HOME
from app.filings.models import Filing
from app.kernel.db import session
from app.notifications.models import Notification
from app.processes.models import WorkItem
from app.ratings.models import Rating
from app.selection.models import PanelSeat, ReviewSeat
from tests.doors.addresses import MISSING, existing, fill, rules_of
from tests.doors.world import NOBODY, World

PUBLIC_PAGES = ("/sign-in", "/public/objections")


@dataclass(frozen=True)
class Form:
    """A form as a browser has it: who, where it goes, and the fields as they stand."""

    person: str
    action: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()


def forms_of(world: World) -> Sequence[Form]:
    """One form of every kind: those of pages, then a bare one for each changing door that no page led to."""
    found: dict[tuple[str, frozenset[str]], Form] = {}
    for person, page in _pages(world):
        with world.knock(person, page, follow_redirects=True) as answer:
            if answer.status_code == 200 and answer.mimetype == "text/html":
                for form in _forms_in(person, answer.request.path, answer.text):
                    kind = _endpoint(world, form.action), frozenset(name for name, _value in form.fields)
                    found.setdefault(kind, form)
    led_to = {endpoint for endpoint, _names in found}
    bare = [
        _bare(world, rule) for rule in rules_of(world.house, "POST") if _is_page(rule) and rule.endpoint not in led_to
    ]
    return [*found.values(), *bare]


def _is_page(rule) -> bool:
    return not rule.rule.startswith("/api/")


def _pages(world: World) -> Iterator[tuple[str, str]]:
    """Pages without parameters for every role, then those of things that wait for somebody."""
    yield from ((NOBODY, path) for path in PUBLIC_PAGES)
    yield NOBODY, f"/public/items/{world.samples['notice_item_id'][0]}/objection"
    for role in Role:
        yield from (
            (role.value, rule.rule) for rule in rules_of(world.house, "GET") if _is_page(rule) and not rule.arguments
        )
    with world.house.app_context():
        waiting = list(_waiting(world))
    yield from waiting
    yield from (
        ("manager", f"/rounds/{world.samples['round_id'][-2]}{end}") for end in ("/settings", "/stages/filing/extend")
    )
    yield "manager", f"/rounds/{world.samples['round_id'][-1]}/settings"
    yield from (("designer", f"/cockpit/instances/{number}") for number in world.samples["instance_id"][-2:])


def _waiting(world: World) -> Iterator[tuple[str, str]]:
    """An open item of every step with whoever may do it, and what people have begun."""
    names = {user.id: name for name, user in world.people.items()}
    for item in session.scalars(select(WorkItem).where(WorkItem.id.in_(_one_of_each_step()))):
        suffix = f"_{item.province_code[:2]}" if item.province_code else ""
        people = [names.get(item.assignee_id), item.role, f"{item.role}{suffix}", *_colleagues(world, item)]
        pages = [f"/work-items/{item.id}", *([f"/filings/{item.subject_id}/edit"] if item.node == "correct" else [])]
        yield from ((name, page) for name in people if name in world.people for page in pages)
    own = Filing.organisation_id == world.people["filer"].organisation_id
    stands = (
        select(Candidacy.id)
        .join(Filing, Filing.id == Candidacy.filing_id)
        .where(own, Candidacy.standing == "in_rating")
    )
    yield from (("filer", f"/candidacies/{number}") for number in session.scalars(stands.limit(1)))
    near = select(Organisation.id).where(Organisation.province_code == HOME, Organisation.type == "ENTERPRISE")
    yield from (("province_contact", f"/board/organisations/{number}") for number in session.scalars(near.limit(1)))
    yield from (("filer", f"/filings/{number}") for number in session.scalars(select(Filing.id).where(own).limit(4)))
    rated = session.execute(select(Rating.seat_id, Rating.rater_id).order_by(Rating.id.desc()).limit(1)).one()
    yield names[rated[1]], f"/rating-seats/{rated[0]}"
    scored = session.execute(
        select(ReviewSeat.id, ReviewSeat.user_id).where(ReviewSeat.status == "scored").limit(1)
    ).one()
    yield names[scored[1]], f"/reviews/{scored[0]}"
    seat = session.execute(select(PanelSeat.panel_id, PanelSeat.user_id).order_by(PanelSeat.id.desc()).limit(1)).one()
    yield names[seat[1]], f"/panels/{seat[0]}"
    yield names[session.scalars(select(Notification.user_id).limit(1)).one()], "/notifications"


def _one_of_each_step():
    return select(func.min(WorkItem.id)).where(WorkItem.status == "open").group_by(WorkItem.node)


def _colleagues(world: World, item: WorkItem) -> list[str]:
    return [
        name
        for name, user in world.people.items()
        if item.organisation_id and user.organisation_id == item.organisation_id and name.startswith(item.role)
    ]


def _forms_in(person: str, page: str, text: str) -> Iterator[Form]:
    for form in html.document_fromstring(text).forms:
        if (form.get("method") or "get").lower() == "post":
            files = tuple(one.get("name") for one in form.xpath(".//input[@type='file'][@name]"))
            fields = tuple((name, value) for name, value in form.form_values() if name not in files)
            empty = [(one.get("name"), "") for one in form.xpath(".//*[@name][not(@type='file')]")]
            known = {name for name, _value in fields}
            buttons = tuple((one.get("name"), one.get("value", "")) for one in form.xpath(".//button[@name]")[:1])
            more = tuple(dict.fromkeys(pair for pair in empty if pair[0] not in known))
            also = [one.get("formaction") for one in form.xpath(".//button[@formaction]")]
            for action in dict.fromkeys((form.get("action") or page, *also)):
                yield Form(person, action, (*fields, *more, *buttons), files)


def _bare(world: World, rule) -> Form:
    """A door that no page of the demo leads to just now, knocked at by whom it lets in."""
    path = next(existing(world, rule, start=0, count=1), fill(rule, dict.fromkeys(rule.arguments, MISSING)))
    person = "designer" if rule.rule.startswith(("/studio", "/cockpit")) else "filer"
    return Form(person, path, (("reason", "说明"), ("text", "说明"), ("opinion", "说明")))


def _endpoint(world: World, path: str) -> str:
    adapter = world.house.url_map.bind("localhost")
    return adapter.match(path.partition("?")[0], method="POST")[0]
