"""The kinds of file that are taken in."""

from datetime import timedelta
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
ORPHANED_AFTER: Final = timedelta(days=30)
"""An upload that nothing names for this long is swept away."""
REMOVED_AFTER: Final = timedelta(minutes=10)
"""How long a stored file that fell free waits: an upload of the same content that is under way is finished by then."""
REMOVAL_PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 10, 60, 720))
"""Pauses after a removal that the storage refused; the last one is repeated."""
