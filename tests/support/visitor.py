"""A person at the house: a browser window that remembers every complaint of the page."""

from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from tests.support.chromium import barriers, is_wider_than_window
from tests.support.house import PASSWORD

DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
WIDTHS = (DESKTOP, PHONE)


@dataclass(slots=True)
class Visitor:
    """One person's window. `complaints`: console errors, violations of the policy, answers of 500 and more."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Goes to a page and waits until its additions are at work."""
        self.page.goto(path)
        self.settle()

    def settle(self) -> None:
        """Waits until the page is ready, and the modeler's diagram drawn where there is one."""
        self.page.wait_for_selector("html[data-ready]")
        if self.page.locator("#studio-canvas").count():
            self.page.wait_for_selector("html[data-drawn]")

    def sign_in(self, username: str) -> None:
        """Signs in through the form."""
        self.open("/sign-in")
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码", exact=True).fill(PASSWORD)
        self.page.locator("main").get_by_role("button", name="登录").click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        self.settle()

    def press(self, name: str) -> None:
        """Presses the button of that name and waits for the page that follows."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()
        self.settle()

    def follow(self, name: str) -> None:
        """Follows the first link of that name."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).first.click()
        self.settle()

    @property
    def text(self) -> str:
        """The words of the page's middle."""
        return self.page.locator("main").inner_text()

    def begin(self, step: str) -> None:
        """Opens the item that the inbox offers first at a step, as process/node.

        Never simply the first of all: lots decide what else falls to a person.
        """
        self.open(f"/inbox?step={step}")
        self.follow("办理下一件")

    def faults(self) -> list[str]:
        """Barriers at the window's own width; sideways scroll at both widths."""
        before = self.page.viewport_size
        found = [f"{self.page.url}: {fault}" for fault in barriers(self.page)]
        for size in WIDTHS:
            self.page.set_viewport_size(size)
            if is_wider_than_window(self.page):
                found.append(f"{self.page.url}: wider than {size['width']}")
        if before is not None:
            self.page.set_viewport_size(before)
        return found


def enter(
    browser: Browser, address: str, *, phone: bool = False, locale: str = "zh-CN"
) -> tuple[BrowserContext, Visitor]:
    """A new window with its own cookies."""
    context = browser.new_context(
        base_url=address, viewport=PHONE if phone else DESKTOP, has_touch=phone, is_mobile=phone, locale=locale
    )
    context.set_default_timeout(45_000)
    visitor = Visitor(context.new_page())

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            visitor.complaints.append(f"{visitor.page.url}: {message.text}")

    def look(response: Response) -> None:
        if response.status >= 500:
            visitor.complaints.append(f"{response.status} {response.url}")

    visitor.page.on("console", hear)
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(f"{visitor.page.url}: {error}"))
    visitor.page.on("response", look)
    return context, visitor
