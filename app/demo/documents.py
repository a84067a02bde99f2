"""Small PDF files with Chinese text, so that every demo filing has a report that opens."""

PAGE = "q BT /F1 20 Tf 72 760 Td <{title}> Tj ET BT /F1 12 Tf 72 720 Td 20 TL {lines} ET Q"
CID_FONT = (
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500] /FontDescriptor 7 0 R "
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>"
)
DESCRIPTOR = (
    b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
    b"/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
)


def make_pdf(title: str, paragraphs: list[str]) -> bytes:
    """A one-page PDF in the viewer's own Song face; the same text gives the same bytes."""
    lines = " ".join(f"<{_hex(line)}> Tj T*" for paragraph in paragraphs for line in _wrap(paragraph))
    content = PAGE.format(title=_hex(title), lines=lines).encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
        CID_FONT,
        DESCRIPTOR,
    ]
    return _assemble(objects)


def _assemble(objects: list[bytes]) -> bytes:
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start, size = len(body), len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    return body + head + table + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)


def _hex(text: str) -> str:
    return text.encode("utf-16-be").hex()


def _wrap(text: str, width: int = 36) -> list[str]:
    return [text[start : start + width] for start in range(0, len(text), width)] or [""]
