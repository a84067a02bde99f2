"""`flask conflicts match` of contract.md."""

import json


def test_match_prints_verdict_and_reason_as_json(app):
    shown = app.test_cli_runner().invoke(args=["conflicts", "match", "北京大学", "北京大学深圳医院", "--json"])

    found = json.loads(shown.output)
    assert (shown.exit_code, found["verdict"], found["reason"]) == (0, "related", "affiliated")


def test_match_prints_a_line_for_people(app):
    shown = app.test_cli_runner().invoke(args=["conflicts", "match", "西门子（中国）有限公司", "西门子(中国)有限公司"])

    assert shown.output.startswith("same: ")
