"""Figures of a province or of the nation as blocks: the same statement, the same lists behind them."""

from typing import Any

from flask import url_for

from app.accounts.queries import regions_by_code
from app.dashboard.blocks import Bars, Kpis, Place
from app.dashboard.common import (
    Present,
    unit,
)
from app.dashboard.queries import Board, Figures, Scope
from app.dashboard.vocabulary import FUNNEL, MEASURE_NAMES, Measure
from app.rounds.vocabulary import StageCode
from app.web.dates import short_date
from app.web.locale import current_locale, pick


def area_name(provinces: Scope) -> str:
    """The province's name in the reader's language; several are joined."""
    if provinces is None:
        return pick("全国", "Nation")
    regions = regions_by_code(provinces)
    return pick("、", ", ").join(pick(region.name_zh, region.name_en) for region in regions.values())


def measure_href(measure: Measure, present: Present, province: str | None = None) -> str:
    """The list behind a figure."""
    return url_for("board.listing", measure=measure.value, round=present.round_id, province=province)


def funnel_block(present: Present, figures: Figures) -> Bars:
    """draft → submitted → province → nation → filed → willing → pool; what does not exist yet is a dash with its date."""
    most = figures.drafts + figures[Measure.SUBMITTED]
    items: list[dict[str, Any]] = [{"label": pick("含草稿", "With drafts"), "value": most, "max": most, "href": None}]
    for measure in FUNNEL:
        item: dict[str, Any] = {"label": MEASURE_NAMES(measure), "value": figures[measure], "max": most}
        if measure is Measure.POOLED and not present.is_past(StageCode.POOL):
            item |= {"value": None, "note": _from_day(present)}
        else:
            item["href"] = measure_href(measure, present)
        items.append(item)
    return Bars(
        title=pick("备案进展", "How far the filings are"),
        note=pick("本周期", "this round"),
        items=items,
        footer=pick("草稿由填报单位掌握，只计数。", "Drafts belong to their organisations and are only counted."),
    )


def _from_day(present: Present) -> str:
    stage = present.stage(StageCode.POOL)
    if stage is None:
        return ""
    day = short_date(stage.closes_at, current_locale())
    return pick(f"{day}前后产生", f"about {day}")


def figures_block(present: Present, board: Board, *, title: str = "", place: Place = "wide") -> Kpis:
    """The figures as the national office sees them, by the same statement, last round beside."""
    now, before = board.total(), board.before()
    measures = (Measure.SUBMITTED, Measure.IN_HAND, Measure.FILED, Measure.WILLING, Measure.PROVINCE_LATE)
    items = [
        {
            "label": MEASURE_NAMES(measure),
            "value": now[measure],
            "unit": unit("件"),
            "note": None if before is None else pick(f"上一周期{before[measure]}件", f"last round {before[measure]}"),
            "href": measure_href(measure, present),
            "bad": measure is Measure.PROVINCE_LATE and now[measure] > 0,
        }
        for measure in measures
    ]
    words = pick("与国家业务管理员所见一致的数据", "Figures as the national office sees them")
    return Kpis(title=title or words, items=items, place=place)
