"""`make screenshots`: every page of every demo account at 1280 and 390 px, Chinese and English, with an index.

`python -m tests.screenshots ACCOUNT…` takes those accounts only; `public` is the visitor without one.
"""

import html
import re
import shutil
import sys
import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser

from app.accounts.vocabulary import Role
from config import ROOT
from tests.support.chromium import chromium
from tests.support.house import House, build_house, open_house
from tests.support.visitor import DESKTOP, PHONE, Visitor, enter

FOLDER = ROOT / "screenshots"
PICTURES = ROOT / "frontend" / "pictures"
LOCALES = ("zh", "en")
STARTS = {"public": "/public/", "": "/"}
NO_PAGE = re.compile(
    r"^/(attachments|language|sign-out|notifications/\d|rating-seats/\d+/material|static|api)|\.\w{2,5}$"
)
NUMBER = re.compile(r"(?<=/)\d+(?=/|$)")
MOST_PAGES = 24
TALLEST = 6_000
VIEWER_MILLISECONDS = 2_500


def shape(path: str) -> str:
    """/filings/12 and /filings/13 are one kind of page."""
    return NUMBER.sub("n", path).strip("/").replace("/", "-") or "start"


def pages_of(visitor: Visitor, start: str) -> Iterator[str]:
    """One path of every kind of page that links reach from the start, the page open in the window."""
    waiting, seen = deque([start]), {shape(start)}
    count = 0
    while waiting and count < MOST_PAGES:
        path = waiting.popleft()
        response = visitor.page.goto(path)
        if response is None or "text/html" not in response.headers.get("content-type", ""):
            continue
        visitor.settle()
        count += 1
        yield path
        for href in visitor.page.eval_on_selector_all("a[href]", "links => links.map(a => a.getAttribute('href'))"):
            target = urlsplit(urljoin(path, href))
            if target.netloc or NO_PAGE.search(target.path) or target.scheme not in ("", "http"):
                continue
            if shape(target.path) not in seen:
                seen.add(shape(target.path))
                waiting.append(target.path)


def shoot_whole(visitor: Visitor, file: Path) -> None:
    """The whole page in a window as tall as the page, so that bars at the window's edge stand where they belong."""
    if visitor.page.locator("iframe").count():  # a document fills its window: a tall one would be all document
        visitor.page.wait_for_timeout(VIEWER_MILLISECONDS)
        visitor.page.screenshot(path=file, full_page=True)
        return
    window = visitor.page.viewport_size or DESKTOP
    height = visitor.page.evaluate("document.documentElement.scrollHeight")
    visitor.page.set_viewport_size({"width": window["width"], "height": min(max(height, window["height"]), TALLEST)})
    visitor.page.screenshot(path=file)


def photograph(browser: Browser, house: House, account: str) -> list[Path]:
    """Every kind of page of one account, in both languages and widths."""
    context, visitor = enter(browser, house.address)
    taken: list[Path] = []
    if account != "public":
        visitor.sign_in(account)
    for path in pages_of(visitor, STARTS.get(account, STARTS[""])):
        name = shape(urlsplit(visitor.page.url).path)
        for locale in LOCALES:
            visitor.open(f"/language/{locale}?next={path}")
            for size in (DESKTOP, PHONE):
                visitor.page.set_viewport_size(size)
                file = FOLDER / account / f"{name}-{size['width']}-{locale}.png"
                shoot_whole(visitor, file)
                taken.append(file)
            visitor.page.set_viewport_size(DESKTOP)
    for complaint in visitor.complaints:
        sys.stdout.write(f"{account}: {complaint}\n")
    context.close()
    return taken


def write_index(taken: Sequence[Path]) -> None:
    """A page that shows them all."""
    figures = "\n".join(
        f'<figure><a href="{name}"><img src="{name}" loading="lazy" height="320" alt=""></a>'
        f"<figcaption>{name}</figcaption></figure>"
        for name in (html.escape(path.relative_to(FOLDER).as_posix()) for path in taken)
    )
    style = (
        "body{font:14px sans-serif}figure{display:inline-block;margin:8px;vertical-align:top}img{border:1px solid #ccc}"
    )
    (FOLDER / "index.html").write_text(
        f'<!doctype html><meta charset="utf-8"><title>Lodestar</title><style>{style}</style>\n{figures}\n',
        encoding="utf-8",
    )


def take_pictures(browser: Browser, house: House) -> None:
    """The README's three: the manager's stage page, the audit beside its document, a rating on the phone."""
    PICTURES.mkdir(exist_ok=True)
    _picture(
        browser, house, account="manager", path="/rounds", link='main a:has-text("2026年度评价周期")', name="stage"
    )
    _picture(browser, house, account="province_auditor", path="/inbox", link="main table a", name="audit")
    _picture(
        browser, house, account="rater", path="/ratings", link="main a[href$='/rating']", name="rating", phone=True
    )


def _picture(
    browser: Browser, house: House, *, account: str, path: str, link: str, name: str, phone: bool = False
) -> None:
    """What the person sees behind the first such link of a page, as high as the window."""
    context, visitor = enter(browser, house.address, phone=phone)
    visitor.sign_in(account)
    visitor.open(path)
    with visitor.page.expect_navigation():
        visitor.page.locator(link).first.click()
    visitor.settle()
    if visitor.page.locator("iframe").count():
        visitor.page.wait_for_timeout(VIEWER_MILLISECONDS)
    visitor.page.screenshot(path=PICTURES / f"{name}.png")
    context.close()


def _photograph_all(browser: Browser, built: Path, folder: Path, accounts: list[str]) -> list[Path]:
    taken: list[Path] = []
    with open_house(built, folder) as house:
        take_pictures(browser, house)  # first: whoever has been shown in English stays in English
        for account in accounts:
            taken += photograph(browser, house, account)
            sys.stdout.write(f"{account}: {len(taken)} pictures so far\n")
    return taken


def main() -> None:
    accounts = sys.argv[1:] or ["public", *(role.value for role in Role)]
    for account in accounts:
        shutil.rmtree(FOLDER / account, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        taken = _photograph_all(browser, build_house(folder / "built"), folder / "house", accounts)
    write_index(taken)
    sys.stdout.write(f"{FOLDER / 'index.html'}\n")


if __name__ == "__main__":
    main()
