"""Arithmetic of the strict evaluator: every function and operator costs a bounded time and gives a bounded result."""

import ast
import math
import operator
from collections.abc import Callable
from typing import Any

from app.engine.window import ExpressionError, Value

MAX_TEXT = 10_000
MAX_ITEMS = 10_000
MAX_NUMBER = 2**256


def _numbers(name: str, compute: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """The operator for numbers only: on texts and lists these build bombs or format strings."""

    def checked(left: Value, right: Value) -> Value:
        if not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise ExpressionError(f"'{name}' is for numbers only")
        return compute(left, right)

    return checked


def _add(left: Value, right: Value) -> Value:
    if isinstance(left, str) and isinstance(right, str):
        if len(left) + len(right) > MAX_TEXT:
            raise ExpressionError("the text becomes too long")
        return left + right
    return _numbers("+", operator.add)(left, right)


def _round(number: Value, digits: Value = 0) -> Value:
    """round(), which with -10**9 digits would compute for ever."""
    if not isinstance(digits, int) or abs(digits) > 12:
        raise ExpressionError("round() takes at most 12 digits")
    return round(number, digits) if digits else round(number)


def _contains(item: Value, items: Value) -> bool:
    """`item in items`; nothing is in a list that is not there yet."""
    if isinstance(items, str) and not isinstance(item, str):
        return False
    return items is not None and item in items


def _is(left: Value, right: Value) -> bool:
    """`left is right`: the same kind and value. Whether two equal texts are one in memory would be chance."""
    return type(left) is type(right) and bool(left == right)


def _one(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The function with exactly one argument: no base, no encoding, no key."""

    def converted(value: Value) -> Value:
        if isinstance(value, str) and len(value) > MAX_TEXT:
            raise ExpressionError("the text is too long")
        return convert(value)

    return converted


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "len": _one(len),
    "int": _one(int),
    "float": _one(float),
    "str": _one(str),
    "abs": _one(abs),
    "min": min,
    "max": max,
    "round": _round,
}
OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: _add,
    ast.Sub: _numbers("-", operator.sub),
    ast.Mult: _numbers("*", operator.mul),
    ast.Div: _numbers("/", operator.truediv),
    ast.FloorDiv: _numbers("//", operator.floordiv),
    ast.Mod: _numbers("%", operator.mod),
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: _contains,
    ast.NotIn: lambda item, items: not _contains(item, items),
    ast.Is: _is,
    ast.IsNot: lambda left, right: not _is(left, right),
}


def check_value(value: Value) -> None:
    """Refuses what is no JSON value or too large for a variable."""
    if isinstance(value, bool | None):
        return
    if isinstance(value, int | float):
        if abs(value) > MAX_NUMBER or not math.isfinite(value):
            raise ExpressionError("the number is too large or not finite")
    elif isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise ExpressionError("the text is too long")
    elif not isinstance(value, list | dict) or len(value) > MAX_ITEMS:
        raise ExpressionError(f"{type(value).__name__} is not a value")
