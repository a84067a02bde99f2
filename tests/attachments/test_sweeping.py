"""Uploads that became part of nothing are swept after a while, and the stored file goes when nothing names it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.attachments import storage as storage_module
from app.attachments import sweeping
from app.attachments.models import Attachment, SweptContent
from app.attachments.storage import configure_storage, storage
from app.attachments.sweeping import register_mentions, sweep_attachments
from app.attachments.usecases import bind_attachments
from app.attachments.vocabulary import ORPHANED_AFTER, REMOVED_AFTER
from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transaction
from tests.factories.attachments import UPLOADER, attachment, pdf

LATER = ORPHANED_AFTER + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def folder(app, tmp_path):
    before, mentions = storage_module._storage, list(sweeping._mentions)
    configure_storage(f"file://{tmp_path}")
    register_mentions()
    yield tmp_path
    storage_module._storage = before
    register_mentions(*mentions)


def sweep(after: timedelta = LATER) -> int:
    with clock.at(clock.now() + after), transaction():
        return sweep_attachments(limit=100)


def stored(folder) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def rows() -> int:
    return session.scalar(select(func.count()).select_from(Attachment)) or 0


def bind(one: Attachment) -> None:
    with transaction():
        bind_attachments(ids=[one.id], owner_type="filing", owner_id=1, actor=UPLOADER)


def test_an_orphan_goes_after_thirty_days_and_its_file_in_a_later_round(folder):
    attachment()

    assert sweep(ORPHANED_AFTER - timedelta(minutes=1)) == 0
    assert sweep() == 1
    assert (rows(), stored(folder)) == (0, 1)

    assert sweep(LATER + REMOVED_AFTER) == 0
    assert (rows(), stored(folder)) == (0, 0)
    assert session.query(SweptContent).count() == 0


def test_what_is_bound_stays(folder):
    bind(attachment())

    assert sweep() == 0
    sweep(LATER + REMOVED_AFTER)

    assert (rows(), stored(folder)) == (1, 1)


def test_a_file_that_another_attachment_names_stays(folder):
    bind(attachment(pdf("SAME")))
    attachment(pdf("SAME"))

    assert sweep() == 1
    sweep(LATER + REMOVED_AFTER)

    assert (rows(), stored(folder)) == (1, 1)
    assert session.query(SweptContent).count() == 0


def test_who_hands_in_the_same_content_meanwhile_keeps_the_file(folder):
    attachment(pdf("SAME"))
    sweep()

    bind(attachment(pdf("SAME")))
    sweep(LATER + REMOVED_AFTER)

    assert (rows(), stored(folder)) == (1, 1)


def test_an_upload_under_way_when_its_content_fell_free_keeps_the_file(folder):
    attachment(pdf("SAME"))
    sweep()
    path = session.scalars(select(SweptContent.path)).one()
    bind(attachment(pdf("SAME")))
    with transaction():
        session.add(SweptContent(path=path, due_at=clock.now()))

    sweep(LATER + REMOVED_AFTER)

    assert stored(folder) == 1
    assert session.query(SweptContent).count() == 0


def test_what_a_draft_names_stays():
    kept, lost = attachment(pdf("KEPT")), attachment(pdf("LOST"))
    register_mentions(lambda ids: {kept.id} & set(ids))

    assert sweep() == 1

    assert session.scalars(select(Attachment.id)).all() == [kept.id]
    assert lost.id != kept.id


def test_a_storage_that_refuses_is_asked_again(folder, monkeypatch):
    attachment()
    sweep()
    files = storage().files

    def refuse(path: str) -> None:
        raise OSError(path)

    with monkeypatch.context() as broken:
        broken.setattr(files, "rm_file", refuse)
        sweep(LATER + REMOVED_AFTER)
    assert session.scalars(select(SweptContent.attempts)).one() == 1
    assert stored(folder) == 1

    session.expire_all()
    sweep(LATER + REMOVED_AFTER + timedelta(minutes=2))
    assert stored(folder) == 0
