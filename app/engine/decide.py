"""Decision tables: standard DMN 1.3 tables over the strict expressions.

A cell holds unary tests: `-` (anything), a literal or a list of them, a comparison (`>= 3`), a range (`[1..5)`), or
`not(...)` around these. Unlike SpiffWorkflow's tables these know UNIQUE with the uniqueness checked, FIRST and COLLECT.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from app.engine.expressions import check_expression, evaluate
from app.engine.source import parse_xml, refuse
from app.engine.window import ExpressionError, Value, Variables

HitPolicy = Literal["UNIQUE", "FIRST", "COLLECT"]
_POLICIES: Mapping[str, HitPolicy] = {"UNIQUE": "UNIQUE", "FIRST": "FIRST", "COLLECT": "COLLECT"}
_CELL = "cell_"
"""The name under which a cell's tests see the input's value."""
_COMPARISON = re.compile(r"(<=|>=|!=|<|>|=)\s*(.+)", re.DOTALL)
_RANGE = re.compile(r"([\[\](])\s*(.+?)\s*\.\.\s*(.+?)\s*([\[\])])", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: one compiled test per input, one expression per output."""

    id: str
    tests: tuple[str, ...]
    outputs: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A decision: `inputs` are expressions over the facts, `outputs` the names of what it decides."""

    id: str
    name: str
    policy: HitPolicy
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a table says of some facts.

    `matched` names the rules that count, `matches` tells for every rule whether its tests hold. `result` is the outputs
    of the one matched rule, None when none matched; with COLLECT the list of those of all.
    """

    matched: tuple[str, ...]
    matches: Mapping[str, bool]
    result: Value


def parse_table(xml: bytes) -> DecisionTable:
    """The decision table of a DMN file. Raises DefinitionRefusedError."""
    root = parse_xml(xml)
    tables = [element for element in root.iter("{*}decisionTable") if isinstance(element.tag, str)]
    if len(tables) != 1:
        raise refuse("no_table", "文件应当只包含一个决策表。", "The file must hold exactly one decision table.")
    table, holder = tables[0], tables[0].getparent()
    policy = _POLICIES.get((table.get("hitPolicy") or "UNIQUE").upper())
    id_ = (None if holder is None else holder.get("id")) or table.get("id") or ""
    if policy is None or table.get("aggregation"):
        raise refuse(
            "hit_policy",
            "命中策略只支持UNIQUE、FIRST、COLLECT。",
            "The hit policy must be UNIQUE, FIRST or COLLECT.",
            id_,
        )
    inputs = tuple(_text(element.find("{*}inputExpression")) for element in table.findall("{*}input"))
    outputs = tuple(element.get("name") or element.get("label") or "" for element in table.findall("{*}output"))
    rules = tuple(_rule(row, number, inputs, outputs) for number, row in enumerate(table.findall("{*}rule"), start=1))
    for expression in inputs:
        _checked(expression, id_)
    if not outputs or not all(outputs) or len({rule.id for rule in rules}) < len(rules):
        raise refuse(
            "table", "决策表的输出缺少名称或规则编号重复。", "An output has no name, or a rule's id is used twice.", id_
        )
    name = (None if holder is None else holder.get("name")) or id_
    return DecisionTable(id_, name, policy, inputs, outputs, rules)


def decide(table: DecisionTable, facts: Variables) -> Decision:
    """What the table says of the facts. Raises ExpressionError, also when a UNIQUE table has two rules that match."""
    values = [evaluate(expression, facts) for expression in table.inputs]
    matches = {rule.id: _holds(rule, values, facts) for rule in table.rules}
    hit = [rule for rule in table.rules if matches[rule.id]]
    if table.policy == "UNIQUE" and len(hit) > 1:
        names = ", ".join(rule.id for rule in hit)
        raise ExpressionError(f"the table '{table.id}' is UNIQUE, but these rules match together: {names}")
    if table.policy == "FIRST":
        hit = hit[:1]
    results = [_outputs(table, rule, facts) for rule in hit]
    result: Value = results if table.policy == "COLLECT" else (results[0] if results else None)
    return Decision(tuple(rule.id for rule in hit), matches, result)


def _holds(rule: Rule, values: list[Value], facts: Variables) -> bool:
    return all(
        bool(evaluate(test, {**facts, _CELL: value})) for test, value in zip(rule.tests, values, strict=True) if test
    )


def _outputs(table: DecisionTable, rule: Rule, facts: Variables) -> dict[str, Value]:
    return {
        name: evaluate(text, facts) if text else None for name, text in zip(table.outputs, rule.outputs, strict=True)
    }


def _rule(row: etree._Element, number: int, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> Rule:
    id_ = row.get("id") or f"rule_{number}"
    tests = [_text(cell) for cell in row.findall("{*}inputEntry")]
    results = tuple(_text(cell) for cell in row.findall("{*}outputEntry"))
    if len(tests) != len(inputs) or len(results) != len(outputs):
        raise refuse("table", f"规则{id_}的单元格数量不符。", f"The rule {id_} has too few or too many cells.", id_)
    for text in filter(None, results):
        _checked(text, id_)
    return Rule(id_, tuple(_compiled(test, id_) for test in tests), results, _text(row.find("{*}description")))


def _compiled(cell: str, rule: str) -> str:
    """The cell as one expression over its value; '' for anything."""
    if cell in {"", "-"}:
        return ""
    expression = _negated(cell)
    return _checked(expression, rule)


def _negated(cell: str) -> str:
    inner = cell.strip()
    if inner.startswith("not(") and inner.endswith(")"):
        return f"not ({_either(inner[4:-1])})"
    return _either(inner)


def _either(cell: str) -> str:
    return " or ".join(f"({_test(part.strip())})" for part in split_list(cell))


def _test(part: str) -> str:
    span = _RANGE.fullmatch(part)
    if span:
        low = ">=" if span[1] == "[" else ">"
        high = "<=" if span[4] == "]" else "<"
        return f"{_CELL} != None and {_CELL} {low} ({span[2]}) and {_CELL} {high} ({span[3]})"
    comparison = _COMPARISON.fullmatch(part)
    if comparison and not part.startswith("=="):
        operator = "==" if comparison[1] == "=" else comparison[1]
        known = f"{_CELL} != None and " if operator[0] in "<>" else ""  # what is not known is neither more nor less
        return f"{known}{_CELL} {operator} ({comparison[2]})"
    return f"{_CELL} == ({part})"


def split_list(cell: str) -> list[str]:
    """The parts of a cell between commas that stand outside texts and brackets."""
    parts, depth, quote, start = [], 0, "", 0
    for place, letter in enumerate(cell):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "([" or letter in ")]":
            depth += 1 if letter in "([" else -1
        elif letter == "," and depth == 0:
            parts.append(cell[start:place])
            start = place + 1
    return [*parts, cell[start:]]


def _checked(expression: str, rule: str) -> str:
    try:
        check_expression(expression)
    except ExpressionError as error:
        raise refuse("expression", f"规则{rule}的表达式有误：{error}", f"{rule}: {error}", rule) from None
    return expression


def _text(cell: etree._Element | None) -> str:
    """The text of a cell or input expression."""
    text = None if cell is None else cell.find("{*}text")
    if text is None:
        text = cell if cell is not None and not len(cell) else None
    return "" if text is None else "".join(map(str, text.itertext())).strip()
