"""Home of the manager: decisions waiting, the road, the provinces, what may go wrong (flows.md, section 14)."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from app.accounts.models import Region
from app.accounts.queries import list_regions
from app.accounts.vocabulary import REGION_LETTERS
from app.dashboard.blocks import Block, Cell, Home, NextStep, Row, Rows, Table, Tiles
from app.dashboard.common import Present, due_words, plural, today_words, unit
from app.dashboard.homes.figures import figures_block, measure_href
from app.dashboard.queries import Board, read_board
from app.dashboard.responses import Rate, add_rates, rates_by_province
from app.dashboard.risks import MEASURE_WORDS, NAMES, count_risks
from app.dashboard.vocabulary import Measure
from app.filings.showing import workdays_until
from app.rounds.board import Waiting, decisions
from app.rounds.vocabulary import StageCode
from app.web.locale import pick
from app.web.shell import step_name

LEVELS = (1, 5, 20, 50)
"""From so many filings on a tile is a step darker."""
RATE_LEVELS = (45, 60, 75, 85)
OFF_TILES = (("台", "TW", 7, 8), ("港", "HK", 8, 7), ("澳", "MO", 8, 6))


def manager_home(present: Present) -> Home:
    """Decisions waiting, second-person items apart; the road; the provinces; what may go wrong."""
    waiting = decisions("manager", present.actor)
    own = [item for item in waiting if not item.checks_others]
    checks = [item for item in waiting if item.checks_others and not item.is_barred]
    board = read_board(round_id=present.round_id, scope=None)
    rates = rates_by_province(present.round_id)
    regions = list_regions()
    blocks: list[Block] = [
        figures_block(present, board, title=pick("全国备案", "Filings of the nation"), place="lead"),
        _tiles(present, regions, board, rates),
        _table(present, regions, board, rates),
        _decisions(own, pick("待我决定", "For me to decide"), pick("目前没有待决事项。", "Nothing to decide.")),
        *([_decisions(checks, pick("需第二人复核", "Second person's checks"), "")] if checks else []),
        _risks(),
    ]
    return Home(
        title=present.round.name if present.round else pick("业务管理", "Management"),
        summary=today_words() + _summary(own, checks, board),
        next=_next([*own, *checks], board),
        line=present.line,
        actions=_actions(present),
        blocks=blocks,
    )


def _actions(present: Present) -> list[tuple[str, str, str]]:
    if present.round is None:
        return [("plus-lg", pick("新建评价周期", "New round"), url_for("rounds.new"))]
    return [
        ("signpost-split", pick("阶段与延期", "Stage, extension"), url_for("rounds.show", round_id=present.round_id))
    ]


def _summary(own: Sequence[Waiting], checks: Sequence[Waiting], board: Board) -> str:
    total = board.total()
    under_way = pick(
        f"全国在途备案{total[Measure.IN_HAND]}件，其中{total[Measure.LATE]}件超期。",
        f"{plural(total[Measure.IN_HAND], 'filing', 'filings')} in hand, {total[Measure.LATE]} overdue.",
    )
    if not own and not checks:
        return pick("没有待您决定的事项；", "Nothing waits for your decision; ") + under_way
    parts = [
        pick(f"{len(own)}项待您决定", plural(len(own), "decision", "decisions") + " for you") if own else "",
        pick(f"{len(checks)}项待您作为第二人复核", plural(len(checks), "check", "checks") + " as second person")
        if checks
        else "",
    ]
    return pick("，", ", ").join(part for part in parts if part) + pick("；", "; ") + under_way


def _next(waiting: Sequence[Waiting], board: Board) -> NextStep:
    if waiting:
        first = waiting[0]
        return NextStep(
            title=step_name(first.node_name),
            why=pick("，", ", ").join(part for part in (first.title, due_words(first.due_at)) if part)
            + pick("。", "."),
            button=pick("打开办理", "Open"),
            href=url_for("inbox.item", item_id=first.id),
        )
    late = board.total()[Measure.LATE]
    if late:
        return NextStep(
            title=pick(f"督办{late}件超期备案", f"{plural(late, 'filing is', 'filings are')} overdue"),
            why=pick(
                "可逐件查看办理人，催办前先看全文。", "See who has them; the reminder is shown before it is sent."
            ),
            button=pick("查看", "Look"),
            href=url_for("board.stuck", only="late"),
            calm=True,
        )
    return NextStep(
        title=pick("目前没有需要您决定的事项", "Nothing waits for your decision"),
        why=pick("阶段到期后自动进入下一环节。", "Each stage ends by itself when its time is up."),
        calm=True,
    )


def _decisions(waiting: Sequence[Waiting], title: str, empty: str) -> Rows:
    rows = [
        Row(
            title=step_name(item.node_name),
            href=url_for("inbox.item", item_id=item.id),
            small=item.title,
            workdays=workdays_until(item.due_at),
        )
        for item in waiting
    ]
    return Rows(title=title, count=len(rows), rows=rows, empty=empty, place="side")


def _shows_rates(present: Present, rates: Mapping[str | None, Rate]) -> bool:
    """While raters are asked the tiles show their response, before that the filings."""
    asked = present.is_open(StageCode.RATING) or present.is_open(StageCode.RATING_SECOND)
    return asked and add_rates(rates).sent > 0


def _tiles(present: Present, regions: Sequence[Region], board: Board, rates: Mapping[str | None, Rate]) -> Tiles:
    by_rate = _shows_rates(present, rates)
    tiles: list[dict[str, Any]] = []
    for region in regions:
        figures, percent = board.of(region.code), rates.get(region.code, Rate()).percent
        value, bounds = (percent, RATE_LEVELS) if by_rate else (figures[Measure.SUBMITTED], LEVELS)
        late = figures[Measure.LATE]
        shown = f"{value}%" if by_rate and value is not None else value
        tiles.append(
            {
                "short": pick(region.short_zh, REGION_LETTERS[region.code]),
                "name": pick(region.name_zh, region.name_en),
                "value": "—" if shown is None else shown,
                "level": 1 + sum((value or 0) >= bound for bound in bounds),
                "row": region.tile_row,
                "column": region.tile_col,
                "href": _tile_href(present, region.code, by_rate=by_rate),
                "flag": pick(f"{late}件超期", f"{late} overdue") if late and not by_rate else None,
            }
        )
    tiles += [{"short": pick(zh, en), "row": row, "column": column, "off": True} for zh, en, row, column in OFF_TILES]
    return Tiles(
        title=pick("各省评价响应率", "Response by province") if by_rate else pick("各省备案", "Filings by province"),
        note=pick("已评价席位占应评席位", "rated seats of those asked")
        if by_rate
        else pick("已提交件数", "submitted in this round"),
        tiles=tiles,
        legend=_legend(by_rate=by_rate),
        flag_text=None if by_rate else pick("有超期", "overdue"),
        link=(pick("改看表格", "As a table"), "#provinces"),
    )


def _tile_href(present: Present, province: str, *, by_rate: bool) -> str:
    if by_rate:
        return url_for("board.responses", province=province, round=present.round_id)
    return measure_href(Measure.SUBMITTED, present, province)


def _legend(*, by_rate: bool) -> list[tuple[int, str]]:
    if by_rate:
        words = ("不足45%", "45%至60%", "60%至75%", "75%至85%", "85%以上")
        english = ("below 45%", "45 to 60%", "60 to 75%", "75 to 85%", "85% and more")
    else:
        words = ("无", "1至4件", "5至19件", "20至49件", "50件以上")
        english = ("none", "1 to 4", "5 to 19", "20 to 49", "50 and more")
    return [(level, pick(zh, en)) for level, (zh, en) in enumerate(zip(words, english, strict=True), 1)]


def _table(present: Present, regions: Sequence[Region], board: Board, rates: Mapping[str | None, Rate]) -> Table:
    """32 provinces: filed, late, response rate; each figure leads to its list."""
    measures = (Measure.SUBMITTED, Measure.IN_HAND, Measure.LATE, Measure.FILED, Measure.WILLING)
    rows, marks = [], []
    for region in sorted(regions, key=lambda one: (-board.of(one.code)[Measure.LATE], one.code)):
        figures, percent = board.of(region.code), rates.get(region.code, Rate()).percent
        cells = [
            Cell(
                text=str(figures[measure]),
                href=measure_href(measure, present, region.code) if figures[measure] else None,
                is_number=True,
            )
            for measure in measures
        ]
        rate = Cell(
            text="—" if percent is None else f"{percent}%",
            href=None if percent is None else url_for("board.responses", province=region.code, round=present.round_id),
            is_number=True,
        )
        rows.append([Cell(text=pick(region.name_zh, region.name_en)), *cells, rate])
        marks.append("late" if figures[Measure.LATE] else "")
    short = {
        Measure.IN_HAND: ("在途", "In hand"),
        Measure.LATE: ("超期", "Overdue"),
        Measure.WILLING: ("愿评优", "Willing"),
    }
    names = {Measure.SUBMITTED: ("已提交", "Submitted"), Measure.FILED: ("已备案", "Filed"), **short}
    phone = (Measure.SUBMITTED, Measure.LATE)
    columns = [(pick(*names[measure]), "n" if measure in phone else "n nophone") for measure in measures]
    return Table(
        title=pick("32个省级区域", "The 32 provinces"),
        note=pick("有超期的在前", "those with overdue filings first"),
        columns=[(pick("省份", "Province"), ""), *columns, (pick("响应率", "Rated"), "n")],
        rows=rows,
        marks=marks,
        stack=False,
        place="wide",
    )


def _risks() -> Rows:
    """What may go wrong in any round that runs; each figure leads to the list of what it counts."""
    rows = [
        Row(
            title=NAMES(risk),
            figure=f"{count}{unit(MEASURE_WORDS[risk])}",
            figure_href=url_for("board.risk", risk=risk.value) if count else None,
            strong=False,
        )
        for risk, count in count_risks().items()
    ]
    return Rows(title=pick("风险", "Risks"), note=pick("各进行中周期", "all running rounds"), rows=rows, place="side")
