"""Every refusal that the program raises has its sentence."""

import ast
from collections.abc import Iterator

from app.web.sentences import SENTENCES
from config import ROOT

ERRORS = {
    "UnauthorizedError", "ForbiddenError", "NotFoundError", "ConflictError", "TooLargeError", "InvalidError",
    "DomainError", "FieldError",
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
            code = node.args[position]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                names = {keyword.arg for keyword in node.keywords}
                yield f"{path.relative_to(ROOT)}:{node.lineno}", code.value, None if None in names else names


def test_every_code_raised_has_a_sentence():
    assert [(where, code) for where, code, _ in _refusals() if code not in SENTENCES] == []


def test_every_refusal_gives_what_its_sentence_names():
    lacking = [
        (where, code, sorted(SENTENCES[code].params - names))
        for where, code, names in _refusals()
        if code in SENTENCES and names is not None and not SENTENCES[code].params <= names
    ]

    assert lacking == []
