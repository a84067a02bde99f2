"""The modeler in a real browser, as a designer uses it."""


class Desk:
    """The page as a person uses it; notes what the page's policy had to block and what the console complained of."""

    def __init__(self, page):
        self.page = page
        self.complaints = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message):
        refused = "status of 422" in message.text  # the browser notes every refusal that the test asks for
        own_affair = "ContextPad#getPad is deprecated" in message.text  # bpmn-js calls its own old function
        if message.type in ("error", "warning") and not refused and not own_affair:
            self.complaints.append(message.text)

    def open(self, path="/studio/filing"):
        self.page.goto(path)
        self.page.wait_for_selector("html[data-drawn]")

    def ensure_clean(self):
        """No inline style or script was blocked, no error logged, and every word of the modeler is translated."""
        assert self.page.evaluate("window.violations") == []
        assert self.complaints == []
        assert self.page.evaluate("document.documentElement.dataset.untranslated ?? null") is None

    def element(self, id_):
        return self.page.locator(f'#studio-canvas g.djs-element[data-element-id="{id_}"]').first

    def select(self, id_):
        self.button("fit").click()
        canvas = self.page.locator("#studio-canvas")
        canvas.click(position={"x": 20, "y": canvas.bounding_box()["height"] - 20})  # closes what lies over the diagram
        self.element(id_).locator(".djs-hit").first.click(force=True)

    def field(self, key):
        return self.page.locator(f'#studio-panel [data-key="{key}"]')

    def fill(self, key, text):
        self.field(key).fill(text)
        self.field(key).blur()

    def button(self, name):
        return self.page.locator(f"[data-do={name}]")

    @property
    def next(self):
        return self.page.locator("#studio-next")

    @property
    def findings(self):
        return self.page.locator("#studio-findings li")

    def check(self, words):
        self.button("check").click()
        self.page.locator("#studio-proof", has_text=words).wait_for()

    def saved(self, words="已自动保存"):
        self.page.locator("#studio-state", has_text=words).wait_for()

    def deploy_first(self, note):
        """A flow that was never deployed only asks for a note."""
        self.button("deploy").click()
        self.page.locator("#studio-note").fill(note)
        self.page.locator("#studio-dialog button[value=deploy]").click()

    def deploy(self, note, policy="new"):
        """A changed flow has a page of its own."""
        self.button("deploy").click()
        self.page.wait_for_url("**/release")
        self.page.locator(f"input[name=policy][value={policy}]").check(force=True)
        self.page.locator("#note").fill(note)
        self.page.locator("button[data-submit]").click()
