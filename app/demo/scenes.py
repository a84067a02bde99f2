"""Where the demo's rounds stand: one scene for every kind of work that somebody should find waiting."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from app.accounts.models import Region
from app.announcements.queries import find_latest, items_of
from app.announcements.usecases import PUBLIC, submit_objection
from app.announcements.vocabulary import AnnouncementKind
from app.attachments.usecases import store_file
from app.demo.answers import Temper
from app.demo.diary import begin_so_that, go_on
from app.demo.documents import make_pdf
from app.demo.people import HOME
from app.demo.playing import Player
from app.demo.results import Topic
from app.demo.world import Filer, Size, begin_round, file_many, list_filers
from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.models import WorkItem
from app.processes.worker import work_off

LeaveRule = Callable[[WorkItem], bool]
HOURS_BETWEEN_FILINGS = 13


def always(_item: WorkItem) -> bool:
    """Every item at the node waits."""
    return True


def one_in(count: int) -> LeaveRule:
    """One of `count` subjects waits, the others go on."""
    return lambda item: item.subject_id % count == 0


@dataclass(frozen=True, slots=True)
class Scene:
    """A round: its name, how much is filed, until which stage it is played, and what waits there."""

    name: str
    filings: int
    until: str | None
    leaves: Mapping[str, LeaveRule] = field(default_factory=dict)
    days: int = 3
    """For how many days that stage has been open."""
    responds: float = 0.95
    returns: float = 0.05
    objections: int = 0
    is_local: bool = False
    """Half of the filings come from the home province, whose cities audit first."""


SCENES = (
    Scene("2024年度评价周期（演示）", 9, None, days=20),
    Scene("2025年度评价周期（演示）", 9, "public_notice", {"decide": always}, days=2, objections=2),
    Scene("2025年度园区评价（演示）", 8, "panel", {"opinion": always}, days=2),
    Scene("2025年度高校院所评价（演示）", 8, "panel", {"open": always}, days=1),
    Scene("2025年度服务基地评价（演示）", 8, "expert_review", {"score": one_in(2)}, days=6),
    Scene("2025年度支撑机构评价（演示）", 8, "expert_review", {"witness": always}, days=1),
    Scene("2026年度产业评价（演示）", 12, "rating", days=10, responds=0.35),
    Scene("2026年度区域评价（演示）", 8, "push", {"approve_push": always}, days=1),
    Scene(
        "2026年度评价周期（演示）",
        36,
        "filing",
        {"city_audit": one_in(3), "prov_audit": one_in(2), "nat_audit": one_in(3), "correct": always},
        days=24,
        returns=0.25,
        is_local=True,
    ),
    Scene("2027年度评价周期（演示）", 0, "setup", {"release": always}, days=1),
)


def play_scene(*, scene: Scene, size: Size, topics: Iterator[Topic], chance: Random) -> None:
    """One round, filed and played until its scene, where what its rules leave waits for a visitor."""
    if scene.is_local:
        _let_cities_audit()
    present = clock.now()
    with clock.at(begin_so_that(stage=scene.until, days_open=scene.days)):
        _play(scene, size, topics, chance, present)


def _play(scene: Scene, size: Size, topics: Iterator[Topic], chance: Random, present: datetime) -> None:
    round_id = begin_round(name=scene.name, size=size)
    player = Player(
        round_id=round_id,
        chance=chance,
        temper=Temper(responds=scene.responds, returns=scene.returns),
        leaves=lambda item: scene.leaves.get(item.node, _never)(item),
        present=present,
    )
    player.on_open["filing"] = lambda: file_many(
        count=scene.filings,
        topics=topics,
        filers=_filers_of(scene),
        chance=chance,
        between=lambda: go_on(HOURS_BETWEEN_FILINGS, before=present),
    )
    player.on_open["public_notice"] = lambda: raise_objections(round_id=round_id, count=scene.objections)
    player.play(until=scene.until)
    if scene.objections:
        go_on(HOURS_BETWEEN_FILINGS, before=present)
        raise_objections(round_id=round_id, count=1)
        work_off()


def _filers_of(scene: Scene) -> Sequence[Filer]:
    """Everyone who files; in a local scene every other one is from the home province."""
    everyone = list_filers()
    if not scene.is_local:
        return everyone
    local = [filer for filer in everyone if filer.organisation.province_code == HOME]
    others = [filer for filer in everyone if filer.organisation.province_code != HOME]
    return [filer for pair in zip(local, others, strict=False) for filer in pair]


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


OBJECTION = {
    "objector_kind": "person",
    "objector_name": "沈知行",
    "objector_contact": "13900000000",
    "objector_id": "演示证件0001",
    "kind": "SUBSTANTIVE",
    "grounds": "报告所引专利数量与附录检索结果不一致，请核实数据来源。",
}
