"""The strict evaluator: the only place where text from a diagram, a form or a table is computed.

Every operation costs a bounded time and gives a bounded result; there are no attributes, no methods, no loops.
"""

import ast
import math
import operator
import threading
import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

from simpleeval import SimpleEval

from app.engine.window import ExpressionError, Value, Variables

MAX_LENGTH = 500
MAX_DEPTH = 20
MAX_SCRIPT_LENGTH = 5_000
MAX_TEXT = 10_000
MAX_ITEMS = 10_000
MAX_NUMBER = 2**256
_WORDS = {"true": True, "false": False, "null": None}


def _numbers(name: str, compute: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """The operator for numbers only: on texts and lists these build bombs or format strings."""

    def checked(left: Any, right: Any) -> Any:
        if not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise ExpressionError(f"'{name}' is for numbers only")
        return compute(left, right)

    return checked


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, str) and isinstance(right, str):
        if len(left) + len(right) > MAX_TEXT:
            raise ExpressionError("the text becomes too long")
        return left + right
    return _numbers("+", operator.add)(left, right)


def _round(number: Any, digits: Any = 0) -> Any:
    """round(), which with -10**9 digits would compute for ever."""
    if not isinstance(digits, int) or abs(digits) > 12:
        raise ExpressionError("round() takes at most 12 digits")
    return round(number, digits) if digits else round(number)


def _contains(item: Any, items: Any) -> bool:
    """`item in items`; nothing is in a list that is not there yet."""
    if isinstance(items, str) and not isinstance(item, str):
        return False
    return items is not None and item in items


