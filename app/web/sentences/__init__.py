"""The sentence of every refusal (flows.md, section 15), in Chinese and English.

Style: polite, short, says what and until when; no exclamation mark.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from app.web.dates import full_date, moment_text
from app.web.locale import Locale
from app.web.sentences.entry import Sentence
from app.web.sentences.evaluation import EVALUATION
from app.web.sentences.fields import FIELDS
from app.web.sentences.flows import FLOWS
from app.web.sentences.requests import REQUESTS

SENTENCES: Final[Mapping[str, Sentence]] = {**REQUESTS, **FIELDS, **FLOWS, **EVALUATION}


def sentence(code: str, locale: Locale, **params: object) -> str:
    """The sentence of `code`; KeyError for an unknown code or a missing parameter: both are faults of the program."""
    words = {name: _word(value, locale) for name, value in params.items()}
    return SENTENCES[code].text(locale).format_map(words)


def _word(value: object, locale: Locale) -> object:
    if isinstance(value, datetime):
        return moment_text(value, locale)
    if isinstance(value, date):
        return full_date(value, locale)
    if isinstance(value, (list, tuple)):
        return ("、" if locale == "zh" else ", ").join(str(part) for part in value)
    return value
