"""Every Chinese text of a room that users see has an English one."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from config import ROOT

METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {
    "templates/**.html": {
        "encoding": "utf-8", "extensions": "jinja2.ext.do", "silent": "false", "trim_blocks": "true",
        "lstrip_blocks": "true",
    }
}  # fmt: skip
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "_l": None}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
STEPS = {
    "userTask", "serviceTask", "scriptTask", "callActivity", "subProcess", "startEvent", "endEvent",
    "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "exclusiveGateway", "parallelGateway",
    "eventBasedGateway", "process",
}  # fmt: skip
ROOMS = sorted(path.parent.name for path in (ROOT / "app").glob("*/__init__.py"))


def msgids(room: Path) -> set[str]:
    """The texts marked for translation in a room's templates and doors."""
    found = extract_from_dir(room, METHODS, OPTIONS, KEYWORDS)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found} - {""}


def english(room: Path) -> dict[str, str]:
    """The room's English texts by their Chinese msgid."""
    catalogue = room / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    if not catalogue.exists():
        return {}
    with catalogue.open("rb") as file:
        return {
            message.id if isinstance(message.id, str) else message.id[0]: message.string
            if isinstance(message.string, str)
            else "".join(message.string)
            for message in read_po(file, locale="en")
            if message.id and not message.fuzzy
        }


@pytest.mark.parametrize("room", ROOMS)
def test_every_text_of_the_room_has_its_english(room):
    texts = english(ROOT / "app" / room)

    missing = sorted(msgid for msgid in msgids(ROOT / "app" / room) if not texts.get(msgid))

    assert missing == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_translation_keeps_the_placeholders(room):
    differing = [
        msgid
        for msgid, text in english(ROOT / "app" / room).items()
        if set(PLACEHOLDER.findall(msgid)) != set(PLACEHOLDER.findall(text))
    ]

    assert differing == []


def test_one_text_is_translated_in_one_way_everywhere():
    seen: dict[str, dict[str, set[str]]] = {}
    for room in ROOMS:
        for msgid, text in english(ROOT / "app" / room).items():
            seen.setdefault(msgid, {}).setdefault(text, set()).add(room)

    assert {msgid: texts for msgid, texts in seen.items() if len(texts) > 1} == {}


def test_every_step_of_the_diagrams_has_its_english():
    """Names of steps come Chinese from the diagrams and are shown through the catalogue of processes."""
    texts = english(ROOT / "app" / "processes")
    names = {
        name
        for path in (ROOT / "workflows").glob("*.bpmn")
        for element in ET.fromstring(path.read_bytes()).iter()  # noqa: S314 -- our own files
        if element.tag.rpartition("}")[2] in STEPS and (name := element.get("name"))
    }

    assert sorted(name for name in names if not texts.get(name)) == []
