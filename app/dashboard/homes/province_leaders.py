"""Home of the province's leader: what is to be signed, the province in five numbers, late audits of the own staff."""

from collections.abc import Sequence

from flask import url_for

from app.accounts.vocabulary import Role
from app.dashboard.blocks import Home, NextStep, Row, Rows
from app.dashboard.common import (
    Present,
    dates_block,
    first_step,
    plural,
    queue_block,
    read_waiting,
    today_words,
)
from app.dashboard.homes.figures import area_name, figures_block
from app.dashboard.queries import read_board
from app.dashboard.stuck import StuckFiling, list_steps
from app.dashboard.vocabulary import Measure
from app.web.locale import pick
from app.web.shell import step_name


def province_leader_home(present: Present) -> Home:
    """What is to be signed, the province in five numbers, late audits of the own staff."""
    provinces = present.actor.scope_codes(Role.PROVINCE_LEADER)
    waiting = read_waiting(present.actor, limit=5)
    board = read_board(round_id=present.round_id, scope=provinces)
    late = [step for step in list_steps(round_id=present.round_id, scope=provinces) if step.is_late]
    own = [step for step in late if step.role in (Role.PROVINCE_AUDITOR, Role.CITY_AUDITOR)]
    sign = queue_block(waiting, title=pick("待签", "To sign"))
    count = board.total()
    return Home(
        title=area_name(provinces),
        summary=today_words()
        + pick(
            f"本省已提交{count[Measure.SUBMITTED]}件，已备案{count[Measure.FILED]}件；本省审核超期{len(own)}件。",
            f"{count[Measure.SUBMITTED]} submitted, {count[Measure.FILED]} filed; "
            f"{plural(len(own), 'audit', 'audits')} of the province overdue.",
        ),
        next=first_step(waiting, calm=_leader_calm(len(own))),
        line=present.line,
        blocks=[
            *([sign] if waiting.items else []),
            figures_block(present, board, place="lead"),
            _own_late(own),
            dates_block(present),
        ],
    )


def _own_late(own: Sequence[StuckFiling]) -> Rows:
    rows = [
        Row(
            title=step.title,
            href=url_for("filings.show", filing_id=step.filing_id),
            small=pick("，", ", ").join(
                part for part in (step_name(step.node_name), step.holder or pick("待认领", "unclaimed")) if part
            ),
            workdays=step.workdays,
            strong=False,
        )
        for step in own[:8]
    ]
    return Rows(
        title=pick("本省审核超期", "Overdue audits of the province"),
        count=len(own),
        rows=rows,
        empty=pick("本省审核均在期限内。", "All audits of the province are in time."),
        empty_icon="check-circle-fill",
        link=(pick("全部", "All"), url_for("board.stuck", only="late")) if rows else None,
    )


def _leader_calm(late: int) -> NextStep:
    if late:
        return NextStep(
            title=pick(f"督促{late}件超期审核", f"{plural(late, 'audit is', 'audits are')} overdue"),
            why=pick("下方列出办理人和超期天数。", "The auditors are named below."),
            button=pick("查看", "Look"),
            href=url_for("board.stuck", only="late"),
            calm=True,
        )
    return NextStep(
        title=pick("目前没有待签事项", "Nothing waits for your signature"),
        why=pick("需要您签发的事项送达时，在此列出。", "What you have to sign will appear here."),
        calm=True,
    )
