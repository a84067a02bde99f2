"""No name of a field reaches a reader."""

import re

from app.kernel.errors import FieldError, InvalidError
from app.web.errors import field_sentences
from app.web.labels import LABELS
from config import ROOT


def test_every_field_refused_by_its_name_has_a_word():
    named = {
        name
        for path in (ROOT / "app").rglob("*.py")
        for name in re.findall(r'field_error\([^()]*label="([a-z_]+)"', path.read_text(encoding="utf-8"))
    }

    assert named - LABELS.keys() == set()


def test_the_sentence_says_the_word(app):
    with app.test_request_context():
        sentences = field_sentences(InvalidError(fields={"until": [FieldError("field_required", label="until")]}))

    assert sentences == {"until": ["“延至”为必填项。"]}
