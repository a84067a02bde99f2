"""常用意见: what an auditor keeps for the next opinion."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.filings.models import OpinionTemplate
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, ForbiddenError, NotFoundError, field_error

MOST_KEPT = 20
LONGEST = 2000


def templates_of(actor: Actor) -> Sequence[OpinionTemplate]:
    """The person's own templates, the newest first."""
    query = select(OpinionTemplate).where(OpinionTemplate.user_id == actor.id)
    return session.scalars(query.order_by(OpinionTemplate.id.desc())).all()


def use_template(*, opinion: str, insert: int | None, drop: int | None, actor: Actor) -> str:
    """Puts a template behind the opinion, or throws one away, or else keeps the opinion as a template.

    Returns the opinion as it stands then.
    """
    if insert is not None:
        text = get_template(template_id=insert, actor=actor).text
        return f"{opinion.rstrip()}\n{text}".lstrip()
    if drop is not None:
        drop_template(template_id=drop, actor=actor)
    else:
        keep_template(text=opinion, actor=actor)
    return opinion


def keep_template(*, text: str, actor: Actor) -> OpinionTemplate:
    """Keeps an opinion's words for later; the same words only once.

    Refused at field 'opinion' without words or with too many; ConflictError `templates_full` beyond twenty.
    """
    words = text.strip()
    if actor.id is None:
        raise ForbiddenError
    if not words:
        raise field_error("opinion", "field_required", label="opinion")
    if len(words) > LONGEST:
        raise field_error("opinion", "text_too_long", label="opinion", max=LONGEST)
    known = next((one for one in templates_of(actor) if one.text == words), None)
    if known is not None:
        return known
    if _count(actor) >= MOST_KEPT:
        raise ConflictError("templates_full", max=MOST_KEPT)
    template = OpinionTemplate(user_id=actor.id, text=words, created_at=clock.now())
    session.add(template)
    return template


def drop_template(*, template_id: int, actor: Actor) -> None:
    """Throws one of the person's own templates away; NotFoundError for another person's."""
    session.delete(get_template(template_id=template_id, actor=actor))


def get_template(*, template_id: int, actor: Actor) -> OpinionTemplate:
    """One of the person's own templates; NotFoundError for another person's."""
    template = session.get(OpinionTemplate, template_id)
    if template is None or template.user_id != actor.id:
        raise NotFoundError
    return template


def _count(actor: Actor) -> int:
    query = select(func.count()).select_from(OpinionTemplate).where(OpinionTemplate.user_id == actor.id)
    return session.scalar(query) or 0
