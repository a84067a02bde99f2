"""What a file is, judged by its content; its name must agree."""

import re
import unicodedata
import zipfile
from typing import IO, Final

from app.attachments.vocabulary import EXTENSIONS, FileKind
from app.kernel.errors import InvalidError, field_error

HEAD_BYTES: Final = 8192
LONGEST_NAME: Final = 120
MOST_ZIP_ENTRIES: Final = 10_000
LARGEST_UNPACKED: Final = 4 * 1024**3
HIGHEST_RATIO: Final = 200
FORBIDDEN: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]')
JPEG_END: Final = b"\xff\xd9"
SIGNATURES: Final = {
    FileKind.PDF: b"%PDF-",
    FileKind.PNG: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    FileKind.JPEG: b"\xff\xd8\xff",
}
PARTS: Final = {FileKind.DOCX: "word/document.xml", FileKind.XLSX: "xl/workbook.xml"}
"""The part of an Office file that says which one it is."""
NO_ARCHIVE: Final = (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError)
"""zipfile's answers to what is no archive: a broken directory, a name that is no text, a version that no ZIP has.

OSError is not among them: that a disk cannot be read says nothing about the file.
"""


def clean_name(name: str) -> str:
    """A file name that is safe to show, to store in a header and to save: no path, no control or bidi characters."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    base = FORBIDDEN.sub("", base).strip(" .")
    stem, dot, extension = base.rpartition(".")
    if not dot:
        return base[:LONGEST_NAME] or "file"
    return f"{stem[: LONGEST_NAME - len(extension[:10]) - 1].strip() or 'file'}.{extension[:10]}"


def extension_of(name: str) -> str:
    """The extension in small letters, without its dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def kind_of(content: IO[bytes], name: str, allowed: tuple[str, ...]) -> FileKind:
    """The kind that both content and extension say; InvalidError `file_type` when they differ or it is not allowed.

    `allowed`: extensions. `content` is read from its start and may be left anywhere.
    """
    wanted = EXTENSIONS.get(extension_of(name))
    kinds = {EXTENSIONS[extension] for extension in allowed if extension in EXTENSIONS}
    if wanted is None or wanted not in kinds or not _is(content, wanted):
        raise refused_type(allowed)
    return wanted


def refused_type(allowed: tuple[str, ...]) -> InvalidError:
    """The refusal that names what is taken instead."""
    return field_error("file", "file_type", types=", ".join(extension.upper() for extension in allowed))


def _is(content: IO[bytes], kind: FileKind) -> bool:
    content.seek(0)
    head = content.read(HEAD_BYTES)
    if kind in SIGNATURES:
        return head.startswith(SIGNATURES[kind]) and _known_as(head, kind) and _is_closed(content, kind)
    return head.startswith(b"PK\x03\x04") and _known_as(head, kind) and _is_package(content, kind)


def _known_as(head: bytes, kind: FileKind) -> bool:
    """Whether the signature table agrees; a file that is a program to it is none of ours."""
    import puremagic  # noqa: PLC0415 -- reads its table of signatures when it is imported

    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return False
    extensions = {match.extension.lstrip(".") for match in matches}
    return any(extension in extensions for extension, known in EXTENSIONS.items() if known == kind)


def _is_closed(content: IO[bytes], kind: FileKind) -> bool:
    """Whether the file's own end is there: an upload cut short is refused, not shown as a broken page later."""
    size = content.seek(0, 2)
    content.seek(max(0, size - 2048))
    tail = content.read()
    if kind == FileKind.PDF:
        return b"%%EOF" in tail
    return b"IEND" in tail if kind == FileKind.PNG else JPEG_END in tail


def _is_package(content: IO[bytes], kind: FileKind) -> bool:
    """Whether the archive opens, is of sane size unpacked, and holds what its kind needs (and no macros)."""
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as archive:
            entries = archive.infolist()
    except NO_ARCHIVE:
        return False  # and so the upload is refused, `file_type`
    packed, unpacked = (sum(sizes) for sizes in _sizes(entries))
    if len(entries) > MOST_ZIP_ENTRIES or unpacked > min(LARGEST_UNPACKED, HIGHEST_RATIO * max(packed, 1024)):
        return False
    names = {entry.filename for entry in entries}
    if any(name.startswith("/") or ".." in name.split("/") for name in names):
        return False
    if kind == FileKind.ZIP:
        return True
    return {"[Content_Types].xml", PARTS[kind]} <= names and not any(name.endswith("vbaProject.bin") for name in names)


def _sizes(entries: list[zipfile.ZipInfo]) -> tuple[list[int], list[int]]:
    return [entry.compress_size for entry in entries], [entry.file_size for entry in entries]
