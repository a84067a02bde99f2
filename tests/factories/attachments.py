"""Real small files of every kind."""

import io
import zipfile
import zlib

from app.attachments.models import Attachment
from app.attachments.usecases import store_file
from app.kernel.actor import Actor
from app.kernel.transaction import transaction

UPLOADER = Actor(id=11, name="林雨", organisation_id=3)


def pdf(text: str = "HELLO") -> bytes:
    """One page with `text`, which every viewer opens."""
    stream = f"BT /F1 36 Tf 20 100 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


def png() -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    header = b"\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\x00\xff\x00\x00"))
        + chunk(b"IEND", b"")
    )


def jpeg() -> bytes:
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 64 + b"\xff\xd9"


def archive(*names: str, content: bytes = b"<x/>") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in names:
            target.writestr(name, content)
    return buffer.getvalue()


def archive_with(offset: int, byte: int) -> bytes:
    """An archive whose directory has another byte at this place of its first entry (APPNOTE.TXT, 4.3.12)."""
    whole = bytearray(archive("名.txt"))
    whole[whole.index(b"PK\x01\x02") + offset] = byte
    return bytes(whole)


def docx(*more: str) -> bytes:
    return archive("[Content_Types].xml", "word/document.xml", *more)


def xlsx() -> bytes:
    return archive("[Content_Types].xml", "xl/workbook.xml")


def attachment(content: bytes | None = None, name: str = "报告.pdf", actor: Actor = UPLOADER, **more) -> Attachment:
    """An upload, stored and committed."""
    with transaction():
        return store_file(stream=io.BytesIO(content or pdf()), name=name, actor=actor, limit_mb=1, **more)
