"""What the candidacies say on pages of rooms below: the manager's screening stage, and a filing."""

from sqlalchemy import func, select

from app.candidacies.queries import candidacies_of, count_by_standing, may_withdraw, standings_told
from app.candidacies.vocabulary import PROCESS, Standing
from app.filings.beside import Line, Note
from app.filings.models import Filing
from app.kernel.actor import Actor
from app.kernel.db import session
from app.processes.models import WorkItem
from app.processes.vocabulary import ItemStatus
from app.rounds.board import Contribution
from app.rounds.models import Round
from app.rounds.queries import get_round
from app.rounds.vocabulary import StageCode
from app.web.locale import current_locale, pick
from app.web.outcomes import status_label

NODES = ("screen_manual", "offer_recheck", "recheck")


def tell_screening(evaluation_round: Round, code: str, actor: Actor) -> Contribution | None:  # noqa: ARG001 -- figures of the nation, shown to the stage page's readers
    """How many stand, passed, wait for a person, or failed; nothing on the pages of other stages."""
    if code != StageCode.SCREENING:
        return None
    standings, waiting = count_by_standing(evaluation_round.id), _count_waiting(evaluation_round.id)
    total, undecided = sum(standings.values()), standings.get(Standing.SCREENING, 0)
    passed = total - undecided - standings.get(Standing.SCREENED_OUT, 0) - standings.get(Standing.WITHDRAWN, 0)
    by_hand = waiting.get("screen_manual", 0) + waiting.get("recheck", 0)
    return Contribution(
        forecast=pick(
            f"{total}项参评，{passed}项已通过，{undecided}项未办结；截止时未办结的按未通过处理。",
            f"{total} stand, {passed} passed, {undecided} undecided; what is undecided at the end is screened out.",
        ),
        kpis=[
            _kpi("参评成果", "Candidates", total),
            _kpi("已通过初筛", "Passed", passed),
            _kpi("待人工核定与复核", "Waiting for an auditor", by_hand),
            _kpi("待备案单位答复", "Waiting for the filer", waiting.get("offer_recheck", 0)),
            _kpi("未通过初筛", "Screened out", standings.get(Standing.SCREENED_OUT, 0), Standing.SCREENED_OUT),
        ],
    )


def tell_award(filing: Filing, actor: Actor) -> Note | None:
    """On a filing's page: how far it is in the award, and the way out for its filer (E1)."""
    found = candidacies_of(filing_id=filing.id, actor=actor)
    if not found:
        return None
    told = standings_told(found, actor)
    leaving = next((one for one in found if may_withdraw(one, told=told[one.id], actor=actor)), None)
    return Note(
        title=pick("项目评优", "Award"),
        lines=[
            Line(get_round(one.round_id).name, status_label(told[one.id], current_locale()), f"/candidacies/{one.id}")
            for one in found
        ],
        leave=None if leaving is None else (pick("退出评选", "Withdraw"), f"/candidacies/{leaving.id}#withdraw"),
    )


def _count_waiting(round_id: int) -> dict[str, int]:
    rows = session.execute(
        select(WorkItem.node, func.count())
        .where(
            WorkItem.batch_id == round_id,
            WorkItem.status == ItemStatus.OPEN,
            WorkItem.node.in_(NODES),
            WorkItem.process == PROCESS,
        )
        .group_by(WorkItem.node)
    )
    return dict(rows.all())


def _kpi(zh: str, en: str, value: int, standing: str = "") -> dict[str, object]:
    href = f"/candidacies?standing={standing}" if standing else "/candidacies"
    return {"label": pick(zh, en), "value": value, "href": href}
