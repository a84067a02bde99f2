"""The kinds of file that are taken in."""

from enum import StrEnum
from typing import Final


class FileKind(StrEnum):
    """A kind of file, named by its usual extension."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpg"
    DOCX = "docx"
    XLSX = "xlsx"
    ZIP = "zip"


EXTENSIONS: Final = {
    "pdf": FileKind.PDF,
    "png": FileKind.PNG,
    "jpg": FileKind.JPEG,
    "jpeg": FileKind.JPEG,
    "docx": FileKind.DOCX,
    "xlsx": FileKind.XLSX,
    "zip": FileKind.ZIP,
}
MEDIA_TYPES: Final = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.ZIP: "application/zip",
}
VIEWED_INLINE: Final = frozenset({MEDIA_TYPES[kind] for kind in (FileKind.PDF, FileKind.PNG, FileKind.JPEG)})
"""What a browser shows by itself without running anything of the file's own page."""
UPLOADS: Final = "600/minute"
"""How many files one person may hand in."""
