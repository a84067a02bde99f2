"""Home of the provincial contact, who keeps things moving (flows.md, section 14)."""

from collections.abc import Sequence

from flask import url_for

from app.accounts.care import count_without_account
from app.accounts.vocabulary import Role
from app.dashboard.blocks import Block, Home, NextStep, Row, Rows, Sentence, Stuck
from app.dashboard.common import (
    Present,
    Waiting,
    dates_block,
    first_step,
    item_row,
    plural,
    read_waiting,
    today_words,
)
from app.dashboard.coverage import read_coverage
from app.dashboard.homes.figures import area_name, figures_block, funnel_block, measure_href
from app.dashboard.queries import Figures, read_board
from app.dashboard.responses import Response, list_responses, rate_of
from app.dashboard.stuck import StuckFiling, list_steps
from app.dashboard.vocabulary import Measure
from app.inbox.queries import Filter
from app.rounds.vocabulary import StageCode
from app.web.dates import short_date
from app.web.locale import current_locale, pick
from app.web.shell import step_name

STUCK_SHOWN = 6
SILENT_SHOWN = 5


def contact_home(present: Present) -> Home:
    """Needs me today, stuck filings with 催办, funnel and coverage, accounts, responses, the nation's figures."""
    provinces = present.actor.scope_codes(Role.PROVINCE_CONTACT)
    waiting = read_waiting(present.actor, wanted=Filter(role=Role.PROVINCE_CONTACT), limit=5)
    steps = list_steps(round_id=present.round_id, scope=provinces)
    stuck = [step for step in steps if step.is_stuck]
    board = read_board(round_id=present.round_id, scope=provinces)
    responses = list_responses(round_id=present.round_id, scope=provinces)
    blocks: list[Block] = [
        *_needs_me(waiting),
        _stuck(stuck, present.round_id),
        funnel_block(present, board.total()),
        _coverage(present, provinces),
        _funded(present, board.total()),
        dates_block(present),
        _accounts(provinces),
        _responses(present, responses),
        figures_block(present, board),
    ]
    return Home(
        title=area_name(provinces),
        summary=today_words() + _summary(waiting, stuck),
        next=_next(waiting, stuck),
        line=present.line,
        actions=[("person-plus", pick("代录备案", "File for others"), url_for("filings.new"))],
        blocks=blocks,
    )


def _summary(waiting: Waiting, stuck: Sequence[StuckFiling]) -> str:
    late = sum(step.is_late for step in stuck)
    parts = []
    if waiting.count.open:
        parts.append(
            pick(f"{waiting.count.open}件事项需您办理", f"{plural(waiting.count.open, 'item', 'items')} for you")
        )
    if stuck:
        words = pick(f"{len(stuck)}件备案滞留在途", f"{plural(len(stuck), 'filing stands', 'filings stand')} still")
        parts.append(words + (pick(f"，其中{late}件超期", f", {late} overdue") if late else ""))
    if not parts:
        return pick("没有需您办理的事项，也没有滞留的备案。", "Nothing waits for you and no filing stands still.")
    return pick("；", "; ").join(parts) + pick("。", ".")


def _next(waiting: Waiting, stuck: Sequence[StuckFiling]) -> NextStep:
    late = [step for step in stuck if step.is_late]
    if waiting.first is None and stuck:
        named = late or stuck
        first = named[0]
        step = step_name(first.node_name)
        why = pick(
            f"最久的是“{first.title}”，{step}，已停留{first.stayed}个工作日。催办前可查看全文。",
            f"Longest: “{first.title}”, {step}, {plural(first.stayed, 'working day', 'working days')}. "
            "The text is shown before it is sent.",
        )
        zh = f"催办{len(named)}件{'超期' if late else '滞留'}备案"
        en = f"Remind about {plural(len(named), 'filing', 'filings')}"
        href = url_for("board.stuck", only="late") if late else url_for("board.stuck")
        return NextStep(title=pick(zh, en), why=why, button=pick("查看并催办", "Look and remind"), href=href)
    return first_step(
        waiting,
        calm=NextStep(
            title=pick("目前没有需要催办的备案", "No filing needs a reminder"),
            why=pick("停留超过办理期限一半的备案会列在下方。", "Filings past half of their term will be listed below."),
            calm=True,
        ),
    )


def _needs_me(waiting: Waiting) -> list[Rows]:
    if not waiting.items:
        return []
    rows = [item_row(item, icon="clipboard-check") for item in waiting.items]
    link = (pick("全部待办", "Whole queue"), url_for("inbox.index"))
    return [Rows(title=pick("今日需我办理", "Needs me today"), count=waiting.count.open, rows=rows, link=link)]


