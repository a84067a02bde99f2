"""The log: written with the act, never changed, sealed by a chain that shows every touch."""

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, event, func, select, text, update

from app.audit.models import AppendOnlyError, AuditEntry, AuditSeal, AuditSealing
from app.audit.queries import EntryFilters, list_entries
from app.audit.rules import GENESIS
from app.audit.sealing import Fault, last_seal, seal_entries, verify
from app.audit.usecases import record, within_request
from app.kernel import clock
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import InvalidError
from app.kernel.transaction import transaction

AUDITOR = Actor(id=7, name="季明川")


def write(count=1, **more):
    with transaction():
        for number in range(count):
            record(action="filings.approve", actor=AUDITOR, object_type="filing", object_id=number, **more)


def seal(**more):
    with transaction():
        return seal_entries(**more)


def touch(statement, **params):
    """Somebody at the database's own console."""
    with session.get_bind().begin() as connection:
        connection.execute(text(statement), params)
    session.rollback()


def ids():
    return list(session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)))


def test_an_act_is_recorded_with_everything_needed_to_ask_about_it(app):
    moment = datetime(2026, 3, 5, 1, 30, 0, 123456, tzinfo=UTC)
    with clock.at(moment), within_request("req-1"):
        write(detail={"from": "SUBMITTED", "when": moment})

    [entry] = list_entries().items
    assert (entry.at, entry.actor_id, entry.actor_name, entry.action) == (moment, 7, "季明川", "filings.approve")
    assert (entry.object_type, entry.object_id, entry.request_id) == ("filing", "0", "req-1")
    assert entry.detail == {"from": "SUBMITTED", "when": "2026-03-05T01:30:00.123456+00:00"}
    assert verify() == []


def test_what_is_rolled_back_was_not_done(app):
    with suppress(ZeroDivisionError), transaction():
        record(action="a", actor=SYSTEM, object_type="t", object_id="1")
        1 / 0  # noqa: B018 -- the fault that rolls back

    assert ids() == []


def test_all_entries_of_a_request_carry_its_id(app):
    with within_request() as request_id:
        write(2)
    write()

    assert len(request_id) == 16
    assert [entry.request_id for entry in list_entries().items] == ["", request_id, request_id]


def test_recording_reads_nothing(app, engine):
    seen = []
    listener = lambda *args: seen.append(args[2])  # noqa: E731 -- SQLAlchemy compares identity at removal
    event.listen(engine, "before_cursor_execute", listener)
    write(3)
    event.remove(engine, "before_cursor_execute", listener)

    assert [statement.split()[0] for statement in seen if not statement.startswith("BEGIN")] in (
        ["INSERT"],
        ["INSERT"] * 3,
    )


def test_no_entry_can_be_changed_through_the_program(app):
    write()
    entry = session.scalars(select(AuditEntry)).one()

    entry.action = "nothing"
    with pytest.raises(AppendOnlyError):
        session.flush()
    session.rollback()


@pytest.mark.parametrize("model", [AuditEntry, AuditSeal, AuditSealing])
def test_no_entry_can_be_deleted_through_the_program(app, model):
    write()
    seal()

    session.delete(session.scalars(select(model)).one())
    with pytest.raises(AppendOnlyError):
        session.flush()
    session.rollback()
    for statement in (delete(model), delete(model.__table__)):
        with pytest.raises(AppendOnlyError):
            session.execute(statement)


def test_no_statement_can_change_entries_in_bulk(app):
    for statement in (update(AuditEntry), update(AuditEntry.__table__)):
        with pytest.raises(AppendOnlyError):
            session.execute(statement.values(action="nothing"))


def test_seals_form_one_chain_over_all_entries(app):
    write(5)
    assert (seal(limit=2), seal(limit=2), seal(), seal()) == (2, 2, 1, 0)

    seals = list(session.scalars(select(AuditSeal).order_by(AuditSeal.id)))
    assert [one.previous_hash for one in seals] == [GENESIS, seals[0].hash, seals[1].hash]
    assert [(one.first_id, one.last_id, one.entries) for one in seals] == [
        (ids()[0], ids()[1], 2),
        (ids()[2], ids()[3], 2),
        (ids()[4], ids()[4], 1),
    ]
    assert last_seal().hash == seals[-1].hash
    assert verify() == []


