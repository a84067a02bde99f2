"""What the ratings say on pages of rooms below: the manager's rating stages, and a filing."""

from collections.abc import Mapping, Sequence

from sqlalchemy import case, func, select

from app.accounts.queries import list_regions
from app.filings.beside import Line, Note
from app.filings.models import Filing
from app.kernel.actor import Actor
from app.kernel.db import session
from app.ratings.models import RatingSeat
from app.ratings.queries import Response, feedback_for, pending_ratings, responses_of
from app.ratings.vocabulary import FeedbackKind, SeatState
from app.ratings.words import FEEDBACK_NAMES
from app.rounds.board import Contribution, Table, reads_nation
from app.rounds.models import Round
from app.rounds.vocabulary import StageCode
from app.web.dates import full_date
from app.web.locale import current_locale, pick

STAGES = (StageCode.RATING, StageCode.RATING_SECOND)
MOST_LISTED = 8
RESPONSE_READERS = ("manager", "national_auditor", "leader")
"""Who opens the list of a round's items with their ratings counted."""
RATES = (0, 20, 40, 60, 80)
"""From which response rate (percent) a province has the tile's level 1 to 5."""


def tell_rating(evaluation_round: Round, code: str, actor: Actor) -> Contribution | None:
    """On the pages of the rating stages: items below the quorum, and how many answers each province gave.

    Counts only; which organisation has answered is nobody's business before the end. Results are named to readers
    of the nation alone: a province knows its own.
    """
    if code not in STAGES:
        return None
    lines = responses_of(evaluation_round)
    if not lines:
        return None
    rates, doubted = _rates_by_province(evaluation_round.id), len(pending_ratings(evaluation_round.id))
    href = f"/rounds/{evaluation_round.id}/responses" if actor.has_role(*RESPONSE_READERS) else None
    short = [line for line in lines if not line.quorum_met]
    seats, rated = sum(line.seats for line in lines), sum(line.rated for line in lines)
    doubted_href = f"/rounds/{evaluation_round.id}/doubted-ratings" if actor.has_role("national_auditor") else None
    return Contribution(
        forecast=pick(
            f"{len(lines)}项在评，{len(short)}项的有效评价尚未达到要求。",
            f"Items being rated: {len(lines)}; with too few valid ratings: {len(short)}.",
        ),
        kpis=[
            _kpi("在评成果", "Items", len(lines), href),
            _kpi("有效评价不足", "Too few ratings", len(short), href, bad=bool(short)),
            _kpi("已收到评价", "Ratings received", rated, href),
            {**_kpi("评价率", "Response rate", percent(rated, seats), href), "unit": "%"},
            _kpi("待核查的评价", "Doubted ratings", doubted, doubted_href),
        ],
        tables=[_short_items(short, href)] if short and reads_nation(actor) else [],
        tiles={region.code: _tile(rates.get(region.code)) for region in list_regions()},
        tiles_title=pick("各省评价率", "Response rate by province"),
        tiles_note=pick("已提交评价占推送数的比例", "ratings handed in, of those asked for"),
        tiles_legend=[(n, pick(f"{low}%起", f"from {low}%")) for n, low in enumerate(RATES, start=1)],
    )


def tell_feedback(filing: Filing, actor: Actor) -> Note | None:
    """On a filing's page: needs and suggestions of raters for its filer, without any name (R-026, R-027)."""
    found = feedback_for(actor=actor, filing_id=filing.id)
    if not found:
        return None
    lines = [
        Line(row.text, f"{FEEDBACK_NAMES(FeedbackKind(row.kind))} · {full_date(row.given_at, current_locale())}")
        for row, _ in found
    ]
    return Note(title=pick("收到的需求与建议", "Needs and suggestions received"), lines=lines, count=len(lines))


def percent(part: int, whole: int) -> int:
    """A whole percentage, rounded down; 0 of nothing."""
    return part * 100 // whole if whole else 0


def level_of(rate: int) -> int:
    """The level of a tile, 1 to 5."""
    return sum(rate >= low for low in RATES)


def _tile(rate: int | None) -> dict[str, object]:
    """A province's rate; none where nobody was asked."""
    return {"value": "—" if rate is None else f"{rate}%", "level": level_of(rate or 0), "href": None}


def _rates_by_province(round_id: int) -> Mapping[str, int]:
    rated = func.sum(case((RatingSeat.state == SeatState.RATED, 1), else_=0))
    rows = session.execute(
        select(RatingSeat.province_code, func.count(), rated)
        .where(
            RatingSeat.round_id == round_id,
            RatingSeat.state != SeatState.PENDING,
            RatingSeat.province_code.is_not(None),
        )
        .group_by(RatingSeat.province_code)
    )
    return {province: percent(int(done), seats) for province, seats, done in rows if province}


def _short_items(short: Sequence[Response], href: str | None) -> Table:
    shown = short[:MOST_LISTED]
    return Table(
        title=pick("有效评价不足的成果", "Items with too few ratings"),
        note=pick("截止后补充推送", "asked again after the end"),
        columns=[
            pick("成果", "Result"), pick("已评/推送", "Rated of asked"), pick("有效单位票", "Valid votes"),
            pick("其中企业", "Enterprises"),
        ],
        rows=[[one.title, f"{one.rated}/{one.seats}", str(one.votes), str(one.enterprises)] for one in shown],
        hrefs=[f"/candidacies/{one.candidacy_id}" for one in shown],
        total=len(short),
        more_href=href if len(short) > MOST_LISTED else None,
    )  # fmt: skip


def _kpi(zh: str, en: str, value: int, href: str | None, *, bad: bool = False) -> dict[str, object]:
    return {"label": pick(zh, en), "value": value, "href": href, "bad": bad}
