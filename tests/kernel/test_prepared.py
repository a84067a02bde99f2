"""A prepared statement does what SQLAlchemy does with it, and tells its errors alike."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, delete, event, func, insert, or_, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from app.kernel.db import session, table_of
from app.kernel.prepared import Prepared
from app.kernel.transaction import transaction
from app.processes.models import Command, Job, ProcessEvent
from app.processes.vocabulary import EventKind

EVENTS, COMMANDS = table_of(ProcessEvent), table_of(Command)
INSERT = Prepared(insert(EVENTS))
INSERT_COMMAND = Prepared(insert(COMMANDS))
NOW = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
LINES = st.fixed_dictionaries(
    {
        "instance_id": st.none() | st.integers(0, 2**40),
        "at": st.datetimes(timezones=st.just(UTC)) | st.just(NOW.astimezone(timezone(timedelta(hours=8)))),
        "kind": st.sampled_from(EventKind),
        "node": st.none() | TEXTS,
        "actor_name": TEXTS,
        "detail": st.none() | st.dictionaries(TEXTS, st.none() | st.booleans() | st.integers(0, 9) | TEXTS, max_size=3),
    }
)


def line(**values):
    return {"instance_id": 1, "at": NOW, "kind": EventKind.COMPLETED, **values}


def command(key: str, **values):
    return {"actor_id": 1, "key": key, "fingerprint": "f", "at": NOW, **values}


def nodes() -> list[str | None]:
    found = list(session.scalars(select(EVENTS.c.node).order_by(EVENTS.c.id)))
    session.rollback()
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=LINES)
def test_it_stores_what_sqlalchemy_stores(app, values):
    with transaction():
        session.execute(delete(EVENTS))
        INSERT.run(values)
        session.execute(insert(EVENTS), values)

    columns = [column for column in EVENTS.c if column.name != "id"]
    ours, theirs = session.execute(select(*columns).order_by(EVENTS.c.id)).all()
    session.rollback()

    assert ours == theirs


def test_an_update_writes_the_columns_that_are_given(app):
    rename = Prepared(update(EVENTS).where(EVENTS.c.node == bindparam("before")))
    with transaction():
        INSERT.run(line(node="a", outcome="kept"))
        INSERT.run(line(node="b"))
        touched = rename.run({"before": "a", "node": "c"}), rename.run({"before": "none", "node": "d"})

    assert touched == (1, 0)
    assert nodes() == ["c", "b"]
    assert session.scalars(select(EVENTS.c.outcome).order_by(EVENTS.c.id)).all() == ["kept", None]


def test_the_same_value_may_stand_at_several_places_beside_values_of_the_statement(app):
    between = Prepared(
        select(EVENTS.c.node)
        .where(or_(EVENTS.c.node == bindparam("one"), EVENTS.c.outcome == bindparam("one")), EVENTS.c.at <= NOW)
        .where(EVENTS.c.kind == EventKind.COMPLETED)
        .order_by(EVENTS.c.id)
    )
    with transaction():
        for values in (line(node="x"), line(node="y", outcome="x"), line(node="z"), line(node="x", kind="claimed")):
            INSERT.run(values)
        INSERT.run(line(node="x", at=NOW + timedelta(days=1)))
        found = between.rows({"one": "x"})

    assert [tuple(row) for row in found] == [("x",), ("y",)]


def test_it_returns_the_id_of_a_new_row(app):
    insert_for_id = Prepared(insert(EVENTS).returning(EVENTS.c.id))
    with transaction():
        [(first,)], [(second,)] = insert_for_id.rows(line()), insert_for_id.rows(line())

    assert list(session.scalars(select(EVENTS.c.id).order_by(EVENTS.c.id))) == [first, second]


def test_it_follows_what_the_session_has_pending(app):
    count = Prepared(select(func.count()).select_from(EVENTS))
    with transaction():
        session.add(ProcessEvent(**line(node="pending")))
        found = count.rows({})

    assert [tuple(row) for row in found] == [(1,)]


def test_it_is_rolled_back_with_its_transaction(app):
    with suppress(ZeroDivisionError), transaction():
        INSERT.run(line(node="lost"))
        1 / 0  # noqa: B018 -- the fault that rolls back
    with transaction():
        INSERT.run(line(node="kept"))
        with suppress(ZeroDivisionError), session.begin_nested():
            INSERT.run(line(node="lost too"))
            1 / 0  # noqa: B018 -- as above, of a savepoint

    assert nodes() == ["kept"]


def test_a_reader_needs_no_transaction(app):
    with transaction():
        INSERT.run(line(node="a"))

    assert [tuple(row) for row in Prepared(select(EVENTS.c.node)).rows({})] == [("a",)]


def test_a_missing_value_is_an_error(app):
    with transaction(), pytest.raises(KeyError, match="before"):
        Prepared(update(EVENTS).where(EVENTS.c.node == bindparam("before"))).run({"node": "c"})


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        (insert(table_of(Job)), {"kind": "k", "payload": {}, "created_at": NOW}),  # `attempts` has a default
        (select(EVENTS.c.id).where(EVENTS.c.id.in_(bindparam("ids", expanding=True))), {"ids": [1]}),
    ],
)
def test_defaults_and_lists_are_refused(app, statement, values):
    with transaction(), pytest.raises(TypeError, match="neither defaults to fill in nor lists to expand"):
        Prepared(statement).run(values)


def test_a_moment_without_zone_is_refused_as_elsewhere(app):
    with transaction():
        with pytest.raises(ValueError, match="without time zone"):
            INSERT.run(line(at=NOW.replace(tzinfo=None)))
        with pytest.raises(StatementError, match="without time zone"):
            session.execute(insert(EVENTS), line(at=NOW.replace(tzinfo=None)))


def test_the_drivers_errors_are_sqlalchemys_and_do_not_tell_the_values(app):
    with transaction():
        INSERT_COMMAND.run(command("k", answer={"name": "secret"}))
    with pytest.raises(IntegrityError) as refused, transaction():
        INSERT_COMMAND.run(command("k", answer={"name": "secret"}))

    assert "command" in str(refused.value)
    assert "secret" not in str(refused.value)
    with transaction():
        INSERT_COMMAND.run(command("after"))
    assert list(session.scalars(select(COMMANDS.c.key).order_by(COMMANDS.c.key))) == ["after", "k"]


def test_a_connection_that_broke_is_not_used_again(app):
    def write_while_it_breaks():
        INSERT.run(line(node="lost"))
        session.connection().connection.driver_connection.close()
        INSERT.run(line(node="lost too"))

    with pytest.raises(DBAPIError) as broken, transaction():
        write_while_it_breaks()
    with transaction():
        INSERT.run(line(node="kept"))

    assert broken.value.connection_invalidated
    assert nodes() == ["kept"]


def test_who_listens_to_statements_hears_it(app, engine):
    heard = []
    listener = lambda *args: heard.append(args[2].split()[0])  # noqa: E731 -- SQLAlchemy compares identity at removal
    event.listen(engine, "before_cursor_execute", listener)
    with transaction():
        INSERT.run(line())
    event.remove(engine, "before_cursor_execute", listener)

    assert [word for word in heard if word != "BEGIN"] == ["INSERT"]
