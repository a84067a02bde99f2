"""The pool from ranking to freezing (E7)."""

import orjson
import pytest

from app.candidacies.models import Candidacy
from app.candidacies.vocabulary import Standing
from app.kernel.db import session
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.transaction import transaction
from app.notifications.models import Notification
from app.selection.models import PoolSnapshot
from app.selection.pool import decide_pool, freeze_pool, rank_pool, read_pool_decision
from app.selection.queries import list_pool
from app.selection.reading import PoolChange
from app.selection.verification import verify_export
from tests.factories.selection import add_candidacy


def small_round(hall, **parameters):
    from app.rounds.models import Round  # noqa: PLC0415 -- only this helper needs it

    session.get_one(Round, hall.round_id).parameters = parameters


@pytest.fixture
def ranked(hall):
    with transaction():
        small_round(hall, pool={"factor": 2}, awards={"count": 1})
        rank_pool(round_id=hall.round_id)
    return hall


def test_e7_the_first_by_composite_enter_up_to_the_quota(ranked):
    entries = list_pool(ranked.round_id)

    assert [(e.candidacy_id, e.rank, e.in_pool) for e in entries] == [
        (id_, rank, rank <= 2) for rank, id_ in enumerate(ranked.candidacies, 1)
    ]


def test_e7_a_manual_change_needs_a_reason_and_supervision_hears_of_it(ranked):
    last = ranked.candidacies[-1]

    with pytest.raises(InvalidError) as refused, transaction():
        decide_pool(round_id=ranked.round_id, changes=[PoolChange(last, True, " ")], actor=ranked["manager"])
    assert refused.value.code == "reason_needed"

    with transaction():
        size = decide_pool(
            round_id=ranked.round_id, changes=[PoolChange(last, True, "国家急需领域")], actor=ranked["manager"]
        )
    assert size == 3
    assert session.query(Notification.kind, Notification.user_id).all() == [("pool_changed", ranked["supervisor"].id)]


def test_e7_the_line_waits_while_an_item_with_too_few_ratings_is_undecided(ranked):
    with transaction():
        add_candidacy(ranked.round_id, 50, quorum_met=False)

    with pytest.raises(ConflictError) as refused, transaction():
        decide_pool(round_id=ranked.round_id, changes=[], actor=ranked["manager"])

    assert (refused.value.code, refused.value.params) == ("low_sample_open", {"n": 1})


def test_e6_an_item_let_in_by_its_proofs_enters_beside_the_quota(ranked):
    with transaction():
        by_proofs = add_candidacy(ranked.round_id, 60, quorum_met=False, by_proofs=True)

    with transaction():
        size = decide_pool(round_id=ranked.round_id, changes=[], actor=ranked["manager"])

    assert size == 3
    assert {e.candidacy_id: e.reason for e in list_pool(ranked.round_id, only_in=True)}[by_proofs] == "by_proofs"


def test_e7_the_frozen_pool_can_be_drawn_again_and_never_changes(ranked):
    with transaction():
        freeze_pool(round_id=ranked.round_id, actor=ranked["manager"])

    snapshot = session.get_one(PoolSnapshot, ranked.round_id)
    body = orjson.loads(snapshot.body)
    assert verify_export(body) == []
    body["entries"][0]["composite"] = "1"
    assert verify_export(body) != []
    with pytest.raises(ConflictError, match="pool_frozen"), transaction():
        decide_pool(round_id=ranked.round_id, changes=[], actor=ranked["manager"])


def test_reading_the_decision_sets_the_standing(ranked):
    first, last = ranked.candidacies[0], ranked.candidacies[-1]

    with transaction():
        answers = [read_pool_decision(candidacy_id=id_) for id_ in (first, last)]

    assert answers == [True, False]
    session.expire_all()
    standings = [session.get_one(Candidacy, id_).standing for id_ in (first, last)]
    assert standings == [Standing.IN_POOL, Standing.NOT_POOLED]
