"""Every refusal that the program raises has its sentence."""

import ast
from collections.abc import Iterator

from app.web.sentences import SENTENCES
from config import ROOT

ERRORS = {
    "UnauthorizedError", "ForbiddenError", "NotFoundError", "ConflictError", "TooLargeError", "InvalidError",
    "DomainError", "FieldError", "RefusedValueError",
}  # fmt: skip


def _refusals() -> Iterator[tuple[str, str, set[str] | None]]:
    """(where, code, names of the parameters given; None where they are not written out)."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            position = 0 if node.func.id in ERRORS else 1 if node.func.id == "field_error" else None
            if position is None or len(node.args) <= position:
                continue
            names = {keyword.arg for keyword in node.keywords}
            if node.func.id == "RefusedValueError":
                names.add("label")  # added where the refusal becomes a FieldError
            for code in _constants(node.args[position]):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", code, None if None in names else names


def _constants(argument: ast.expr) -> Iterator[str]:
    """The codes that an argument may stand for: itself, or either side of a condition."""
    if isinstance(argument, ast.IfExp):
        yield from _constants(argument.body)
        yield from _constants(argument.orelse)
    elif isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value


def test_every_code_raised_has_a_sentence():
    assert [(where, code) for where, code, _ in _refusals() if code not in SENTENCES] == []


def test_every_refusal_gives_what_its_sentence_names():
    lacking = [
        (where, code, sorted(SENTENCES[code].params - names))
        for where, code, names in _refusals()
        if code in SENTENCES and names is not None and not SENTENCES[code].params <= names
    ]

    assert lacking == []
