"""Copies with the reader's name: on every page, over the content, whatever the file's own structure."""

import base64
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader, PdfWriter

from app.attachments import access, storage
from app.attachments.access import register_owner
from app.attachments.queries import open_download
from app.attachments.watermark import chunks_of, mark_image, mark_pdf
from app.kernel.actor import Actor
from app.kernel.errors import ConflictError
from app.kernel.transaction import transaction
from tests.factories import attachments as files

READER = "文修远  华东理工大学  2026-11-28 11:40"
CODE = READER.encode("utf-16-be").hex().encode()
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01" + b"\x00" * 7 + b"\xff\xc0\x00\x11\x08\x00\x20\x00\x30" + b"\x00" * 12
)
"""32 lines of 48 points: head and frame header, as a camera writes them."""
EXPERT, AUDITOR = Actor(id=8, name="文修远"), Actor(id=9, name="季明川")


def whole(copy) -> bytes:
    return b"".join(chunks_of(copy))


def pages(count: int, **more: object) -> bytes:
    """A document of several pages, as another program wrote it."""
    writer, out = PdfWriter(**more), BytesIO()
    for _ in range(count):
        writer.append(BytesIO(files.pdf("HELLO")))
    writer.write(out)
    return out.getvalue()


def test_every_page_carries_the_mark_over_its_own_content():
    marked = PdfReader(BytesIO(whole(mark_pdf([pages(3)], READER))))

    assert len(marked.pages) == 3
    for page in marked.pages:
        drawn = page.get_contents().get_data()
        assert drawn.index(b"HELLO") < drawn.index(CODE)
        assert drawn.count(CODE) >= 2
        assert "HELLO" in page.extract_text()


def test_resources_that_a_page_inherits_stay_its_own():
    content = files.pdf().replace(b"/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>", b"/Contents 4 0 R" + b" " * 33)
    content = content.replace(b"/Count 1>>", b"/Count 1/Resources<</Font<</F1 5 0 R>>>>>>")

    page = PdfReader(BytesIO(whole(mark_pdf([content], READER)))).pages[0]

    assert sorted(page["/Resources"]["/Font"]) == ["/F1", "/LodestarMark"]


def test_the_original_content_is_not_in_the_copy_a_second_time():
    content = files.pdf("SECRET")

    assert whole(mark_pdf([content], READER)).count(b"SECRET") == 1


@pytest.mark.parametrize("content", [b"%PDF-1.4\nbroken", b"", b"%PDF-1.4\n" + b"\x00" * 500])
def test_what_cannot_be_marked_is_not_handed_out(content):
    with pytest.raises(ConflictError, match="file_unmarkable"):
        mark_pdf([content], READER)


def test_a_locked_document_is_not_handed_out():
    writer, out = PdfWriter(clone_from=BytesIO(files.pdf())), BytesIO()
    writer.encrypt(user_password="secret", algorithm="RC4-128")
    writer.write(out)

    with pytest.raises(ConflictError, match="file_unmarkable"):
        mark_pdf([out.getvalue()], READER)


@pytest.mark.parametrize(
    ("content", "media_type"), [(files.png(), "image/png"), (JPEG, "image/jpeg")], ids=["png", "jpeg"]
)
def test_a_picture_becomes_a_page_of_that_picture_with_the_mark(content, media_type):
    page = ET.fromstring(whole(mark_image([content], media_type, READER)))  # noqa: S314 -- our own output
    space = "{http://www.w3.org/2000/svg}"

    picture = page.find(f"{space}image").get("href")
    assert base64.b64decode(picture.partition(",")[2]) == content
    assert page.find(f".//{space}text").text == READER
    assert int(page.get("width")) > 0


def test_a_picture_keeps_its_size():
    page = ET.fromstring(whole(mark_image([JPEG], "image/jpeg", READER)))  # noqa: S314 -- our own output

    assert (page.get("width"), page.get("height")) == ("48", "32")


def test_a_picture_without_size_is_not_handed_out():
    with pytest.raises(ConflictError, match="file_unmarkable"):
        mark_image([b"\xff\xd8\xff"], "image/jpeg", READER)


@pytest.fixture
def owned(app, tmp_path):
    """A report of an owner who lets everybody read, experts with a mark."""
    before = storage._storage, dict(access._owners), dict(access._marks)
    storage.configure_storage(f"file://{tmp_path}")
    register_owner("thing", lambda _id, _actor: True, mark_for=lambda _id, actor: READER if actor is EXPERT else None)

    def make(name: str, content: bytes, *, public: bool = False):
        made = files.attachment(content, name=name)
        with transaction():
            made.owner_type, made.owner_id, made.public = "thing", 1, public
        return made.id

    yield make
    storage._storage = before[0]
    access._owners.clear()
    access._owners.update(before[1])
    access._marks.clear()
    access._marks.update(before[2])


def test_the_owners_room_says_whose_copy_is_marked(owned):
    report = owned("报告.pdf", files.pdf())

    assert CODE in b"".join(open_download(report, EXPERT).content)
    assert b"".join(open_download(report, AUDITOR).content) == files.pdf()


def test_a_marked_picture_says_what_it_is(owned):
    marked = open_download(owned("证明.png", files.png()), EXPERT)
    b"".join(marked.content)

    assert (marked.name, marked.media_type, marked.size) == ("证明.png.svg", "image/svg+xml", None)


def test_public_files_and_those_without_pages_go_out_as_they_are(owned):
    assert b"".join(open_download(owned("公告.pdf", files.pdf(), public=True), EXPERT).content) == files.pdf()
    assert b"".join(open_download(owned("附表.xlsx", files.xlsx()), EXPERT).content) == files.xlsx()
