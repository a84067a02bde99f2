"""`selection assign` and `selection verify` (contract.md)."""

from pathlib import Path

import orjson
import pytest

from tests.selection.test_lottery import draw_export

DATA = Path(__file__).parent / "data"


def test_assign_prints_total_and_worst_item(app):
    args = ["selection", "assign", str(DATA / "preflib1.in"), "--per-item", "3", "--cap", "6", "--json"]

    answer = app.test_cli_runner().invoke(args=args)

    printed = orjson.loads(answer.output)
    assert (answer.exit_code, printed["total"], printed["worst_item"]) == (0, 124.25, 0.75)


@pytest.mark.parametrize("text", ["", "words", "2 2\n1 1\n", "1 2\n1\n"])
def test_assign_refuses_what_is_no_bid_matrix(app, tmp_path, text):
    (tmp_path / "bids").write_text(text)

    answer = app.test_cli_runner().invoke(
        args=["selection", "assign", str(tmp_path / "bids"), "--per-item", "1", "--cap", "1"]
    )

    assert answer.exit_code == 2


def test_verify_tells_an_honest_draw_from_a_changed_one(app, tmp_path):
    runner, file = app.test_cli_runner(), tmp_path / "draw.json"

    file.write_bytes(orjson.dumps(draw_export()))
    assert runner.invoke(args=["selection", "verify", str(file)]).exit_code == 0

    file.write_bytes(orjson.dumps(draw_export(witness_number="1")))
    changed = runner.invoke(args=["selection", "verify", str(file)])
    assert changed.exit_code == 1
    assert "seed" in changed.output
