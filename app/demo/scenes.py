"""Where the demo's rounds stand: one scene for every kind of work that somebody should find waiting."""

import io
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import select

from app.accounts.models import Region
from app.announcements.queries import find_latest, items_of
from app.announcements.usecases import PUBLIC, submit_objection
from app.announcements.vocabulary import AnnouncementKind
from app.attachments.usecases import store_file
from app.demo.answers import Temper
from app.demo.documents import make_pdf
from app.demo.people import HOME
from app.demo.playing import Player
from app.demo.results import Topic
from app.demo.world import Filer, Size, actor_named, begin_round, file_many, list_filers
from app.inbox.usecases import complete_item
from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.models import WorkItem
from app.processes.vocabulary import ItemStatus
from app.processes.worker import work_off
from app.rounds.planning import plan_stages
from app.rounds.queries import stages_of
from app.rounds.rules import DEFAULT_PARAMETERS
from app.rounds.vocabulary import StageCode
from app.workdays.calendar import add_workdays

LeaveRule = Callable[[WorkItem], bool]


def always(_item: WorkItem) -> bool:
    """Every item at the node waits."""
    return True


def one_in(count: int) -> LeaveRule:
    """One of `count` subjects waits, the others go on."""
    return lambda item: item.subject_id % count == 0


@dataclass(frozen=True, slots=True)
class Scene:
    """A round: its name, how much is filed, until which stage it is played, and what waits there.

    `starts_on`: the day it began; None lets it begin so that its last stage is open today.
    """

    name: str
    filings: int
    until: StageCode | None
    leaves: Mapping[str, LeaveRule] = field(default_factory=dict)
    responds: float = 0.95
    returns: float = 0.05
    objections: int = 0
    starts_on: date | None = None


SCENES = (
    Scene("2023年度评价周期（演示）", 9, None, starts_on=date(2023, 3, 20)),
    Scene("2025年度评价周期（演示）", 9, StageCode.PUBLIC_NOTICE, {"decide": always}, objections=2),
    Scene("2025年度服务基地评价（演示）", 8, StageCode.PANEL, {"opinion": always}),
    Scene("2025年度支撑机构评价（演示）", 8, StageCode.PANEL, {"open": always}),
    Scene("2026年度服务基地评价（演示）", 8, StageCode.EXPERT_REVIEW, {"score": one_in(2)}),
    Scene("2026年度支撑机构评价（演示）", 8, StageCode.EXPERT_REVIEW, {"witness": always}),
    Scene("2026年度产业专项评价（演示）", 12, StageCode.RATING, responds=0.35),
    Scene("2026年度区域专项评价（演示）", 8, StageCode.PUSH, {"approve_push": always}),
    Scene(
        "2026年度评价周期（演示）",
        36,
        StageCode.FILING,
        {"city_audit": one_in(3), "prov_audit": one_in(2), "nat_audit": one_in(3), "correct": always},
        returns=0.25,
    ),
    Scene("2027年度评价周期（演示）", 0, StageCode.SETUP, {"release": always}),
)
WINDOW_PASSED = 0.4
"""The share of a scene's last window that has passed when a visitor comes."""
LONGEST_ROUND = 600
FILED_WITHIN = 0.85
"""The share of the time until then in which results are filed."""


def play_scene(*, scene: Scene, size: Size, topics: Iterator[Topic], chance: Random) -> None:
    """One round, filed and played in its own time until its scene, where what its rules leave waits for a visitor."""
    if scene.until is StageCode.FILING:
        _let_cities_audit()
    today = clock.now()
    begins = datetime.combine(scene.starts_on or _begin_of(scene), time(9), clock.BEIJING)
    with clock.at(begins):
        round_id = begin_round(name=scene.name, size=size)
        player = Player(
            round_id=round_id,
            chance=chance,
            temper=Temper(responds=scene.responds, returns=scene.returns),
            leaves=lambda item: scene.leaves.get(item.node, _never)(item),
            in_time=True,
        )
        player.on_open["filing"] = lambda: file_many(
            count=scene.filings,
            topics=topics,
            filers=_filers_of(scene),
            chance=chance,
            pause=_pause(round_id, scene.filings, today),
        )
        player.on_open["public_notice"] = lambda: raise_objections(round_id=round_id, count=scene.objections)
        player.play(until=scene.until)
        if scene.until is StageCode.FILING:
            _return_one_to(list_filers()[0])
        if scene.objections:
            raise_objections(round_id=round_id, count=1)
            work_off()


