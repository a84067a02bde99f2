import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.attachments.rules import clean_name, extension_of


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\li\\报告.pdf", "报告.pdf"),
        ("报\x00告\r\n.pdf", "报告.pdf"),
        ("evil\u202efdp.exe", "evilfdp.exe"),
        (' "a"<b>.pdf ', "ab.pdf"),
        (".pdf", "pdf"),
        ("", "file"),
        ("///", "file"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
        ("x\ud800.pdf", "x.pdf"),
    ],
)
def test_file_names_are_cleaned(given_, kept):
    assert clean_name(given_) == kept


@given(st.text(max_size=300))
def test_any_name_becomes_a_short_safe_one(name):
    cleaned = clean_name(name)

    assert 0 < len(cleaned) <= 120
    assert cleaned == clean_name(cleaned)
    assert not set(cleaned) & set('/\\\r\n\0"')
    cleaned.encode()
    assert "/" not in extension_of(cleaned)
