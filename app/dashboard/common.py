"""What several home pages share: the day, the round, work waiting, messages, how far away a deadline is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app.accounts.queries import names_of_organisations
from app.dashboard.blocks import Dates, Link, NextStep, Place, Queue, Row, Rows
from app.filings.showing import workdays_until
from app.inbox.queries import Count, Filter, count_items, list_items
from app.kernel import clock
from app.kernel.actor import Actor
from app.notifications.queries import list_for
from app.notifications.texts import render
from app.processes.models import WorkItem
from app.rounds.line import line_of, name_of
from app.rounds.models import Round
from app.rounds.queries import current_round, get_round_with_stages, view_round
from app.rounds.road import StageView
from app.rounds.vocabulary import StageCode, StageStatus
from app.web.dates import SOON_WORKDAYS, due_text, full_date, moment_text, short_date, weekday
from app.web.locale import current_locale, pick
from app.web.requests import once
from app.web.round_line import RoundLine
from app.web.shell import step_name

BESIDE = (StageCode.SCORING, StageCode.ARCHIVED)
DATES_SHOWN = 4
MESSAGES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Present:
    """The person, the round and its stages, read once for a page."""

    actor: Actor
    round: Round | None
    stages: tuple[StageView, ...]
    line: RoundLine | None

    @property
    def round_id(self) -> int:
        """The round's id; 0, which no round has, before the first one."""
        return self.round.id if self.round else 0

    def stage(self, code: StageCode) -> StageView | None:
        """One stage of the round."""
        return next((stage for stage in self.stages if stage.code == code), None)

    def is_past(self, code: StageCode) -> bool:
        """Whether the stage is over."""
        stage = self.stage(code)
        return stage is not None and stage.status is StageStatus.CLOSED

    def is_open(self, code: StageCode) -> bool:
        """Whether the stage is under way."""
        stage = self.stage(code)
        return stage is not None and stage.status is StageStatus.OPEN


def read_present(actor: Actor) -> Present:
    """The current round with its line, in three statements."""
    found = once("current_round", current_round)
    if found is None:
        return Present(actor, None, (), None)
    stages = view_round(found)
    return Present(actor, found, stages, once("round_line", lambda: line_of(found, stages, actor)))


def present_of_work(present: Present, round_id: int | None) -> Present:
    """The same person in the round where their work lies, so that the road tells of it and not of the newest round.

    Three statements where that is another round.
    """
    if round_id is None or round_id == present.round_id:
        return present
    found = get_round_with_stages(round_id)
    stages = view_round(found)
    return Present(present.actor, found, stages, line_of(found, stages, present.actor))


def today_words() -> str:
    """今天是2026年6月22日，星期一。 The first words of every home page."""
    now, locale = clock.now(), current_locale()
    return pick(
        f"今天是{full_date(now, locale)}，{weekday(now, locale)}。",
        f"Today is {weekday(now, locale)}, {full_date(now, locale)}. ",
    )


def due_words(moment: datetime | None) -> str:
    """6月26日截止，剩余4个工作日. Nothing without a deadline."""
    left = workdays_until(moment)
    if moment is None or left is None:
        return ""
    day, locale = short_date(moment, current_locale()), current_locale()
    return pick(f"{day}截止，{due_text(left, locale)}", f"due {day}, {due_text(left, locale)}")


def counted(count: Count) -> str:
    """The number of open items; a floor is said to be one."""
    return f"{count.open}+" if count.open_is_floor else str(count.open)


