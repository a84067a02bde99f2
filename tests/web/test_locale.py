import pytest

from app.web import shell
from app.web.requests import local_target


def test_pages_are_chinese_until_english_is_chosen(auditor):
    assert '<html lang="zh-CN">' in auditor.get("/home").get_data(as_text=True)

    back = auditor.get("/language/en?next=/home")

    assert back.location == "/home"
    page = auditor.get("/home").get_data(as_text=True)
    assert '<html lang="en">' in page
    assert "Skip to content" in page
    assert "Queue" in page


def test_the_switch_is_kept_with_the_person(auditor):
    kept = []
    shell.register_context(keep_locale=lambda actor, code: kept.append((actor.id, code)))

    auditor.get("/language/en")

    assert kept == [(7, "en")]


def test_english_is_a_wish_of_the_browser_only_where_the_api_is_asked(auditor):
    page = auditor.get("/home", headers={"Accept-Language": "en"}).get_data(as_text=True)

    assert '<html lang="zh-CN">' in page


def test_an_unknown_language_is_not_found(auditor):
    assert auditor.get("/language/fr").status_code == 404


@pytest.mark.parametrize(
    ("target", "lands"),
    [
        ("/home?x=1", "/home?x=1"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        (None, "/"),
    ],
)
def test_nobody_is_sent_to_a_foreign_site(target, lands):
    assert local_target(target, "/") == lands
