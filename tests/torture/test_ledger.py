"""The count of `make torture` sees what it is there to see."""

import pytest
from sqlalchemy import insert

from app.accounts.vocabulary import Role
from app.kernel.db import db, session
from app.kernel.transaction import transaction
from app.processes import doors as doors_module
from app.processes.deploying import deploy_definition
from app.processes.doors import Subject, doors
from app.processes.starting import start_instance
from tests.factories.accounts import make_actor
from tests.torture import ledger
from tests.torture.flows import CASE, LEDGER, SEAT, open_torture_doors


@pytest.fixture
def case(app):
    """A running case, with the ledger of its operations."""
    before, actor = doors(), make_actor(Role.DESIGNER)
    open_torture_doors()
    LEDGER.create(db.engine)
    with transaction():
        for xml in (SEAT, CASE):
            deploy_definition(xml=xml, note="test", actor=actor)
        case_id = start_instance(
            process="torture_case", subject=Subject("case", 1), title="案", actor=actor, batch_id=1
        )
    yield case_id
    session.remove()
    LEDGER.drop(db.engine)
    doors_module._doors = before


def test_a_house_in_order_has_nothing_lost_or_doubled(case):
    assert ledger.lost(done=[{}], started=[case]) == []
    assert ledger.doubled(done=[{}]) == []
    assert ledger.disagreeing() == []


def test_an_answered_item_that_is_not_done_is_lost(case):
    assert ledger.lost(done=[{999: {}}], started=[case]) == ["item 999 was answered 200 and is not done"]


def test_a_case_without_row_is_lost(case):
    assert ledger.lost(done=[], started=[case, 999]) == ["case 999 is gone"]


def test_an_item_answered_to_two_people_is_doubled(case):
    assert ledger.doubled(done=[{5: {}}, {5: {}}]) == ["item 5 was answered 200 to two people"]


def test_an_operation_kept_twice_is_doubled(case):
    with transaction():
        for _ in range(2):
            session.execute(insert(LEDGER).values(instance_id=case, node="note"))

    assert ledger.doubled(done=[]) == [f"operation note ran twice in instance {case}"]


def test_a_case_that_still_runs_is_stuck(case):
    assert ledger.stuck() == [f"instance {case} is running"]
