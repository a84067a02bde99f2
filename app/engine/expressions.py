"""The strict evaluator: the only place where text from a diagram, a form or a table is computed.

Every operation costs a bounded time and gives a bounded result; there are no attributes, no methods, no loops.
"""

import ast
import threading
import warnings
from functools import lru_cache
from typing import Any, cast

from simpleeval import SimpleEval

from app.engine.arithmetic import FUNCTIONS, OPERATORS, check_value
from app.engine.window import ExpressionError, Value, Variables

MAX_LENGTH = 500
MAX_DEPTH = 20
MAX_SCRIPT_LENGTH = 5_000
_WORDS = {"true": True, "false": False, "null": None}


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
    *OPERATORS,
)


class _Evaluator(SimpleEval):  # type: ignore[misc]  # simpleeval carries no types
    """simpleeval with lists, and with nothing else that a condition does not need."""

    def __init__(self) -> None:
        super().__init__(operators=dict(OPERATORS), functions=FUNCTIONS, names={})
        self.nodes = {
            ast.Expr: self._eval_expr,
            ast.UnaryOp: self._eval_unaryop,
            ast.BinOp: self._eval_binop,
            ast.BoolOp: self._eval_boolop,
            ast.Compare: self._eval_compare,
            ast.IfExp: self._eval_ifexp,
            ast.Call: self._eval_call,
            ast.Subscript: self._eval_subscript,
            ast.Constant: self._eval_constant,
            ast.Name: self._name,
            ast.List: self._items,
            ast.Tuple: self._items,
        }

    def _items(self, node: ast.List | ast.Tuple) -> list[Any]:
        return [self._eval(item) for item in node.elts]

    def _name(self, node: ast.Name) -> Value:
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
    parsed = parse_expression(expression)
    evaluator = _local.evaluator
    evaluator.names = variables
    try:
        value = evaluator.eval(expression, previously_parsed=parsed)
        check_value(value)
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
    return _names(parse_expression(text))


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
        parse_expression(expression)
        assignments.append((target.id, expression))
    if not assignments:
        raise ExpressionError("the script is empty")
    return tuple(assignments)


@lru_cache(maxsize=4_096)
def parse_expression(expression: str) -> ast.Expr:
    """The parsed expression, checked; the same text is parsed once. Raises ExpressionError."""
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
        check_value(node.value)
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


def _names(parsed: ast.AST) -> frozenset[str]:
    called = {id(node.func) for node in ast.walk(parsed) if isinstance(node, ast.Call)}
    return frozenset(node.id for node in ast.walk(parsed) if isinstance(node, ast.Name) and id(node) not in called)
