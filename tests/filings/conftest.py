import pytest

from app.attachments import storage as storage_module
from app.attachments.storage import configure_storage
from app.kernel import clock
from tests.factories.filings import MORNING, Place, deploy_filing_flow, make_place


@pytest.fixture
def place(app, tmp_path) -> Place:
    """A province with its people, on a morning in May while filing is open."""
    before = storage_module._storage
    configure_storage(f"file://{tmp_path}")
    with clock.at(MORNING):
        deploy_filing_flow()
        yield make_place()
    storage_module._storage = before
