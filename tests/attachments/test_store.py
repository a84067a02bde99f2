"""What is taken in, what is refused, and who sees it."""

import hashlib
import io
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.attachments import access
from app.attachments import storage as storage_module
from app.attachments.models import Attachment
from app.attachments.queries import (
    attachments_by_id,
    bound_with_hash,
    get_attachment,
    list_attachments,
    read_content,
)
from app.attachments.storage import configure_storage
from app.attachments.usecases import bind_attachments, publish_attachments, store_file
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import InvalidError, NotFoundError, TooLargeError
from app.kernel.transaction import transaction
from tests.factories import attachments as files
from tests.factories.attachments import UPLOADER, attachment

STRANGER = Actor(id=12, name="陌生人", organisation_id=3)


@pytest.fixture(autouse=True)
def folder(app, tmp_path):
    before = storage_module._storage
    configure_storage(f"file://{tmp_path}")
    yield tmp_path
    storage_module._storage = before


@pytest.fixture
def owner(monkeypatch):
    """A room above that lets person 21 see the things numbered below 100."""
    monkeypatch.setattr(access, "_owners", {})
    access.register_owner("filing", lambda owner_id, actor: owner_id < 100 and actor.id == 21)
    return Actor(id=21, name="审核员")


def stored(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def bind(*ids, owner_id=1, actor=UPLOADER, **more):
    with transaction():
        return bind_attachments(ids=ids, owner_type="filing", owner_id=owner_id, actor=actor, **more)


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (files.pdf(), "报告.PDF", "application/pdf"),
        (files.png(), "图.png", "image/png"),
        (files.jpeg(), "照片.jpeg", "image/jpeg"),
        (files.docx(), "说明.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (files.xlsx(), "数据.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (files.archive("a/b.txt"), "资料.zip", "application/zip"),
        (files.docx(), "资料.zip", "application/zip"),
    ],
)
def test_files_of_every_kind_are_taken_in(folder, content, name, media_type):
    kept = attachment(content, name)

    assert (kept.name, kept.size, kept.media_type) == (name, len(content), media_type)
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert (kept.uploaded_by, kept.organisation_id, kept.public, kept.owner_type) == (11, 3, False, None)
    assert b"".join(read_content(kept)) == content
    assert stored(folder) == [kept.sha256]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00" + b"\x00" * 100, "报告.pdf"),
        (b"<html><script>alert(1)</script></html>", "报告.pdf"),
        (b"\xef\xbb\xbf" + files.pdf(), "报告.pdf"),
        (files.pdf()[:-30], "报告.pdf"),
        (files.pdf(), "报告.docx"),
        (files.pdf(), "报告"),
        (files.pdf(), "报告.pdf.exe"),
        (files.png(), "图.jpg"),
        (files.png()[:40], "图.png"),
        (files.jpeg()[:-2], "图.jpg"),
        (files.xlsx(), "说明.docx"),
        (files.docx("word/vbaProject.bin"), "说明.docx"),
        (files.archive("x.txt"), "说明.docx"),
        (files.docx()[:-10], "说明.docx"),
        (files.archive("../../etc/passwd"), "资料.zip"),
        (files.archive("/etc/passwd"), "资料.zip"),
        (files.archive("bomb", content=b"\x00" * 5_000_000), "资料.zip"),
        (b"PK\x03\x04" + b"\x00" * 100, "资料.zip"),
        (files.archive_with(offset=0, byte=0), "资料.zip"),
        (files.archive_with(offset=6, byte=255), "资料.zip"),
        (files.archive_with(offset=46, byte=255), "资料.zip"),
        (b"#!/bin/sh", "run.sh"),
    ],
)
def test_content_that_is_not_what_its_name_says_is_refused_and_not_kept(folder, content, name):
    with pytest.raises(InvalidError) as caught:
        attachment(content, name)

    assert caught.value.code == "file_type"
    assert caught.value.params == {"types": "PDF, PNG, JPG, JPEG, DOCX, XLSX, ZIP"}
    assert stored(folder) == []
    assert session.scalar(select(func.count()).select_from(Attachment)) == 0


def test_a_field_takes_only_its_own_types(folder):
    with pytest.raises(InvalidError) as caught:
        attachment(files.png(), "图.png", types=("pdf", "docx"))

    assert caught.value.params == {"types": "PDF, DOCX"}


def test_an_empty_file_is_refused(folder):
    with pytest.raises(InvalidError, match="file_empty"), transaction():
        store_file(stream=io.BytesIO(b""), name="报告.pdf", actor=UPLOADER, limit_mb=1)


class Endless:
    """An upload that does not end; counts what was read of it."""

    def __init__(self):
        self.given = 0

    def read(self, size):
        self.given += size
        return b"\x00" * size


