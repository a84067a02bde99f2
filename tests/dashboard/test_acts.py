"""The words of the audit log."""

import re

from app.dashboard.acts import ACTS, detail_text
from config import ROOT

WRITTEN = re.compile(r"\baction=\"([a-z_.]+)\"")


def test_every_act_that_the_house_records_has_words():
    recorded = {
        action for path in (ROOT / "app").rglob("*.py") for action in WRITTEN.findall(path.read_text(encoding="utf-8"))
    }

    assert recorded
    assert recorded - set(ACTS.table) == set()


def test_details_are_pairs_and_empty_ones_are_left_out(app):
    with app.test_request_context():
        assert (
            detail_text({"node": "setup", "reasons": [], "version": 1, "people": [3]})
            == "node：setup；version：1；people：[3]"
        )
        assert detail_text(None) == ""
