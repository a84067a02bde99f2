"""What a page shows of a work item: its form, the outcomes offered, who has it, what happened, what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from app.accounts.queries import names_of_organisations, names_of_users
from app.formdefs.compiled import CompiledForm
from app.formdefs.fields import Field
from app.formdefs.queries import get_form
from app.formdefs.vocabulary import FieldType
from app.inbox.queries import Filter, list_items
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.paging import encode_cursor
from app.processes import items, queries, reach
from app.processes.models import ProcessInstance, WorkItem
from app.processes.queries import HistoryLine
from app.processes.vocabulary import ItemStatus
from app.workdays.calendar import workdays_between


@dataclass(frozen=True, slots=True)
class Choice:
    """An outcome that is offered; `requires`: the fields that it asks for."""

    code: str
    zh: str
    en: str
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A work item as one person sees it. `hindrance`: the code of the sentence that says why it cannot be done."""

    item: WorkItem
    instance: ProcessInstance
    form: CompiledForm | None
    outcomes: tuple[Choice, ...]
    hindrance: str | None
    assignee: str | None
    completer: str | None
    organisation: str | None
    workdays: int | None
    history: Sequence[HistoryLine]
    labels: Mapping[tuple[str, str], tuple[str, str]]
    """(node, outcome) -> (zh, en), as the diagram names them."""
    has_diagram: bool

    @property
    def may_act(self) -> bool:
        return self.item.status == ItemStatus.OPEN and self.hindrance is None

    @property
    def required_for(self) -> Mapping[str, tuple[Choice, ...]]:
        """Field -> the outcomes that ask for it although the form does not."""
        keys = dict.fromkeys(key for outcome in self.outcomes for key in outcome.requires)
        return {key: tuple(outcome for outcome in self.outcomes if key in outcome.requires) for key in keys}


def show_item(*, item_id: int, actor: Actor) -> Shown:
    """The item for its page; NotFoundError outside the person's scope."""
    item = items.get_item(item_id=item_id, actor=actor)
    instance = queries.get_instance(item.instance_id)
    definition = queries.definition_of(instance)
    node = definition.nodes[item.node]
    names = names_of_users(person for person in (item.assignee_id, item.completed_by) if person is not None)
    organisations = names_of_organisations([item.organisation_id] if item.organisation_id else [])
    return Shown(
        item=item,
        instance=instance,
        form=get_form(item.form_key, item.form_version) if item.form_key else None,
        outcomes=tuple(
            Choice(one.code, one.zh, one.en, one.requires)
            for one in items.offered_outcomes(node, instance.variables or {})
        ),
        hindrance=_hindrance(item, instance, actor),
        assignee=names.get(item.assignee_id or 0),
        completer=names.get(item.completed_by or 0),
        organisation=organisations.get(item.organisation_id or 0),
        workdays=workdays_left(item),
        history=queries.get_instance_history(instance.id),
        labels={
            (one.id, outcome.code): (outcome.zh, outcome.en)
            for one in definition.nodes.values()
            for outcome in one.outcomes
        },
        has_diagram=queries.has_picture(instance.definition_id),
    )


def label_of(item: WorkItem) -> tuple[str, str]:
    """The outcome of a done item as its diagram names it, (zh, en); empty where there is none."""
    node = queries.definition_of(queries.get_instance(item.instance_id)).nodes[item.node]
    return next(((one.zh, one.en) for one in node.outcomes if one.code == item.outcome), ("", ""))


def workdays_left(item: WorkItem) -> int | None:
    """Working days until the item is due, negative when late (at least one day, however short); None without deadline."""
    if item.due_at is None:
        return None
    left = workdays_between(clock.now(), item.due_at)
    return min(left, -1) if item.due_at < clock.now() else left


def find_next(*, item: WorkItem, actor: Actor) -> WorkItem | None:
    """The person's next item: of the same step and later due, else of the same step, else any."""
    after = encode_cursor((item.sort_at, item.id))
    same = Filter(process=item.process, node=item.node)
    for wanted, cursor in ((same, after), (same, None), (Filter(), None)):
        found = [one for one in list_items(actor=actor, wanted=wanted, limit=2, cursor=cursor).items if one is not item]
        if found:
            return found[0]
    return None


def describe_answers(form: CompiledForm, values: Mapping[str, Any], locale: str) -> list[tuple[str, str | None]]:
    """What was filled in, in words: (label, text)."""
    return [(field.label.pick(locale), _words(field, values.get(field.key), locale)) for field in form.fields]


def _words(field: Field, value: Any, locale: str) -> str | None:  # noqa: ANN401 -- a JSON value
    if value is None:
        return None
    if field.is_json:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    labels = {option.value: option.label.pick(locale) for option in field.options}
    if field.type == FieldType.MULTISELECT:
        return ("、" if locale == "zh" else ", ").join(labels.get(one, one) for one in value)
    if field.type == FieldType.CHECKBOX:
        return {True: "☑", False: "☐"}[bool(value)]
    return labels.get(value, str(value))


def _hindrance(item: WorkItem, instance: ProcessInstance, actor: Actor) -> str | None:
    if item.status != ItemStatus.OPEN:
        return None
    if instance.status == "suspended":
        return "instance_suspended"
    if not reach.is_within_reach(item, actor):
        return "claimed_by_other"
    return "four_eyes" if reach.is_barred(item, actor) else None
