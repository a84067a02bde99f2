"""Commands that cannot do what they are asked say so in a sentence: exit code 1 or 2, never a trace."""

import orjson
import pytest

from app.accounts.usecases import create_user
from app.kernel.transaction import transaction
from tests.selection.test_lottery import draw_export


@pytest.fixture
def run(app):
    return lambda *args: app.test_cli_runner().invoke(args=args)


@pytest.mark.parametrize(
    ("args", "code", "word"),
    [
        (("definitions", "check", "/nowhere.bpmn"), 2, "does not exist"),
        (("definitions", "export", "nowhere"), 1, "未找到该记录"),
        (("definitions", "export", "filing", "--version", "-1"), 2, "not in the range"),
        (("definitions", "export", "filing", "--version", "9" * 20), 2, "not in the range"),
        (("definitions", "deploy", "workflows/filing.bpmn", "--note", " "), 2, "what changed"),
        (("conflicts", "match", "", "青岛大学"), 2, "empty"),
        (("selection", "verify", "/nowhere.json"), 2, "does not exist"),
        (("users", "token", "nobody"), 1, "no user nobody"),
        (("users", "lock", "nobody"), 1, "no user nobody"),
        (("users", "lock", "nobody", "--hours", "9" * 20), 2, "not in the range"),
        (("users", "create", "lin", "--name", "林", "--role", "king", "--password", "x"), 2, "Invalid value"),
    ],
)
def test_a_wrong_argument_is_told(run, args, code, word):
    answer = run(*args)

    assert (answer.exit_code, type(answer.exception)) == (code, SystemExit)
    assert word in answer.output


def test_a_taken_name_is_told(run):
    with transaction():
        create_user(username="lin", name="林雨", password_hash="!")

    answer = run("users", "create", "lin", "--name", "林雨", "--password", "a long enough one")

    assert (answer.exit_code, type(answer.exception)) == (1, SystemExit)


@pytest.mark.parametrize("bad", ["nan", "inf", "1e999"])
def test_an_affinity_that_is_no_number_is_told(run, tmp_path, bad):
    (tmp_path / "bids").write_text(f"1 2\n1 {bad}\n")

    assert run("selection", "assign", str(tmp_path / "bids"), "--per-item", "1", "--cap", "1").exit_code == 2


@pytest.mark.parametrize("broken", [{"inputs": []}, {"result": None}, {"inputs": {"holders": 3}}, {"secret": 7}])
def test_a_broken_export_is_a_fault_not_a_trace(run, tmp_path, broken):
    (tmp_path / "draw.json").write_bytes(orjson.dumps({**draw_export(), **broken}))

    answer = run("selection", "verify", str(tmp_path / "draw.json"))

    assert (answer.exit_code, type(answer.exception)) == (1, SystemExit)
