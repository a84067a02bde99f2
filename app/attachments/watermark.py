"""A reader's name over every page of a copy: tiled, in the very file, so that it stays there when the file is passed on.

Pure but for the bytes. The font is one of the Chinese fonts that every PDF viewer brings or replaces (ISO 32000-1,
9.7.5.2: predefined CMaps), so none is embedded.
"""

import base64
import struct
from collections.abc import Iterable, Iterator
from html import escape
from tempfile import SpooledTemporaryFile
from typing import IO

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    RectangleObject,
    TextStringObject,
)

from app.kernel.errors import ConflictError

IN_MEMORY = 8 * 1024 * 1024
CHUNK = 256 * 1024
SIZE, ACROSS, DOWN = 13, 300, 130
"""Points: height of the letters, distance of the tiles."""
SLANT = "0.9397 0.342 -0.342 0.9397"
"""Cosine and sine of 20 degrees."""
SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"><defs>\
<pattern id="m" width="{across}" height="{down}" patternUnits="userSpaceOnUse" patternTransform="rotate(-20)">\
<text x="8" y="{size}" font-size="{size}" font-family="sans-serif" fill="#777" fill-opacity=".45">{text}</text>\
</pattern></defs><image width="{width}" height="{height}" href="data:{media_type};base64,"""
SVG_END = '"/><rect width="100%" height="100%" fill="url(#m)"/></svg>'
WIDTH_IN_LETTERS = 26
"""A tile of a picture is as wide as so many letters; a picture has no points, so its width sets the size."""


def mark_pdf(content: Iterable[bytes], text: str) -> IO[bytes]:
    """A copy of the PDF with the text over every page, at its start; ConflictError `file_unmarkable` when it cannot be."""
    copy = _file()
    try:
        with _spooled(content) as source:
            writer = PdfWriter(clone_from=PdfReader(source))
            _mark_pages(writer, text)
            writer.write(copy)
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError) as error:  # what a broken file raises inside
        copy.close()
        raise ConflictError("file_unmarkable") from error
    copy.seek(0)
    return copy


def _mark_pages(writer: PdfWriter, text: str) -> None:
    font, shade = _added(writer, _font()), _added(writer, DictionaryObject({NameObject("/ca"): FloatObject(0.35)}))
    before = _stream(writer, "q\n")
    for page in writer.pages:
        own = page.get("/Contents")
        contents = own.get_object() if own is not None else ArrayObject()
        parts = list(contents) if isinstance(contents, ArrayObject) else [own]
        page[NameObject("/Contents")] = ArrayObject([before, *parts, _stream(writer, _commands(page.mediabox, text))])
        resources = DictionaryObject(_resources_of(page))
        for kind, name, made in (("/Font", "/LodestarMark", font), ("/ExtGState", "/LodestarShade", shade)):
            known = resources.get(kind)
            entries = DictionaryObject(known.get_object() if known is not None else {})
            entries[NameObject(name)] = made
            resources[NameObject(kind)] = entries
        page[NameObject("/Resources")] = resources


def _added(writer: PdfWriter, made: PdfObject) -> IndirectObject:
    return writer._add_object(made)  # noqa: SLF001 -- pypdf's own way to add an object; it has no other


def _stream(writer: PdfWriter, commands: str) -> IndirectObject:
    made = DecodedStreamObject()
    made.set_data(commands.encode("ascii"))
    return _added(writer, made)


def _resources_of(page: PageObject) -> DictionaryObject:
    """The resources of a page, its own or those of the tree above it (ISO 32000-1, 7.7.3.4)."""
    place: DictionaryObject | None = page
    while place is not None:
        if "/Resources" in place:
            found = place["/Resources"].get_object()
            return found if isinstance(found, DictionaryObject) else DictionaryObject()
        above = place.get("/Parent")
        place = above.get_object() if above is not None else None
    return DictionaryObject()


