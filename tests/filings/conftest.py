import pytest

from tests.factories.filings import Place, place_on_a_morning


@pytest.fixture
def place(app, tmp_path) -> Place:
    """A province with its people, on a morning in May while filing is open."""
    with place_on_a_morning(tmp_path) as place:
        yield place
