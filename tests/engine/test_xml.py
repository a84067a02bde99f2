"""Files that are no honest XML: refused at once, nothing opened, nothing fetched, nothing unfolded."""

from time import process_time

import pytest

from app.engine import check_definition
from tests.engine.sketch import draw, flows, users

GOOD = draw('<startEvent id="s"/><endEvent id="e"/>' + users("甲") + flows("s -> 甲 -> e")).decode()
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


def declared(encoding: str, codec: str) -> bytes:
    return f'<?xml version="1.0" encoding="{encoding}"?>{GOOD}'.encode(codec)


def inside(text: str) -> str:
    return GOOD.replace('<startEvent id="s"/>', f'<startEvent id="s">{text}</startEvent>')


HONEST = {
    "byte order mark": b"\xef\xbb\xbf" + GOOD.encode(),
    "utf-16": declared("UTF-16", "utf-16"),
    "utf-16 without declaration": GOOD.encode("utf-16"),
    "gb18030": declared("GB18030", "gb18030"),
    "comment and instruction": GOOD.replace("<startEvent", "<!-- c --><?x y?><startEvent").encode(),
    "style sheet": b'<?xml-stylesheet href="http://127.0.0.1:9/x"?>' + GOOD.encode(),
    "text in CDATA": inside("<documentation><![CDATA[<!DOCTYPE x>]]></documentation>").encode(),
    "inclusion in an extension": inside(
        '<extensionElements><x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd"/></extensionElements>'
    ).encode(),
}
HOSTILE = {
    "laughs": (f'<!DOCTYPE l [<!ENTITY a0 "ha">{LAUGHS}]>' + inside("&a9;")).encode(),
    "laughs in utf-16": (f'<!DOCTYPE l [<!ENTITY a0 "ha">{LAUGHS}]>' + inside("&a9;")).encode("utf-16"),
    "one long entity": (f'<!DOCTYPE l [<!ENTITY a "{"a" * 50_000}">]>' + inside("&a;" * 5_000)).encode(),
    "file": ('<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + inside("&x;")).encode(),
    "network": ('<!DOCTYPE l SYSTEM "http://127.0.0.1:9/x.dtd">' + GOOD).encode(),
    "parameter entity": ('<!DOCTYPE l [<!ENTITY % x SYSTEM "file:///etc/passwd">%x;]>' + GOOD).encode(),
    "attributes by default": ('<!DOCTYPE l [<!ATTLIST startEvent name CDATA "x">]>' + GOOD).encode(),
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_file_is_read(name):
    findings, proof = check_definition(HONEST[name], None)

    assert {found.severity for found in findings} == {"warning"}
    assert proof is not None


@pytest.mark.parametrize("name", HOSTILE)
def test_document_type_is_refused_before_it_is_followed(name):
    began = process_time()
    findings, _ = check_definition(HOSTILE[name], None)

    assert [found.rule for found in findings] == ["doctype"]
    assert process_time() - began < 1


@pytest.mark.parametrize(("encoding", "codec"), [("UTF-7", "utf-7"), ("UTF-32", "utf-32"), ("Big5", "big5")])
def test_strange_encodings_are_refused(encoding, codec):
    (found,) = check_definition(declared(encoding, codec), None)[0]

    assert found.rule in {"encoding", "not_xml"}


@pytest.mark.parametrize(
    "xml",
    [
        GOOD.encode("gbk"),
        GOOD.encode("utf-16-le"),
        declared("UTF-16", "utf-8"),
        GOOD.encode() + b"\0",
        b"PK\x03\x04",
        b" ",
    ],
)
def test_wrong_bytes_are_refused(xml):
    assert [found.rule for found in check_definition(xml, None)[0]] == ["not_xml"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("<x/>" * 150_000, "too_large"),
        ("<lodestar:x>" * 150 + "</lodestar:x>" * 150, "too_deep"),
        ("<documentation/>" * 70_000, "too_large"),
    ],
)
def test_swollen_files_are_refused_quickly(text, rule):
    began = process_time()

    assert [found.rule for found in check_definition(inside(text).encode(), None)[0]] == [rule]
    assert process_time() - began < 2
