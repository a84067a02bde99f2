"""Which values a variable must be given so that every condition is seen both true and false.

A condition is plain when each variable in it stands alone as a truth value or is compared with literals. Then a few
sample values per variable (the literals, points between and beyond them) reach every combination of answers. What is
not plain is answered both ways, whatever its variables hold.
"""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from app.engine.expressions import parse_expression
from app.engine.window import ExpressionError, Value

_OTHER = "\u2047"  # a text that no diagram compares with


@dataclass(frozen=True)
class Domains:
    """The sample values of each variable, and which conditions are plain."""

    samples: Mapping[str, tuple[Value, ...]]
    plain: frozenset[str]


def read_domains(conditions: Iterable[str], outcomes: Mapping[str, tuple[str, ...]]) -> Domains:
    """The domains of all conditions of a process; `outcomes`: the codes of each user task."""
    literals: dict[str, set[Value]] = {}
    plain = set()
    for condition in conditions:
        found = _literals(condition)
        if found is not None:
            plain.add(condition)
            for name, values in found.items():
                literals.setdefault(name, set()).update(values)
    samples = {name: _samples(values) for name, values in literals.items()}
    for node, codes in outcomes.items():
        samples[f"{node}_outcome"] = (*codes, None)
    return Domains(samples, frozenset(plain))


def compared_literals(condition: str, name: str) -> frozenset[Value]:
    """The literals that a plain condition compares the variable with."""
    return frozenset((_literals(condition) or {}).get(name, ()))


def _literals(condition: str) -> dict[str, set[Value]] | None:
    """What each variable is compared with (a bare one with True), None when the condition is not plain."""
    found: dict[str, set[Value]] = {}
    try:
        parsed = parse_expression(condition)
    except ExpressionError:
        return None
    return found if _collect(parsed.value, found) else None


def _collect(node: ast.AST, found: dict[str, set[Value]]) -> bool:
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name):
        found.setdefault(node.id, set()).update((True, False))
        return True
    if isinstance(node, ast.BoolOp):
        return all(_collect(value, found) for value in node.values)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _collect(node.operand, found)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _compare(node.left, node.comparators[0], found)
    return False


def _compare(left: ast.expr, right: ast.expr, found: dict[str, set[Value]]) -> bool:
    if not isinstance(left, ast.Name):
        left, right = right, left
    values = _constants(right)
    if isinstance(left, ast.Constant) and values is not None:
        return True
    if not isinstance(left, ast.Name) or values is None:
        return False
    found.setdefault(left.id, set()).update(values)
    return True


def _constants(node: ast.expr) -> set[Value] | None:
    if isinstance(node, ast.Constant):
        return {node.value}
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        return {-node.operand.value} if isinstance(node.operand.value, int | float) else None
    if isinstance(node, ast.List | ast.Tuple):
        parts = [_constants(item) for item in node.elts]
        return None if None in parts else {value for part in parts if part for value in part}
    return None


def _samples(values: set[Value]) -> tuple[Value, ...]:
    """The literals, and values between and beyond them."""
    flags = {value for value in values if isinstance(value, bool)}
    if flags:
        values = values - flags
    numbers = sorted(value for value in values if isinstance(value, int | float) and not isinstance(value, bool))
    texts = sorted(value for value in values if isinstance(value, str))
    samples: list[Value] = [True, False] if flags else []
    if numbers:
        between = [(low + high) / 2 for low, high in pairwise(numbers)]
        samples += [numbers[0] - 1, *numbers, *between, numbers[-1] + 1]
    if texts:
        samples += [*texts, _OTHER]
    if None in values:
        samples += [None] if len(samples) else [None, _OTHER]
    return tuple(samples)
