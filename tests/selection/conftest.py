from collections.abc import Iterator

import pytest
from flask import Flask

from app.kernel import clock
from tests.factories.selection import MORNING, Hall, deploy_panel_flows, make_hall, set_review_end


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    """A round whose ratings have closed, with an expert bank."""
    with clock.at(MORNING):
        yield make_hall()


@pytest.fixture
def running(hall: Hall) -> Hall:
    """The same with the flows of a panel in place."""
    deploy_panel_flows()
    set_review_end(hall)
    return hall