def test_an_upload_is_broken_off_at_the_limit_and_nothing_of_it_is_kept(folder):
    stream = Endless()

    with pytest.raises(TooLargeError) as caught, transaction():
        store_file(stream=stream, name="报告.pdf", actor=UPLOADER, limit_mb=3)

    assert (caught.value.code, caught.value.params) == ("file_too_large", {"max": 3})
    assert 3 * 1024**2 < stream.given <= 3 * 1024**2 + 256 * 1024
    assert stored(folder) == []


def test_a_file_of_exactly_the_limit_is_taken_in(folder):
    content = files.pdf()
    padded = content[:9] + b"%" + b" " * (1024**2 - len(content) - 2) + b"\n" + content[9:]

    assert attachment(padded).size == 1024**2
    with pytest.raises(TooLargeError):
        attachment(padded + b"\n")


def test_equal_contents_share_the_file_but_not_the_row(folder):
    first, second = attachment(name="甲.pdf"), attachment(name="乙.pdf", actor=STRANGER)

    assert first.id != second.id
    assert first.path == second.path
    assert stored(folder) == [first.sha256]


def test_an_unbound_upload_is_seen_by_its_uploader_alone(folder, owner):
    kept = attachment()

    assert get_attachment(kept.id, UPLOADER) is kept
    for other in (STRANGER, owner, None, Actor(id=None, name="系统")):
        with pytest.raises(NotFoundError):
            get_attachment(kept.id, other)
    with pytest.raises(NotFoundError):
        get_attachment(kept.id + 1, UPLOADER)


def test_a_bound_attachment_is_seen_by_whom_its_owners_room_lets_in(folder, owner):
    seen, hidden = attachment(), attachment()
    bind(seen.id, owner_id=1)
    bind(hidden.id, owner_id=100)

    assert get_attachment(seen.id, owner) is seen
    for attachment_id, actor in ((seen.id, UPLOADER), (hidden.id, owner), (seen.id, None)):
        with pytest.raises(NotFoundError):
            get_attachment(attachment_id, actor)


def test_an_owner_that_no_room_speaks_for_is_seen_by_nobody(folder):
    kept = attachment()
    bind(kept.id)

    with pytest.raises(NotFoundError):
        get_attachment(kept.id, UPLOADER)


def test_published_documents_are_seen_by_everybody(folder, owner):
    kept, other = attachment(), attachment()
    bind(kept.id, other.id)
    with transaction():
        publish_attachments(ids=[kept.id, other.id + 1], owner_type="filing", owner_id=1)
        publish_attachments(ids=[other.id], owner_type="filing", owner_id=2)

    assert get_attachment(kept.id, None) is kept
    with pytest.raises(NotFoundError):
        get_attachment(other.id, None)


def test_binding_twice_to_the_same_owner_changes_nothing(folder, owner):
    kept = attachment()

    assert bind(kept.id, kept.id) == bind(kept.id, actor=STRANGER) == [kept]
    assert [one.id for one in list_attachments("filing", 1)] == [kept.id]
    assert bind() == []


def test_nobody_binds_what_is_not_theirs(folder):
    mine, bound = attachment(), attachment()
    bind(bound.id, owner_id=5)

    for ids, actor in (([mine.id], STRANGER), ([bound.id], UPLOADER), ([mine.id, 999], UPLOADER)):
        with pytest.raises(InvalidError, match="attachment_unknown"):
            bind(*ids, actor=actor)

    assert list_attachments("filing", 1) == []


def test_binding_keeps_to_the_types_of_the_field(folder):
    picture = attachment(files.png(), "图.png")

    with pytest.raises(InvalidError, match="file_type"):
        bind(picture.id, types=("pdf",))


def test_the_same_report_filed_twice_is_found_by_its_content(folder):
    first, second, unbound = attachment(), attachment(), attachment()
    bind(first.id, owner_id=1)
    bind(second.id, owner_id=2)

    assert [one.owner_id for one in bound_with_hash(first.sha256, "filing")] == [1, 2]
    assert bound_with_hash(first.sha256, "proof") == []
    assert set(attachments_by_id([first.id, unbound.id, 10**9])) == {first.id, unbound.id}
    assert attachments_by_id([]) == {}


def test_storage_may_lie_elsewhere(app):
    configure_storage("memory://lodestar")

    kept = attachment()

    assert b"".join(read_content(kept)) == files.pdf()


def test_a_lost_content_is_an_error_and_no_empty_file(folder):
    kept = attachment()
    next(folder.rglob(kept.sha256)).unlink()

    with pytest.raises(FileNotFoundError):
        read_content(kept)