def _filers_of(scene: Scene) -> Sequence[Filer]:
    """Everyone who files; where filings wait for their audits, every other one is from the home province."""
    everyone = list_filers()
    if scene.until is not StageCode.FILING:
        return everyone
    local = [filer for filer in everyone if filer.organisation.province_code == HOME]
    others = [filer for filer in everyone if filer.organisation.province_code != HOME]
    return [filer for pair in zip(local, others, strict=False) for filer in pair]


def _return_one_to(filer: Filer) -> None:
    """The province's auditor returns one of the filer's results for correction."""
    item_id = session.scalar(
        select(WorkItem.id)
        .where(
            WorkItem.node == "prov_audit",
            WorkItem.status == ItemStatus.OPEN,
            WorkItem.organisation_id == filer.organisation.id,
        )
        .order_by(WorkItem.id)
    )
    if item_id is not None:
        auditor = actor_named("province_auditor")
        with transaction():
            complete_item(item_id=item_id, outcome="return_for_correction", values=RETURNED, actor=auditor)


def _begin_of(scene: Scene) -> date:
    """The last day on which a round may begin for its last stage to have been open long enough today.

    Tried day by day, since holidays make a round longer in one year than in another.
    """
    days = [clock.today() - timedelta(days=back) for back in range(LONGEST_ROUND, 0, -1)]
    return days[bisect_right(days, clock.now(), key=lambda day: _reached(scene, day)) - 1]


def _reached(scene: Scene, starts_on: date) -> datetime:
    """When enough of the scene's last window has passed, in a round that begins on that day."""
    plan = plan_stages(starts_on, workdays=DEFAULT_PARAMETERS["windows"], add_workdays=add_workdays)
    stage = next(planned for planned in plan if planned.code is scene.until)
    opens = stage.opens_at or stage.closes_at
    return opens + (stage.closes_at - opens) * WINDOW_PASSED


def _pause(round_id: int, filings: int, today: datetime) -> timedelta:
    """The time between two filings, so that all of them fall into the window and none into the future."""
    ends = next(view.closes_at for view in stages_of(round_id) if view.code is StageCode.FILING)
    session.rollback()
    return (min(ends, today) - clock.now()) * FILED_WITHIN / max(filings, 1)


def _never(_item: WorkItem) -> bool:
    return False


def _let_cities_audit() -> None:
    """The home province has its cities audit first."""
    with transaction():
        session.get_one(Region, HOME).has_city_review = True


def raise_objections(*, round_id: int, count: int) -> None:
    """Members of the public object to lines of the notice that is open, each with a name and evidence."""
    notice = find_latest(round_id, AnnouncementKind.PUBLIC_NOTICE)
    items = [] if notice is None else [item.id for item in items_of(notice.id)]
    session.rollback()
    for number, item_id in enumerate(items[-count:] if count else []):
        evidence = io.BytesIO(make_pdf("异议证据材料", [f"第{number + 1}份：与申报材料第8页所述数据来源不一致。"]))
        with transaction():
            file = store_file(stream=evidence, name="证据.pdf", actor=PUBLIC, limit_mb=20)
            submit_objection(item_id=item_id, values={**OBJECTION, "evidence": file.id})


RETURNED = {"reasons": ["PROOF_INVALID"], "opinion": "第12页：请补充应用证明的盖章页。"}
OBJECTION = {
    "objector_kind": "person",
    "objector_name": "沈知行",
    "objector_contact": "13900000000",
    "objector_id": "演示证件0001",
    "kind": "SUBSTANTIVE",
    "grounds": "报告所引专利数量与附录检索结果不一致，请核实数据来源。",
}
