"""What may be wrong with a form that is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st

from tests.doors.forms import Form

VALUES = (
    b"", b" ", b"\x00", b"a\x00b", b"\xed\xa0\x80", b"\xff\xfe", b"0", b"-1", b"1.5", b"9" * 30, b"9" * 5000, b"1e999",
    b"NaN", b"2026-02-30", b"9999-12-31", b"0001-01-01", b"2026-12-31T25:00", b"[]", b"{}", b'[{"a": 1}]', b"[" * 1000,
    b"null", b"true", b"%s%n", b"'; DROP TABLE filing; --", b"<script>alert(1)</script>", "１２".encode(), "名".encode() * 3000,
    b"x" * 100_000, b"../../etc/passwd", b"approve", b"submit", b"draft", "\u202e\U0001f600".encode(), b"99999999999999999999",
)  # fmt: skip
"""Nothing, too much, no text at all, no number, no date, no JSON, and what is one of these for another reader."""
CONTENTS = ((b"", "empty.pdf"), (b"%PDF-1.4 no more", "broken.pdf"), (b"MZ\x90", "programme.exe"), (b"x", "\x00.pdf"))


@dataclass(frozen=True)
class Sent:
    """What goes over the wire: fields in order, and files."""

    fields: Sequence[tuple[str, bytes]]
    files: Sequence[tuple[str, bytes, str]]

    def as_request(self) -> dict[str, Any]:
        """Arguments of a test client's request. Bytes that are no text can only be sent URL-encoded."""
        if not self.files:
            pairs = (f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}" for name, value in self.fields)
            return {"data": "&".join(pairs), "content_type": "application/x-www-form-urlencoded"}
        data: dict[str, list[Any]] = {}
        for name, value in self.fields:
            data.setdefault(name, []).append(value.decode(errors="replace"))
        for name, content, file_name in self.files:
            data.setdefault(name, []).append((BytesIO(content), file_name))
        return {"data": data, "content_type": "multipart/form-data"}


@st.composite
def spoiled(draw: st.DrawFn, form: Form) -> Sent:
    """The form with one to three things wrong."""
    fields = [(name, value.encode()) for name, value in form.fields]
    files: list[tuple[str, bytes, str]] = []
    names = [name for name, _value in fields] + list(form.files) or ["field"]
    for _ in range(draw(st.integers(1, 3))):
        name, value = draw(st.sampled_from(names)), draw(st.sampled_from(VALUES) | st.binary(max_size=40))
        match draw(st.sampled_from(("miss", "change", "change", "repeat", "unknown", "file"))):
            case "miss":
                fields = [pair for pair in fields if pair[0] != name]
            case "change":
                fields = [pair for pair in fields if pair[0] != name] + [(name, value)]
            case "repeat":
                fields = [*fields, (name, value), (name, value)]
            case "unknown":
                fields = [*fields, (draw(st.sampled_from(("nobody_knows", "id", "__class__", "values[]"))), value)]
            case "file":
                files = [*files, (name, *draw(st.sampled_from(CONTENTS)))]
    return Sent(fields, files)
