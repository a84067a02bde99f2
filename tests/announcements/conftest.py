import pytest

from app.attachments import storage as storage_module
from app.attachments.storage import configure_storage
from app.kernel import clock
from tests.factories.announcements import NOTICE_DAY, Notice, make_notice


@pytest.fixture
def notice(app, tmp_path) -> Notice:
    """A public notice of three items, opened on a Monday morning."""
    before = storage_module._storage
    configure_storage(f"file://{tmp_path}")
    with clock.at(NOTICE_DAY):
        yield make_notice()
    storage_module._storage = before