def _one(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The function with exactly one argument: no base, no encoding, no key."""

    def converted(value: Any) -> Any:
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
    "min": lambda *items: min(*items),
    "max": lambda *items: max(*items),
    "round": _round,
}
_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
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
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
_NODES = (
    ast.Expr,
    ast.Name,
    ast.Load,
    ast.Store,
    ast.Constant,
    ast.UnaryOp,
    ast.BinOp,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.Compare,
    ast.IfExp,
    ast.Call,
    ast.Subscript,
    ast.List,
    ast.Tuple,
    *_OPERATORS,
)


class _Evaluator(SimpleEval):  # type: ignore[misc]  # simpleeval carries no types
    """simpleeval with lists, and with nothing else that a condition does not need."""

    def __init__(self) -> None:
        super().__init__(operators=dict(_OPERATORS), functions=FUNCTIONS, names={})
        kept = (ast.Expr, ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.Subscript)
        self.nodes = {node: self.nodes[node] for node in (*kept, ast.Constant)} | {
            ast.Name: self._name,
            ast.List: self._items,
            ast.Tuple: self._items,
        }

    def _items(self, node: Any) -> list[Any]:
        return [self._eval(item) for item in node.elts]

    def _name(self, node: Any) -> Value:
        return read(self.names, node.id)


def read(variables: Variables, name: str) -> Value:
    """The variable's value. Outcomes that nobody has given yet read as None; any other unknown name is an error."""
    try:
        return variables[name]
    except KeyError:
        if name == "outcome" or name.endswith("_outcome"):
            return None
        raise ExpressionError(f"the variable '{name}' is not set") from None


class _Local(threading.local):
    """One evaluator per thread, since it carries the names of the expression at hand."""

    def __init__(self) -> None:
        self.evaluator = _Evaluator()


_local = _Local()


def evaluate(expression: str, variables: Variables) -> Value:
    """The expression's value, a JSON value of bounded size. Raises ExpressionError."""
    parsed = _parse(expression)
    evaluator = _local.evaluator
    evaluator.names = variables
    try:
        value = evaluator.eval(expression, previously_parsed=parsed)
        _check_value(value)
    except ExpressionError as error:
        raise ExpressionError(f"'{expression}': {error}") from None
    except Exception as error:  # whatever a bad operand raises is the expression's fault
        raise ExpressionError(f"'{expression}': {type(error).__name__}: {error}") from error
    return value


class _Recorder(dict[str, Value]):
    """Variables that remember which of them were looked at, in order."""

    def __init__(self, variables: Variables) -> None:
        super().__init__(variables)
        self.reads: list[str] = []

    def __getitem__(self, name: str) -> Value:
        if name not in self.reads:
            self.reads.append(name)
        return super().__getitem__(name)


def evaluate_recording(expression: str, variables: Variables) -> tuple[Value, tuple[str, ...]]:
    """The expression's value and the variables it looked at, in order. Raises ExpressionError."""
    recorder = _Recorder(variables)
    return evaluate(expression, recorder), tuple(recorder.reads)


def check_expression(text: str) -> frozenset[str]:
    """The names the expression may read. Raises ExpressionError when it is not allowed."""
    return _names(_parse(text))


def check_script(script: str) -> tuple[frozenset[str], frozenset[str]]:
    """(names read, names written) by a script of assignments. Raises ExpressionError."""
    read_names: set[str] = set()
    written: set[str] = set()
    for name, expression in parse_script(script):
        read_names |= check_expression(expression) - written
        written.add(name)
    return frozenset(read_names), frozenset(written)


def run_assignments(script: str, variables: Variables) -> dict[str, Value]:
    """The variables that a script of `name = <expression>` lines sets. Raises ExpressionError."""
    written: dict[str, Value] = {}
    for name, expression in parse_script(script):
        written[name] = evaluate(expression, _Layered(written, variables))
    return written


class _Layered(dict[str, Value]):
    """What the script has written so far, above what was there: reads of the lower layer stay visible to it."""

    def __init__(self, upper: Variables, lower: Variables) -> None:
        super().__init__(upper)
        self._lower = lower

    def __missing__(self, name: str) -> Value:
        return self._lower[name]


@lru_cache(maxsize=2_048)
def parse_script(script: str) -> tuple[tuple[str, str], ...]:
    """The script's assignments as (name, expression). Raises ExpressionError."""
    if len(script) > MAX_SCRIPT_LENGTH:
        raise ExpressionError(f"the script is longer than {MAX_SCRIPT_LENGTH} characters")
    module = _syntax(script.strip(), script)
    assignments = []
    for statement in module.body:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1 or not isinstance(target, ast.Name):
            raise ExpressionError("a script holds only lines of the form: name = expression")
        if target.id.startswith("_") or target.id in _WORDS or target.id in FUNCTIONS:
            raise ExpressionError(f"'{target.id}' cannot be a variable's name")
        expression = ast.unparse(statement.value)
        _parse(expression)
        assignments.append((target.id, expression))
    if not assignments:
        raise ExpressionError("the script is empty")
    return tuple(assignments)


@lru_cache(maxsize=4_096)
def _parse(expression: str) -> ast.AST:
    if len(expression) > MAX_LENGTH:
        raise ExpressionError(f"the expression is longer than {MAX_LENGTH} characters")
    if not expression.strip():
        raise ExpressionError("the expression is empty")
    module = _syntax(expression.strip(), expression)
    if len(module.body) != 1 or not isinstance(module.body[0], ast.Expr):
        raise ExpressionError(f"'{expression}' is not one expression")
    _check_node(module.body[0], 0)
    return module.body[0]


def _syntax(text: str, whole: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            parsed = _Words().visit(ast.parse(text))
    except (SyntaxError, ValueError, MemoryError, RecursionError, Warning) as error:
        raise ExpressionError(f"'{whole}' cannot be read: {error}") from None
    return cast(ast.Module, parsed)


class _Words(ast.NodeTransformer):
    """Lets people write true, false and null as JSON does."""

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if isinstance(node.ctx, ast.Load) and node.id in _WORDS:
            return ast.copy_location(ast.Constant(_WORDS[node.id]), node)
        return node


def _check_node(node: ast.AST, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ExpressionError(f"the expression is nested deeper than {MAX_DEPTH}")
    if not isinstance(node, _NODES):
        raise ExpressionError(f"{type(node).__name__} is not allowed in an expression")
    if isinstance(node, ast.Constant):
        _check_value(node.value)
    elif isinstance(node, ast.Name) and node.id.startswith("_"):
        raise ExpressionError(f"the name '{node.id}' is not allowed")
    elif isinstance(node, ast.Call):
        _check_call(node)
        for argument in node.args:
            _check_node(argument, depth + 1)
        return
    for child in ast.iter_child_nodes(node):
        _check_node(child, depth + 1)


def _check_call(node: ast.Call) -> None:
    if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
        raise ExpressionError(f"only these functions may be called: {', '.join(FUNCTIONS)}")
    if node.keywords:
        raise ExpressionError("functions take no named arguments")


def _check_value(value: Any) -> None:
    """Refuses what is no JSON value or too large for a variable."""
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) > MAX_NUMBER:
            raise ExpressionError("the number becomes too large")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ExpressionError("the number is not finite")
    elif isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise ExpressionError("the text becomes too long")
    elif not isinstance(value, list | dict) or len(value) > MAX_ITEMS:
        raise ExpressionError(f"{type(value).__name__} is not a value")


def _names(parsed: ast.AST) -> frozenset[str]:
    called = {id(node.func) for node in ast.walk(parsed) if isinstance(node, ast.Call)}
    return frozenset(node.id for node in ast.walk(parsed) if isinstance(node, ast.Name) and id(node) not in called)