@pytest.mark.parametrize(
    "column", ["action = 'x'", "actor_name = 'x'", "detail = '{}'", "at = '2020-01-01'", "actor_id = NULL"]
)
def test_a_changed_entry_is_found(app, column):
    write(3, detail={"why": "so"})
    seal()
    touch(f"UPDATE audit_entry SET {column} WHERE id = :id", id=ids()[1])  # noqa: S608 -- literals of this test

    assert verify() == [Fault("entry_altered", entry_id=ids()[1])]


def test_a_changed_entry_with_a_hash_to_match_breaks_its_seal(app):
    write(3)
    seal()
    touch("UPDATE audit_entry SET hash = :hash WHERE id = :id", hash="f" * 64, id=ids()[1])

    assert Fault("seal_altered", seal_id=last_seal().id) in verify()


def test_a_deleted_entry_is_found(app):
    write(3)
    seal()
    entry_id, seal_id = ids()[1], last_seal().id
    touch("DELETE FROM audit_sealing WHERE entry_id = :id", id=entry_id)
    touch("DELETE FROM audit_entry WHERE id = :id", id=entry_id)

    assert verify() == [Fault("seal_altered", seal_id=seal_id)]


def test_a_deleted_seal_is_found(app):
    write(3)
    for _ in range(3):
        seal(limit=1)
    seals = list(session.scalars(select(AuditSeal.id).order_by(AuditSeal.id)))
    touch("DELETE FROM audit_sealing WHERE seal_id = :id", id=seals[1])
    touch("DELETE FROM audit_seal WHERE id = :id", id=seals[1])

    assert verify() == [Fault("seal_missing", seal_id=seals[2])]


def test_an_entry_committed_late_with_a_low_id_is_sealed_by_the_next_seal(app):
    write(3)
    low = ids()[0]
    row = session.execute(text("SELECT * FROM audit_entry WHERE id = :id"), {"id": low}).mappings().one()
    touch("DELETE FROM audit_entry WHERE id = :id", id=low)
    assert seal() == 2
    names = ", ".join(row)
    touch(f"INSERT INTO audit_entry ({names}) VALUES ({', '.join(':' + name for name in row)})", **row)  # noqa: S608 -- columns of our own table

    assert seal() == 1
    assert verify() == []


def test_an_entry_slipped_in_below_yesterdays_seal_is_found(app):
    write(3)
    row = session.execute(text("SELECT * FROM audit_entry ORDER BY id LIMIT 1")).mappings().one()
    touch("DELETE FROM audit_entry WHERE id = :id", id=row["id"])
    seal()
    names = ", ".join(row)
    touch(f"INSERT INTO audit_entry ({names}) VALUES ({', '.join(':' + name for name in row)})", **row)  # noqa: S608 -- columns of our own table

    with clock.at(clock.now() + timedelta(days=2)):
        assert seal() == 0
        assert verify() == [Fault("entry_inserted", entry_id=row["id"])]


def test_two_that_seal_at_once_leave_one_chain(app):
    write(200)
    barrier, results, faults = threading.Barrier(4), [], []

    def run():
        with app.app_context():
            try:
                barrier.wait()
                results.extend(seal(limit=20) for _ in range(10))
            except Exception as error:
                faults.append(error)
            finally:
                session.remove()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.rollback()

    assert faults == []
    assert sum(results) == 200 == session.scalar(select(func.count()).select_from(AuditSealing))
    assert verify() == []


def test_entries_are_found_by_any_side_and_read_page_by_page(app):
    with clock.at(datetime(2026, 3, 5, tzinfo=UTC)):
        write(3)
    with transaction():
        record(action="users.lock", actor=SYSTEM, object_type="user", object_id=9)

    def found(**filters):
        return [(entry.object_type, entry.object_id) for entry in list_entries(EntryFilters(**filters)).items]

    assert found(action="users.lock") == found(object_type="user", object_id="9") == [("user", "9")]
    assert found(actor_id=7, until=datetime(2026, 3, 6, tzinfo=UTC)) == [
        ("filing", "2"),
        ("filing", "1"),
        ("filing", "0"),
    ]
    assert found(since=datetime(2026, 3, 6, tzinfo=UTC)) == [("user", "9")]
    first = list_entries(limit=3)
    second = list_entries(limit=3, cursor=first.next)
    assert [entry.object_id for entry in [*first.items, *second.items]] == ["9", "2", "1", "0"]
    assert second.next is None
    with pytest.raises(InvalidError, match="cursor_invalid"):
        list_entries(cursor="WyJ4Il0")
