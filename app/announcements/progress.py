"""What the announcements say on the manager's page of the public notice: open objections in counts, never who objects."""

from app.accounts.vocabulary import Role
from app.announcements.queries import count_objections, find_latest, items_under_objection
from app.announcements.vocabulary import OPEN, UNCHECKED, AnnouncementKind, ObjectionStatus
from app.kernel.actor import Actor
from app.rounds.board import Contribution
from app.rounds.models import Round
from app.rounds.vocabulary import StageCode
from app.web.locale import pick


def tell_objections(evaluation_round: Round, code: str, actor: Actor) -> Contribution | None:
    """How many objections wait for the formal check, are accepted, or answered; nothing before the notice."""
    notice = find_latest(evaluation_round.id, AnnouncementKind.PUBLIC_NOTICE)
    if code != StageCode.PUBLIC_NOTICE or notice is None:
        return None
    counts = count_objections(evaluation_round.id)
    open_ones = sum(count for status, count in counts.items() if status in OPEN)
    unchecked = sum(count for status, count in counts.items() if status in UNCHECKED)
    held = len(items_under_objection(notice.id))
    href = "/objections" if actor.has_role(Role.OBJECTION_HANDLER) else None
    open_words = pick("未办结的异议", "Open objections")
    return Contribution(
        forecast=pick(
            f"收到异议{sum(counts.values())}件，未办结{open_ones}件，涉及{held}项成果。",
            f"Objections received: {sum(counts.values())}, open: {open_ones}, items concerned: {held}.",
        ),
        kpis=[
            _kpi("收到异议", "Objections received", sum(counts.values()), href),
            _kpi("待形式审查", "To be checked formally", unchecked, href),
            _kpi("已受理", "Accepted", counts.get(ObjectionStatus.ACCEPTED, 0), href),
            _kpi("已答复", "Answered", counts.get(ObjectionStatus.DECIDED, 0), href),
            _kpi("有异议的成果", "Items under objection", held, None),
        ],
        checks=[{"status": "warning" if open_ones else "done", "text": f"{open_words} {open_ones}"}],
    )


def _kpi(zh: str, en: str, value: int, href: str | None) -> dict[str, object]:
    return {"label": pick(zh, en), "value": value, "href": href}