def item_row(item: WorkItem, small: str = "", icon: str | None = None) -> Row:
    """A work item as a line."""
    return Row(
        title=item.title,
        href=url_for("inbox.item", item_id=item.id),
        small=small or step_name(item.node_name),
        icon=icon,
        workdays=workdays_until(item.due_at),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """The head of a person's queue and its counts."""

    items: Sequence[WorkItem]
    count: Count
    organisations: dict[int, str]

    @property
    def first(self) -> WorkItem | None:
        return self.items[0] if self.items else None

    def row(self, item: WorkItem) -> Row:
        """The item with its organisation below, and its step unless all of them wait at the same one."""
        name = self.organisations.get(item.organisation_id or 0)
        step = "" if name and len({one.node for one in self.items}) == 1 else step_name(item.node_name)
        return item_row(item, pick("，", ", ").join(part for part in (step, name) if part))


def read_waiting(
    actor: Actor, *, wanted: Filter | None = None, limit: int = 6, with_organisations: bool = False
) -> Waiting:
    """The nearest items of the person's queue, in three statements, four with the organisations' names."""
    narrowed = wanted is not None and (wanted.mine or wanted.role is None or actor.roles != {wanted.role})
    filter_ = wanted if wanted is not None and narrowed else Filter()
    items = list_items(actor=actor, wanted=filter_, limit=limit).items
    names = (
        names_of_organisations(item.organisation_id for item in items if item.organisation_id)
        if with_organisations
        else {}
    )
    return Waiting(items, count_items(actor=actor, wanted=filter_), dict(names))


def queue_block(waiting: Waiting, *, title: str, link: Link | None = None, empty: str = "") -> Queue:
    """The queue in groups: late, within two working days, the rest."""
    rows = [waiting.row(item) for item in waiting.items]
    kinds = (
        (pick("超期", "Overdue"), lambda left: left is not None and left < 0),
        (pick("2个工作日内", "Within two working days"), lambda left: left is not None and 0 <= left <= SOON_WORKDAYS),
        (pick("其余", "Later"), lambda left: left is None or left > SOON_WORKDAYS),
    )
    groups = [(name, [row for row in rows if fits(row.workdays)]) for name, fits in kinds]
    return Queue(
        title=title,
        count=counted(waiting.count),
        groups=[group for group in groups if group[1]],
        link=link or (pick("全部待办", "Whole queue"), url_for("inbox.index")),
        empty=empty
        or pick("目前没有待办事项，新事项送达时在此列出。", "Nothing waits for you; new items appear here."),
    )


def first_step(waiting: Waiting, *, calm: NextStep | None = None) -> NextStep:
    """The nearest item as the one thing to do; otherwise calm words."""
    item = waiting.first
    if item is None:
        return calm or NextStep(
            title=pick("目前没有待办事项", "Nothing waits for you"),
            why=pick("有新事项送达时，会以消息通知您。", "You will get a message when something arrives."),
            calm=True,
        )
    what, step, until = f"“{item.title}”", step_name(item.node_name), due_words(item.due_at)
    return NextStep(
        title=pick(f"办理{step}", step),
        why=pick("，", ", ").join(part for part in (what, until) if part) + pick("。", "."),
        button=pick("打开办理", "Open"),
        href=url_for("inbox.item", item_id=item.id),
    )


def queue_words(count: Count) -> str:
    """12件待办，其中2件超期。"""
    if not count.open:
        return pick("目前没有待办事项。", "Nothing waits for you.")
    number = counted(count)
    wait = "item waits" if number == "1" else "items wait"
    if not count.overdue:
        return pick(f"{number}件待办，均未超期。", f"{number} {wait}, none overdue.")
    return pick(f"{number}件待办，其中{count.overdue}件超期。", f"{number} {wait}, {count.overdue} overdue.")


def messages_block(actor: Actor, *, title: str = "", kinds: tuple[str, ...] = (), place: Place = "side") -> Rows:
    """The latest messages to the person; only of some kinds where these are given."""
    rows = [
        Row(
            title=render(row.kind, row.params, current_locale()).title,
            href=url_for("notifications.follow", notification_id=row.id),
            small=moment_text(row.created_at, current_locale()),
            strong=row.read_at is None,
        )
        for row in list_for(actor.id or 0, kinds=kinds, limit=MESSAGES_SHOWN).items
    ]
    return Rows(
        title=title or pick("消息", "Messages"),
        rows=rows,
        link=(pick("全部消息", "All"), url_for("notifications.messages")) if rows else None,
        place=place,
    )


def dates_block(present: Present) -> Dates:
    """The next ends of stages."""
    coming = [
        stage
        for stage in present.stages
        if stage.status in (StageStatus.OPEN, StageStatus.PLANNED) and stage.code not in BESIDE
    ]
    days = []
    for stage in sorted(coming, key=lambda one: one.closes_at)[:DATES_SHOWN]:
        name = name_of(stage)
        is_open = stage.status is StageStatus.OPEN
        words = pick(f"{name}截止" if is_open else f"{name}计划完成", f"{name} {'ends' if is_open else 'planned end'}")
        days.append((stage.closes_at, words, is_open))
    return Dates(title=pick("近期日程", "Coming up"), days=days, place="side")


def plural(count: int, one: str, many: str) -> str:
    """English: "1 filing", "3 filings"."""
    return f"{count} {one if count == 1 else many}"


def unit(measure_word: str) -> str:
    """The measure word behind a figure; English has none."""
    return measure_word if current_locale() == "zh" else ""
