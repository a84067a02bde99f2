"""One built house for the run, a copy for every module, a window for every person."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.chromium import chromium
from tests.support.house import House, build_house, open_house
from tests.support.visitor import Visitor, enter

Come = Callable[..., Visitor]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """The small demo, played once for the run, when the first journey asks for it."""
    folder = tmp_path_factory.mktemp("built") / "house"
    return cache(lambda: build_house(folder))


@pytest.fixture(scope="module")
def running_house(
    browser: Browser,
    build: Callable[[], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[House]:
    """A house of the module's own: what its journeys change, no other sees."""
    with open_house(build(), tmp_path_factory.mktemp("house") / "house") as house:
        yield house


@pytest.fixture
def come(browser: Browser, running_house: House) -> Iterator[Come]:
    """`come("filer")`: that person's window after signing in; no page may complain until the journey's end."""
    windows = []

    def open_window(username: str | None = None, *, phone: bool = False) -> Visitor:
        context, visitor = enter(browser, running_house.address, phone=phone)
        windows.append((context, visitor))
        if username is not None:
            visitor.sign_in(username)
        return visitor

    yield open_window
    complaints = [complaint for _, visitor in windows for complaint in visitor.complaints]
    for context, _ in windows:
        context.close()
    assert complaints == []
    assert running_house.log == ""
