"""An objection decided in the very moment of the commendation: its item is named by one of the two, and stays so."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date

import pytest

from app.announcements import queries
from app.announcements.objections import keep_decision, reply_objection, supplement_item
from app.announcements.results import publish_results, record_award, register_document
from app.announcements.vocabulary import AnnouncementKind, Decision
from app.candidacies.usecases import set_standing
from app.kernel import clock
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.transaction import transaction
from tests.factories.announcements import NOTICE_DAY, Notice, act, object_to, publish_commendation

HEAD_START_SECONDS = 0.4


def beside(app, act: Callable[[], object], pool: ThreadPoolExecutor) -> Future[None]:
    """Begins an act in a thread of its own and gives it time to reach what the present transaction holds."""

    def run() -> None:
        with app.app_context(), clock.at(NOTICE_DAY):
            try:
                with transaction():
                    act()
            finally:
                session.remove()

    begun = pool.submit(run)
    time.sleep(HEAD_START_SECONDS)
    return begun


def held(notice: Notice) -> int:
    """An accepted objection to the first item; its id."""
    objection, _ = object_to(notice.item_ids[0])
    act(objection, notice.handler, "accept")
    return objection.id


def dismiss(notice: Notice, objection_id: int) -> None:
    """Leader's decision and what follows in the flow: the reply, and the supplement once the commendation is out."""
    objection = queries.lock_objection(objection_id)
    keep_decision(objection=objection, decision=Decision.DISMISS, opinion="同意。", actor=notice.leader)
    if reply_objection(objection=objection, actor=notice.leader).announced:
        supplement_item(objection=objection, actor=notice.leader)


def register(notice: Notice) -> None:
    with transaction():
        register_document(
            round_id=notice.round_id, document_number="导评通〔2026〕1号", issued_on=date(2026, 12, 22),
            sealed_file_id=None, actor=notice.manager,
        )  # fmt: skip


@pytest.mark.parametrize("first", ["dismissal", "commendation"])
def test_e9_a_dismissal_beside_the_commendation_is_named_by_one_of_the_two(app, notice, first):
    objection_id = held(notice)
    register(notice)
    round_id = notice.round_id
    acts = [lambda: dismiss(notice, objection_id), lambda: publish_results(round_id=round_id, actor=SYSTEM)]
    mine, other = acts if first == "dismissal" else acts[::-1]

    with ThreadPoolExecutor(1) as pool:
        with transaction():
            mine()
            session.flush()
            begun = beside(app, other, pool)
        begun.result(timeout=30)
    session.expire_all()

    named = queries.get_announcement(notice.item().announced_id or 0)
    assert named.kind == (AnnouncementKind.COMMENDATION if first == "dismissal" else AnnouncementKind.SUPPLEMENT)


def test_e9_a_supplement_stands_beside_the_commendations_late_broadcast(app, notice):
    objection_id = held(notice)
    publish_commendation(notice)
    candidacy_id = notice.candidacy_ids[0]

    def arrive() -> None:
        standing = record_award(candidacy_id=candidacy_id, actor=SYSTEM)
        set_standing(candidacy_ids=[candidacy_id], standing=standing)

    with ThreadPoolExecutor(1) as pool:
        with transaction():
            dismiss(notice, objection_id)
            begun = beside(app, arrive, pool)
        begun.result(timeout=30)
    session.expire_all()

    assert notice.standing() == "awarded"
