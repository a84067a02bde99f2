"""What may go wrong in the rounds that run: counted for the manager's home, listed on the page behind each count."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from flask import url_for
from sqlalchemy import Select, func, select

from app.announcements.models import Announcement, NoticeItem, Objection
from app.announcements.vocabulary import OPEN as OPEN_OBJECTIONS
from app.announcements.words import STATUSES as OBJECTION_STATUSES
from app.candidacies.models import Candidacy
from app.candidacies.vocabulary import Standing
from app.dashboard.blocks import Cell, Table
from app.kernel.db import session
from app.processes.models import ProcessDefinition, ProcessInstance
from app.processes.operating.incident_models import Incident
from app.processes.states import get_definition
from app.ratings.models import RatingAggregate
from app.rounds.board import HIDDEN_PROCESSES
from app.rounds.models import Round
from app.rounds.vocabulary import RoundStatus
from app.selection.models import Panel
from app.selection.vocabulary import PanelStatus
from app.selection.words import words
from app.web.dates import moment_text
from app.web.locale import current_locale, pick
from app.web.shell import step_name
from app.web.words import Words

INCOMPLETE: Final = (PanelStatus.FORMING, PanelStatus.COMMITTED, PanelStatus.DRAWN)
UNDECIDED: Final = (Standing.IN_RATING, Standing.LOW_SAMPLE)
MOST_LISTED = 200


class Risk(StrEnum):
    """A line of the block, and the address of its list."""

    SHORT = "short"
    PANELS = "panels"
    OBJECTIONS = "objections"
    INCIDENTS = "incidents"


NAMES: Final = Words(
    {
        Risk.SHORT: ("评价不足的成果", "Items below the quorum"),
        Risk.PANELS: ("尚未组成的评审组", "Panels not complete"),
        Risk.OBJECTIONS: ("办理中的异议", "Open objections"),
        Risk.INCIDENTS: ("流程运行异常", "Process incidents"),
    }
)
MEASURE_WORDS: Final = {Risk.SHORT: "项", Risk.PANELS: "个", Risk.OBJECTIONS: "件", Risk.INCIDENTS: "件"}
EMPTY: Final = Words(
    {
        Risk.SHORT: ("目前没有评价不足的成果。", "No item is below the quorum."),
        Risk.PANELS: ("已组建的评审组均已组成。", "Every panel is complete."),
        Risk.OBJECTIONS: ("目前没有办理中的异议。", "No objection is open."),
        Risk.INCIDENTS: ("目前没有流程运行异常。", "No process has stopped."),
    }
)


def count_risks() -> dict[Risk, int]:
    """All four counts in one statement."""
    counts = [select(func.count()).select_from(_found(risk).subquery()).scalar_subquery() for risk in Risk]
    return dict(zip(Risk, session.execute(select(*counts)).one(), strict=True))


def list_risk(risk: Risk) -> Table:
    """What the count counts, as a table; at most MOST_LISTED lines."""
    rows = {Risk.SHORT: _short, Risk.PANELS: _panels, Risk.OBJECTIONS: _objections, Risk.INCIDENTS: _incidents}[risk]()
    heads = {
        Risk.SHORT: [pick("有效评价", "Valid ratings"), pick("其中企业", "Enterprises")],
        Risk.PANELS: [pick("状态", "Status")],
        Risk.OBJECTIONS: [pick("状态", "Status"), pick("收到", "Received")],
        Risk.INCIDENTS: [pick("环节", "Step"), pick("发生", "Since")],
    }[risk]
    first = {Risk.PANELS: pick("评审组", "Panel"), Risk.INCIDENTS: pick("事项", "Case")}.get(
        risk, pick("成果", "Result")
    )
    align = "n" if risk is Risk.SHORT else ""
    return Table(
        title=NAMES(risk),
        count=len(rows),
        columns=[(first, ""), *((head, align) for head in heads)],
        rows=rows,
        empty=EMPTY(risk),
    )


def _found(risk: Risk) -> Select[int]:
    """The ids that a risk counts."""
    running = Round.status == RoundStatus.RUNNING
    return {
        Risk.SHORT: select(RatingAggregate.candidacy_id)
        .join(Candidacy, Candidacy.id == RatingAggregate.candidacy_id)
        .join(Round, Round.id == RatingAggregate.round_id)
        .where(running, RatingAggregate.quorum_met.is_(False), Candidacy.standing.in_(UNDECIDED)),
        Risk.PANELS: select(Panel.id)
        .join(Round, Round.id == Panel.round_id)
        .where(running, Panel.status.in_(INCOMPLETE)),
        Risk.OBJECTIONS: select(Objection.id).where(Objection.status.in_(OPEN_OBJECTIONS)),
        Risk.INCIDENTS: select(Incident.id).where(Incident.resolved_at.is_(None)),
    }[risk]


def _short() -> Sequence[Sequence[Cell]]:
    rows = session.execute(
        select(RatingAggregate, Round.name)
        .join(Round, Round.id == RatingAggregate.round_id)
        .where(RatingAggregate.candidacy_id.in_(_found(Risk.SHORT)))
        .order_by(RatingAggregate.votes, RatingAggregate.candidacy_id)
        .limit(MOST_LISTED)
    )
    return [
        [
            Cell(text=one.title, small=name, href=url_for("candidacies.show", candidacy_id=one.candidacy_id)),
            Cell(text=str(one.votes)),
            Cell(text=str(one.enterprises)),
        ]
        for one, name in rows
    ]


def _panels() -> Sequence[Sequence[Cell]]:
    rows = session.execute(
        select(Panel, Round.name)
        .join(Round, Round.id == Panel.round_id)
        .where(Panel.id.in_(_found(Risk.PANELS)))
        .order_by(Panel.round_id, Panel.number)
        .limit(MOST_LISTED)
    )
    return [
        [
            Cell(text=panel.name, small=name, href=url_for("selection.panel", panel_id=panel.id)),
            Cell(text=words("panel", panel.status)),
        ]
        for panel, name in rows
    ]


def _objections() -> Sequence[Sequence[Cell]]:
    """The item objected to and how far the case is; who objects is the handler's alone (E9)."""
    rows = session.execute(
        select(Objection.status, Objection.received_at, NoticeItem.title, NoticeItem.candidacy_id, Round.name)
        .join(NoticeItem, NoticeItem.id == Objection.item_id)
        .join(Announcement, Announcement.id == NoticeItem.announcement_id)
        .join(Round, Round.id == Announcement.round_id)
        .where(Objection.id.in_(_found(Risk.OBJECTIONS)))
        .order_by(Objection.received_at)
        .limit(MOST_LISTED)
    )
    return [
        [
            Cell(text=title, small=name, href=url_for("candidacies.show", candidacy_id=candidacy_id)),
            Cell(text=OBJECTION_STATUSES(status)),
            Cell(text=moment_text(received, current_locale())),
        ]
        for status, received, title, candidacy_id, name in rows
    ]


def _incidents() -> Sequence[Sequence[Cell]]:
    """The stopped cases; of those whose title would tell who rates or reviews what, the process alone is named."""
    rows = session.execute(
        select(Incident.node, Incident.at, ProcessInstance.title, ProcessDefinition)
        .outerjoin(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .outerjoin(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .where(Incident.id.in_(_found(Risk.INCIDENTS)))
        .order_by(Incident.at)
        .limit(MOST_LISTED)
    )
    return [
        [
            Cell(text=_case(title, definition), small=step_name(definition.name) if definition else ""),
            Cell(text=stopped_step(node, definition)),
            Cell(text=moment_text(at, current_locale())),
        ]
        for node, at, title, definition in rows
    ]


def _case(title: str | None, definition: ProcessDefinition | None) -> str:
    if definition is None:
        return pick("后台任务", "Background job")
    return pick("（事项不列名）", "(case not named)") if definition.key in HIDDEN_PROCESSES else title or ""


def stopped_step(node: str | None, definition: ProcessDefinition | None) -> str:
    """The element at which a case stopped, by its name in the diagram."""
    if node is None or definition is None:
        return pick("后台任务", "Background job")
    found = get_definition(definition.id).nodes.get(node)
    return step_name(found.name) if found and found.name else node
