"""What the filings say on the manager's pages of the filing stages: how many are undecided, and which."""

from sqlalchemy import func, select

from app.filings.models import Filing
from app.filings.queries import ListedFiling, counts_by_status, list_filings, select_unfinished, within_scope
from app.filings.vocabulary import DisplayStatus, FilingStatus
from app.kernel.actor import Actor
from app.kernel.db import session
from app.rounds.board import Contribution, Table
from app.rounds.models import Round
from app.rounds.vocabulary import StageCode
from app.web.locale import current_locale, pick
from app.web.outcomes import status_label

STAGES = (StageCode.FILING, StageCode.AUDIT_TAIL)
MOST_LISTED = 8


def tell_filings(evaluation_round: Round, code: str, actor: Actor) -> Contribution | None:
    """On the pages of filing and audit tail: counts by status, and the filings behind the number of undecided ones.

    Counts and lines are those of the reader's scope; nothing for readers without one.
    """
    counts = counts_by_status(actor=actor, round_id=evaluation_round.id)
    if code not in STAGES or not counts:
        return None
    unfinished = _count_unfinished(evaluation_round.id, actor)
    href = f"/filings?round={evaluation_round.id}"
    filed = counts.get(FilingStatus.FILED, 0)
    return Contribution(
        forecast=pick(f"已备案{filed}件，审核未办结{unfinished}件。", f"{filed} filed, {unfinished} not decided yet."),
        kpis=[
            _kpi("已备案", "Filed", filed, f"{href}&status={FilingStatus.FILED}"),
            _kpi("未办结", "Undecided", unfinished, f"{href}&status={FilingStatus.SUBMITTED}"),
            *(
                _kpi(*_labels(status), counts.get(status, 0), f"{href}&status={status}")
                for status in (DisplayStatus.PROV_REVIEW, DisplayStatus.NAT_REVIEW, DisplayStatus.RETURNED)
            ),
        ],
        tables=[_list_unfinished(evaluation_round.id, unfinished, actor)] if unfinished else [],
    )


def _count_unfinished(round_id: int, actor: Actor) -> int:
    """How many filings of a round are neither decided nor drafts, in the reader's scope."""
    unfinished = select_unfinished(round_id).where(within_scope(actor))
    return session.scalar(select(func.count()).select_from(unfinished.subquery())) or 0


def _list_unfinished(round_id: int, total: int, actor: Actor) -> Table:
    shown = list_filings(actor=actor, status=FilingStatus.SUBMITTED, round_id=round_id, limit=MOST_LISTED).items
    more = f"/filings?round={round_id}&status={FilingStatus.SUBMITTED}"
    return Table(
        title=pick("未办结的备案", "Undecided filings"),
        note=pick("收尾时未办结的转入下一评价周期", "left undecided at the end, they move to the next round"),
        columns=[pick("成果", "Result"), pick("单位", "Organisation"), pick("状态", "Status")],
        rows=[_row(one) for one in shown],
        hrefs=[_href(one.filing) for one in shown],
        total=total,
        more_href=more if total > len(shown) else None,
    )


def _row(listed: ListedFiling) -> list[str]:
    return [listed.filing.title, listed.organisation_name, status_label(listed.status, current_locale())]


def _href(filing: Filing) -> str:
    return f"/filings/{filing.id}"


def _labels(status: str) -> tuple[str, str]:
    return status_label(status, "zh"), status_label(status, "en")


def _kpi(zh: str, en: str, value: int, href: str) -> dict[str, object]:
    return {"label": pick(zh, en), "value": value, "href": href}
