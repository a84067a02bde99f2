"""What a page says to whoever looks at it."""

import re
from collections.abc import Iterator

from lxml import html

CHINESE = re.compile(r"[\u4e00-\u9fff]+")
KEY = re.compile(r"\b[a-z]+(?:\.[a-z]+)?_[a-z_]+\b")
"""An id of ours where words should stand: `prov_audit`, `filings.record_filing`."""
SILENT = " or ".join(f"ancestor::{tag}" for tag in ("script", "style", "template", "code", "pre"))
"""What nobody reads, and where ids are meant: code is code."""
SEEN = f"//body//text()[not({SILENT})] | //@alt | //@aria-label | //@placeholder | //@title | /html/head/title/text()"


class Page:
    """A page's structure and words."""

    def __init__(self, text: str) -> None:
        self.root = html.document_fromstring(text)

    @property
    def is_whole(self) -> bool:
        """Not merely a part that replaces another."""
        return self.root.find("head/title") is not None

    def faults(self) -> Iterator[str]:
        """What every page owes its readers."""
        if len(self.root.findall(".//h1")) != 1:
            yield f"{len(self.root.findall('.//h1'))} h1"
        if self.root.get("lang") not in ("zh-CN", "zh", "en"):
            yield f"lang is {self.root.get('lang')}"
        if not (self.root.findtext("head/title") or "").strip():
            yield "no title"
        for text in self.texts():
            if "None" in text.split():
                yield f"None in “{text[:60]}”"

    def ids(self) -> Iterator[str]:
        """What looks like an id where words should stand."""
        for text in self.texts():
            yield from KEY.findall(text)

    def untranslated(self, known: str) -> Iterator[str]:
        """Chinese on an English page that does not say so and stands in none of the `known` texts, which people wrote."""
        for declared in self.root.xpath("//body//*[starts-with(@lang, 'zh')]"):
            declared.drop_tree()
        for text in self.texts():
            yield from (run for run in CHINESE.findall(text) if run not in known)

    def texts(self) -> Iterator[str]:
        """Every text that is seen or spoken."""
        for text in self.root.xpath(SEEN):
            if words := text.strip():
                yield words
