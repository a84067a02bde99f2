"""What the room's item pages share: finding the item, completing it, showing what was refused."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.actor import Actor
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.transaction import transaction
from app.processes import items
from app.processes.models import WorkItem
from app.rounds.line import show_round_of
from app.selection.completing import complete_item
from app.web.errors import field_sentences
from app.web.locale import current_locale
from app.web.shell import notify

Errors = Mapping[str, list[str]]


def find_item(item_id: int, form: str, actor: Actor) -> WorkItem:
    """The person's item of this form, whose page speaks of the item's round; NotFoundError otherwise."""
    item = items.get_item(item_id=item_id, actor=actor)
    if item.form_key != form:
        raise NotFoundError
    show_round_of(item.batch_id, actor)
    return item


def decide(
    *,
    item: WorkItem,
    outcome: str,
    values: Mapping[str, Any],
    actor: Actor,
    page: Callable[[Errors], str],
    target: Callable[[], str],
) -> ResponseReturnValue:
    """Completes the item and goes on to `target`; a refusal shows `page` again with its sentences."""
    try:
        with transaction():
            complete_item(item_id=item.id, outcome=outcome, values=values, actor=actor, locale=current_locale())
    except InvalidError as error:
        return page(field_sentences(error) or {"outcome": []}), 422
    notify(_("“%(title)s”已办结。", title=item.title))
    return redirect(target())
