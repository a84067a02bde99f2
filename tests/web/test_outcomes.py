import json
import re

import pytest

from app.web.outcomes import OUTCOMES, STATUSES, outcome_label, status_label
from config import ROOT

STYLES = ROOT / "frontend" / "styles"
ICONS = set(json.loads((ROOT / "frontend" / "icons.json").read_text(encoding="utf-8")))


def test_every_status_of_the_styles_has_a_word_and_an_icon_and_the_other_way_round():
    toned = set(re.findall(r'data-status="(\w+)"', (STYLES / "tokens.css").read_text(encoding="utf-8")))

    assert toned == set(STATUSES)


@pytest.mark.parametrize("code", STATUSES)
def test_a_status_has_both_languages_and_a_built_icon(code):
    label = STATUSES[code]

    assert label.zh
    assert label.en
    assert label.icon in ICONS


@pytest.mark.parametrize("code", OUTCOMES)
def test_an_outcome_has_both_languages(code):
    assert outcome_label(code, "zh") != outcome_label(code, "en")


def test_an_unknown_status_is_found():
    with pytest.raises(KeyError):
        status_label("no_such_status", "zh")


def test_every_icon_named_in_a_template_is_built():
    templates = (ROOT / "app").rglob("templates/**/*.html")
    named = {
        name
        for path in templates
        for name in re.findall(r'icon\("([a-z0-9-]+)"', path.read_text(encoding="utf-8"))
    }  # fmt: skip

    assert named - ICONS == set()


def test_icons_stand_in_alphabetical_order():
    names = json.loads((ROOT / "frontend" / "icons.json").read_text(encoding="utf-8"))

    assert names == sorted(set(names))
