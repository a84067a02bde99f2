import re
from datetime import UTC, datetime
from string import Formatter

import pytest

from app.web.sentences import EVALUATION, FIELDS, FLOWS, REQUESTS, SENTENCES, sentence


def _params(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_speaks_both_languages_with_the_same_parameters(code):
    words = SENTENCES[code]

    assert words.zh
    assert words.en
    assert _params(words.zh) == _params(words.en)


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_is_polite_and_quiet(code):
    words = SENTENCES[code]

    assert not re.search(r"[!！]|您必须|请注意", words.zh + words.en)


@pytest.mark.parametrize("table", [REQUESTS, FIELDS, FLOWS, EVALUATION])
def test_sentences_stand_in_alphabetical_order(table):
    assert list(table) == sorted(table)


def test_every_code_stands_in_one_table():
    assert len(SENTENCES) == sum(len(table) for table in (REQUESTS, FIELDS, FLOWS, EVALUATION))


def test_an_unknown_code_is_a_fault_not_a_blank():
    with pytest.raises(KeyError):
        sentence("no_such_code", "zh")


def test_a_missing_parameter_is_a_fault():
    with pytest.raises(KeyError):
        sentence("field_required", "zh")


def test_a_moment_in_a_sentence_is_told_in_the_readers_words():
    moment = datetime(2020, 3, 5, 1, 30, tzinfo=UTC)

    assert sentence("stage_closed", "zh", time=moment) == "本阶段已于2020年3月5日 09:30结束，不能再提交。"
    assert sentence("stage_closed", "en", time=moment) == "This stage ended at 5 Mar 2020 09:30."


def test_a_list_in_a_sentence_is_joined():
    assert sentence("file_type", "zh", types=["PDF", "XLSX"]) == "不支持的文件类型，仅限PDF、XLSX。"
