"""The main road from filing to announcement, played through the use cases on both databases."""

from random import Random

from sqlalchemy import func, select

from app.announcements.models import Announcement
from app.candidacies.models import Candidacy
from app.demo.answers import Temper
from app.demo.load import count_sizes
from app.demo.playing import Player
from app.demo.preparing import install
from app.demo.results import further_topics
from app.demo.world import Size, begin_round, file_many, list_filers, populate
from app.kernel.db import session
from app.processes.models import Job, ProcessInstance, WorkItem
from app.processes.operating.incident_models import Incident
from app.rounds.queries import get_round
from app.scoring.models import Bonus

TINY = Size(organisations=90, experts=40, filings=9, targets=12, awards=3, responds=0.95)


def open_nodes(round_id):
    open_items = select(WorkItem.node).where(WorkItem.batch_id == round_id, WorkItem.status == "open")
    return set(session.scalars(open_items))


def test_a_round_is_carried_from_filing_to_the_announcement_and_stops_where_it_is_told(app):
    chance = Random(5)
    install()
    populate(size=TINY, seed=5, password="lodestar-demo")
    round_id = begin_round(name="整轮演练", size=TINY)
    player = Player(round_id=round_id, chance=chance, temper=Temper(responds=TINY.responds))
    topics = further_topics(chance=chance, year=2026)
    player.on_open["filing"] = lambda: file_many(count=9, topics=topics, filers=list_filers(), chance=chance)

    for stage, node in (("push", "approve_push"), ("pool", "pool_line"), ("proposal", "proposal")):
        player.play(until=stage, untouched=True)
        assert node in open_nodes(round_id)
    player.play()

    assert get_round(round_id).status == "archived"
    awarded = session.scalar(
        select(func.count()).where(Candidacy.round_id == round_id, Candidacy.standing == "awarded")
    )
    kinds = session.scalars(
        select(Announcement.kind).where(Announcement.round_id == round_id).order_by(Announcement.id)
    ).all()
    assert awarded == 3
    assert kinds == ["start", "public_notice", "commendation", "ranking"]
    assert session.scalars(select(Incident)).all() == []
    assert session.scalars(select(Job).where(Job.status != "done")).all() == []
    assert session.scalars(select(WorkItem).where(WorkItem.status == "open")).all() == []
    assert session.scalars(select(ProcessInstance).where(ProcessInstance.status == "running")).all() == []
    assert session.scalar(select(func.count()).select_from(Bonus)) > 0
    sizes = count_sizes(round_id)
    assert (sizes["regions"], sizes["organisations"], sizes["experts"], sizes["filings"]) == (32, 90, 41, 9)
    assert 0 < sizes["ratings"] <= sizes["push_tasks"]
