"""`flask definitions impact|migrate|undo`."""

import json

import pytest

from app.kernel.db import session
from app.processes.models import ProcessInstance
from app.processes.queries import get_version
from app.processes.worker import work_off
from tests.support.diagrams import diagram, end, flows, start, user

OLD = diagram("case", start() + user("a") + user("b") + end() + flows("begin>a", "a>b", "b>end"))
NEW = diagram("case", start() + user("sign") + user("b") + end() + flows("begin>sign", "sign>b", "b>end"))


@pytest.fixture
def flask_command(app, deploy, run, upper_rooms):
    """A command, after a case was started on version 1."""
    deploy(OLD)
    run("case")
    return lambda *words: app.test_cli_runner().invoke(args=["definitions", *words])


def test_impact_of_a_file(flask_command, tmp_path):
    file = tmp_path / "new.bpmn"
    file.write_bytes(NEW)

    told = flask_command("impact", str(file))
    chosen = flask_command("impact", str(file), "--target", "a=sign", "--json")

    assert told.exit_code == 0
    assert "Added: sign (sign)" in told.output
    assert "1 running: 0 move, 0 stay, 1 choice" in told.output
    assert json.loads(chosen.output)["move"] == 1


def test_a_file_that_is_refused(flask_command, tmp_path):
    file = tmp_path / "bad.bpmn"
    file.write_bytes(NEW.replace(b'targetRef="sign"', b'targetRef="nowhere"'))

    assert flask_command("impact", str(file)).exit_code == 1
    assert json.loads(flask_command("impact", str(file), "--json").output)


def test_migrate_and_undo(flask_command, deploy):
    deploy(NEW)

    counted = flask_command("migrate", "case", "2", "--json")
    flask_command("migrate", "case", "2", "--target", "a=sign", "--note", "改")
    work_off()
    session.expire_all()
    moved = session.query(ProcessInstance.definition_id).scalar()
    undone = flask_command("undo", "case", "--reason", "x")
    work_off()
    session.expire_all()

    assert json.loads(counted.output)["choice"] == 1
    assert moved == get_version("case", 2).id
    assert undone.output == "case: version 1 is active again; 1 migrations bring cases back.\n"
    assert session.query(ProcessInstance.definition_id).scalar() == get_version("case", 1).id


@pytest.mark.parametrize(
    "words",
    [
        ("migrate", "case", "9"),
        ("migrate", "case", "1", "--target", "a"),
        ("undo", "case", "--reason", "x"),
    ],
)
def test_what_cannot_be_done(flask_command, words):
    assert flask_command(*words).exit_code != 0