def _commands(box: RectangleObject, text: str) -> str:
    """Draws the text on a slanted grid that covers the page."""
    code = text.encode("utf-16-be").hex()
    left, bottom, width, height = float(box.left), float(box.bottom), float(box.width), float(box.height)
    drawn = "\n".join(
        f"q 1 0 0 1 {left + column * ACROSS - (row % 2) * ACROSS / 2:.1f} {bottom + row * DOWN + 20:.1f} cm"
        f" BT {SLANT} 0 0 Tm <{code}> Tj ET Q"
        for row in range(int(height // DOWN) + 1)
        for column in range(int(width // ACROSS) + 2)
    )
    return f"\nQ q /LodestarShade gs 0.45 g /LodestarMark {SIZE} Tf\n{drawn}\nQ\n"


def _named(**entries: PdfObject) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in entries.items()})


def _font() -> DictionaryObject:
    name, number = NameObject, NumberObject
    descriptor = _named(
        Type=name("/FontDescriptor"), FontName=name("/STSong-Light"), Flags=number(6), ItalicAngle=number(0),
        FontBBox=ArrayObject(map(number, (-25, -254, 1000, 880))), Ascent=number(880), Descent=number(-120),
        CapHeight=number(880), StemV=number(93),
    )  # fmt: skip
    system = _named(Registry=TextStringObject("Adobe"), Ordering=TextStringObject("GB1"), Supplement=number(4))
    glyphs = _named(
        Type=name("/Font"), Subtype=name("/CIDFontType0"), BaseFont=name("/STSong-Light"), FontDescriptor=descriptor,
        CIDSystemInfo=system, DW=number(1000), W=ArrayObject(map(number, (1, 95, 500))),
    )  # fmt: skip
    return _named(
        Type=name("/Font"), Subtype=name("/Type0"), BaseFont=name("/STSong-Light"), Encoding=name("/UniGB-UTF16-H"),
        DescendantFonts=ArrayObject([glyphs]),
    )  # fmt: skip


def mark_image(content: Iterable[bytes], media_type: str, text: str) -> IO[bytes]:
    """An SVG page of the picture with the text over it; ConflictError `file_unmarkable` when its size cannot be read."""
    with _spooled(content) as source:
        size = _png_size(source) if media_type == "image/png" else _jpeg_size(source)
        if size is None:
            raise ConflictError("file_unmarkable")
        source.seek(0)
        return _framed(source, media_type, text, *size)


def _framed(source: IO[bytes], media_type: str, text: str, width: int, height: int) -> IO[bytes]:
    letter, copy = max(8, width // (WIDTH_IN_LETTERS * 2)), _file()
    head = SVG.format(
        width=width, height=height, media_type=media_type, text=escape(text), size=letter,
        across=letter * WIDTH_IN_LETTERS, down=letter * 9,
    )  # fmt: skip
    copy.write(head.encode())
    while piece := source.read(CHUNK // 3 * 3):  # whole groups of three bytes: base64 then needs no filling between
        copy.write(base64.b64encode(piece))
    copy.write(SVG_END.encode())
    copy.seek(0)
    return copy


def _png_size(source: IO[bytes]) -> tuple[int, int] | None:
    source.seek(16)
    found = source.read(8)
    return struct.unpack(">II", found) if len(found) == 8 else None


def _jpeg_size(source: IO[bytes]) -> tuple[int, int] | None:
    """From the frame header (ITU-T T.81, B.2.2), the first of the markers C0 to CF that is none of C4, C8, CC."""
    source.seek(2)
    while len(marker := source.read(4)) == 4 and marker[0] == 0xFF:
        length = struct.unpack(">H", marker[2:])[0]
        if 0xC0 <= marker[1] <= 0xCF and marker[1] not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">xHH", source.read(5))
            return width, height
        source.seek(length - 2, 1)
    return None


def chunks_of(copy: IO[bytes]) -> Iterator[bytes]:
    """The copy, piece by piece; closed at its end."""
    with copy:
        while piece := copy.read(CHUNK):
            yield piece


def _spooled(content: Iterable[bytes]) -> IO[bytes]:
    kept = _file()
    for piece in content:
        kept.write(piece)
    kept.seek(0)
    return kept


def _file() -> IO[bytes]:
    return SpooledTemporaryFile(max_size=IN_MEMORY)
