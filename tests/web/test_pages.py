import re


def test_every_macro_renders_in_the_gallery(auditor):
    page = auditor.get("/home").get_data(as_text=True)

    assert page.count("<h1>") == 1
    assert "undefined" not in page


def test_no_page_carries_an_inline_script_or_style(auditor, stranger):
    for client, path in ((auditor, "/home"), (stranger, "/sign-in"), (stranger, "/public"), (stranger, "/gone")):
        page = client.get(path).get_data(as_text=True)

        assert re.findall(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=", page) == []