def _stuck(stuck: Sequence[StuckFiling], round_id: int) -> Block:
    title = pick("滞留在途", "Standing still")
    if not stuck:
        empty = pick("目前没有停留超过办理期限一半的备案。", "No filing has passed half of its term.")
        return Rows(title=title, count=0, empty=empty, empty_icon="hourglass-split")
    return Stuck(
        title=title,
        count=len(stuck),
        note=pick("停留超过办理期限一半的备案", "past half of their term"),
        steps=stuck[:STUCK_SHOWN],
        round_id=round_id,
        link=(pick(f"查看全部{len(stuck)}件", f"All {len(stuck)}"), url_for("board.stuck")),
    )


def _coverage(present: Present, provinces: frozenset[str]) -> Sentence:
    """应备未备: of which organisations a filing is missing, and how many of those expected have filed (R-053)."""
    found = read_coverage(round_id=present.round_id, scope=provinces)
    title = pick("应备未备", "Missing filings")
    if found.percent is None:
        return Sentence(title=title, text=pick("尚无应备案的单位。", "Nobody is expected to file yet."), place="side")
    return Sentence(
        title=title,
        count=len(found.missing),
        text=pick(
            f"应备案单位{found.expected}家，其中{found.standing}家本周期已提交备案，覆盖{found.percent}%。",
            f"{found.standing} of {found.expected} organisations have filed in this round: {found.percent}%.",
        ),
        percent=found.percent,
        link=(pick("逐家核对", "Check them"), url_for("coverage.index")),
        place="side",
    )


def _funded(present: Present, figures: Figures) -> Sentence:
    """Publicly funded results that were submitted, and how many of them are filed."""
    funded, filed = figures[Measure.FUNDED], figures[Measure.FUNDED_FILED]
    title = pick("财政出资成果", "Publicly funded results")
    if not funded:
        return Sentence(
            title=title, text=pick("尚无财政出资成果提交备案。", "None has been submitted yet."), place="side"
        )
    percent = round(100 * filed / funded)
    return Sentence(
        title=title,
        text=pick(
            f"已提交{funded}项，其中{filed}项已备案，占{percent}%。", f"{funded} submitted, {filed} filed: {percent}%."
        ),
        percent=percent,
        link=(pick("逐项核对", "Check them"), measure_href(Measure.FUNDED, present)),
        place="side",
    )


def _accounts(provinces: frozenset[str]) -> Rows:
    count = count_without_account(provinces)
    rows = [
        Row(
            title=pick("尚无登录账户的单位", "Organisations without account"),
            figure=pick(f"{count}家", str(count)),
            figure_href=url_for("board.organisations", without=1),
            strong=False,
        ),
        Row(title=pick("重置密码", "Reset a password"), href=url_for("board.organisations"), strong=False),
    ]
    manage = (pick("管理账户", "Manage"), url_for("board.organisations"))
    return Rows(title=pick("账户", "Accounts"), rows=rows, place="side", link=manage)


def _responses(present: Present, responses: Sequence[Response]) -> Rows:
    """Who is silent, with telephone; counts only, never what was said."""
    title = pick("企业评价响应", "Rating response")
    if not responses:
        return Rows(title=title, empty=_rating_begins(present), place="side")
    rate, silent = rate_of(responses), [one for one in responses if one.is_silent]
    rows = [
        Row(
            title=one.name,
            small=one.phone or pick("未登记电话", "no telephone"),
            figure=pick(f"{one.waiting}项未评", f"{one.waiting} open"),
            strong=False,
        )
        for one in silent[:SILENT_SHOWN]
    ]
    return Rows(
        title=title,
        note=pick(f"{rate.rated}/{rate.sent}席已评", f"{rate.rated} of {rate.sent} rated"),
        rows=rows,
        empty=pick("受邀单位均已响应。", "Every organisation asked has answered."),
        empty_icon="check-circle-fill",
        footer=""
        if not silent
        else pick(f"{len(silent)}家单位尚未响应", f"{plural(len(silent), 'organisation', 'organisations')} silent"),
        link=(pick("查看名单", "List"), url_for("board.responses")),
        place="side",
    )


def _rating_begins(present: Present) -> str:
    stage = present.stage(StageCode.RATING)
    if stage is None or stage.opens_at is None:
        return pick(
            "线上评价开始后，在此列出未响应的企业及联系电话。", "Silent organisations appear here once rating begins."
        )
    day = short_date(stage.opens_at, current_locale())
    return pick(
        f"线上评价计划自{day}开始，届时在此列出未响应的企业及联系电话。",
        f"Online rating is planned from {day}; silent organisations will be listed here.",
    )
