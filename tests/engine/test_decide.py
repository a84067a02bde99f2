"""Decision tables against a brute force that reads the rules as Python."""

from itertools import product

import pytest

from app.engine import DefinitionRefusedError, ExpressionError, decide, parse_table
from app.engine.decide import split_list
from tests.engine.sketch import escape

INPUTS = ("kind", "score")
ROWS = [  # cells, output, the same rule in Python
    (('"report"', ">= 60"), '"pass"', lambda kind, score: kind == "report" and score >= 60),
    (('"report","tool"', "[40..60)"), '"manual"', lambda kind, score: kind in ("report", "tool") and 40 <= score < 60),
    (('not("report")', "-"), '"other"', lambda kind, _score: kind != "report"),
    (("-", "< 40"), '"fail"', lambda _kind, score: score < 40),
    (
        ('"a,b"', "50, 70, (80..90]"),
        "score * 2",
        lambda kind, score: kind == "a,b" and (score in (50, 70) or 80 < score <= 90),
    ),
]
KINDS = ("report", "tool", "database", "a,b")
SCORES = (0, 39, 40, 50, 59.5, 60, 70, 80, 85, 90, 100)


def table(policy: str, rows=ROWS, inputs=INPUTS) -> bytes:
    def cell(tag: str, text: str) -> str:
        return f"<{tag}><text>{escape(text)}</text></{tag}>"

    columns = "".join(f"<input><inputExpression><text>{name}</text></inputExpression></input>" for name in inputs)
    rules = "".join(
        f'<rule id="r{number}">{"".join(cell("inputEntry", text) for text in cells)}{cell("outputEntry", output)}</rule>'
        for number, (cells, output, _) in enumerate(rows)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision id="d" name="初筛规则">'
        f'<decisionTable hitPolicy="{policy}">{columns}<output name="result"/>{rules}</decisionTable></decision></definitions>'
    ).encode()


def value(output: str, kind: str, score: float):
    return eval(output, {"kind": kind, "score": score})  # noqa: S307 -- the brute force of this test


@pytest.mark.parametrize(("kind", "score"), list(product(KINDS, SCORES)))
def test_table_says_what_its_rules_say(kind, score):
    facts = {"kind": kind, "score": score}
    truth = {f"r{number}": rule(kind, score) for number, (_, _, rule) in enumerate(ROWS)}
    results = [{"result": value(ROWS[int(id_[1:])][1], kind, score)} for id_, holds in truth.items() if holds]

    first, collected = decide(parse_table(table("FIRST")), facts), decide(parse_table(table("COLLECT")), facts)

    assert first.matches == collected.matches == truth
    assert first.result == (results[0] if results else None)
    assert collected.result == results
    assert collected.matched == tuple(id_ for id_, holds in truth.items() if holds)
    if len(results) > 1:
        with pytest.raises(ExpressionError, match="UNIQUE"):
            decide(parse_table(table("UNIQUE")), facts)
    else:
        assert decide(parse_table(table("UNIQUE")), facts).result == first.result


def test_a_missing_measure_is_neither_more_nor_less():
    decision = decide(parse_table(table("COLLECT")), {"kind": "report", "score": None})

    assert decision.matched == ()


@pytest.mark.parametrize("policy", ["PRIORITY", "ANY", "RULE ORDER", "OUTPUT ORDER"])
def test_other_hit_policies_are_refused_not_guessed(policy):
    with pytest.raises(DefinitionRefusedError):
        parse_table(table(policy))


@pytest.mark.parametrize("cell", ["> (", "__import__('os')", "x.y", "[1.."])
def test_faulty_cell_names_its_rule(cell):
    with pytest.raises(DefinitionRefusedError) as refused:
        parse_table(table("FIRST", [((cell, "-"), "1", None)]))

    assert refused.value.findings[0].element_id == "r0"


def test_lists_are_split_outside_texts_and_brackets():
    assert split_list('"a,b", f(1,2), [1,2]') == ['"a,b"', " f(1,2)", " [1,2]"]
