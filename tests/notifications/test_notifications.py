"""What people are told, and that only they read it."""

from datetime import date
from string import Formatter

import pytest
from sqlalchemy import event

from app.accounts.usecases import create_user
from app.kernel.db import session
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.transaction import transaction
from app.notifications.models import Notification
from app.notifications.queries import count_unread, list_for
from app.notifications.texts import MESSAGES, Rendered, render
from app.notifications.usecases import mark_read, notify, open_notification
from tests.support.browser import sign_in

RETURNED = {"title": "区域专利导航", "until": date(2026, 3, 5), "reason": "第3页缺检索式"}


def tell(*user_ids, kind="filing_returned", params=RETURNED, link="/filings/5"):
    with transaction():
        return notify(user_ids=user_ids, kind=kind, params=params, link=link)


def test_everybody_is_told_once(app):
    assert tell(3, 1, 3) == 2

    [row] = list_for(3).items
    assert (row.kind, row.link, row.read_at, row.mail_status) == ("filing_returned", "/filings/5", None, "queued")
    assert row.params == {**RETURNED, "until": "2026-03-05"}
    assert list_for(2).items == []


def test_thousands_are_told_with_few_statements(app, engine):
    seen = []

    def note(connection, cursor, statement, *rest):
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    assert tell(*range(1, 2_501)) == 2_500
    event.remove(engine, "before_cursor_execute", note)

    assert len([statement for statement in seen if statement.startswith("INSERT")]) <= 3
    assert tell() == 0


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"kind": "nothing"}, "no kind nothing"),
        ({"params": {"title": "x"}}, "takes"),
        ({"params": {**RETURNED, "more": 1}}, "takes"),
        ({"params": {**RETURNED, "until": "tomorrow"}}, "isoformat"),
        ({"link": "https://evil.example/"}, "no short path"),
        ({"link": "//evil.example/"}, "no short path"),
        ({"link": "/" + "x" * 300}, "no short path"),
    ],
)
def test_what_cannot_be_said_is_a_fault_of_ours(app, wrong, message):
    with pytest.raises(ValueError, match=message):
        tell(1, **wrong)


def test_words_are_those_of_the_reader():
    params = {**RETURNED, "until": "2026-03-05T15:59:59+00:00"}

    assert render("filing_returned", params, "zh") == Rendered(
        "“区域专利导航”需补正，请于2026年3月5日前提交。", "补正要求：第3页缺检索式"
    )
    assert render("filing_returned", params, "en").title == "Please correct “区域专利导航” by 5 Mar 2026."
    at = {"panel": "第一组", "at": "2026-03-05T01:30:00+00:00", "place": "1号楼"}
    assert "9:30" in render("meeting_called", at, "zh").title


def test_braces_in_a_persons_text_are_only_text():
    params = {**RETURNED, "until": "2026-03-05", "reason": "{title.__class__}"}

    assert render("filing_returned", params, "zh").body == "补正要求：{title.__class__}"


@pytest.mark.parametrize("kind", MESSAGES)
def test_both_languages_name_the_same_parameters(kind):
    def names(*texts):
        return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}

    message = MESSAGES[kind]
    assert names(message.zh) == names(message.en)
    assert names(message.body_zh) == names(message.body_en)
    assert list(MESSAGES) == sorted(MESSAGES)


def test_reading(app):
    tell(1)
    tell(1, kind="filing_withdrawn", params={"title": "甲"})
    tell(2)
    newest = list_for(1).items[0]
    assert count_unread(1) == 2

    with transaction():
        assert open_notification(notification_id=newest.id, user_id=1) == "/filings/5"
    with transaction():
        assert open_notification(notification_id=newest.id, user_id=1) == "/filings/5"

    assert count_unread(1) == 1
    assert [row.kind for row in list_for(1, unread_only=True).items] == ["filing_returned"]
    with transaction():
        assert mark_read(user_id=1) == 1
    assert (count_unread(1), count_unread(2)) == (0, 1)


def test_nobody_reads_anothers_notification(app):
    tell(1)
    [row] = list_for(1).items

    for user_id, notification_id in ((2, row.id), (1, row.id + 1)):
        with pytest.raises(NotFoundError), transaction():
            open_notification(notification_id=notification_id, user_id=user_id)

    assert count_unread(1) == 1


def test_pages_follow_each_other_and_counting_is_one_statement(app, engine):
    for _ in range(5):
        tell(1)
    first = list_for(1, limit=3)
    second = list_for(1, limit=3, cursor=first.next)
    assert (len(first.items), len(second.items)) == (3, 2)
    assert second.next is None
    with pytest.raises(InvalidError, match="cursor_invalid"):
        list_for(1, cursor="WyJ4Il0")

    seen = []

    def note(*args):
        seen.append(args[2])

    event.listen(engine, "before_cursor_execute", note)
    assert count_unread(1) == 5
    event.remove(engine, "before_cursor_execute", note)
    assert len([statement for statement in seen if not statement.startswith("BEGIN")]) == 1


@pytest.fixture
def person(app):
    with transaction():
        return create_user(username="filer", name="林雨", password_hash="x").id


def test_the_page_lists_what_is_new_and_leads_on(client, person):
    tell(person)
    sign_in(client, person)

    page = client.get("/notifications").get_data(as_text=True)
    assert "“区域专利导航”需补正，请于2026年3月5日前提交。" in page
    assert "有1条未读消息。" in page
    [row] = list_for(person).items

    assert client.get(f"/notifications/{row.id}").location == "/filings/5"
    assert "没有未读消息。" in client.get("/notifications?unread=1").get_data(as_text=True)
    assert client.get("/notifications/999999").status_code == 404


def test_all_are_read_with_one_click(client, person):
    tell(person)
    sign_in(client, person)

    assert client.post("/notifications/read").location == "/notifications"
    session.rollback()
    assert count_unread(person) == 0
    assert session.get(Notification, list_for(person).items[0].id).read_at is not None


def test_a_stranger_is_asked_to_sign_in(client, app):
    assert client.get("/notifications").location == "/sign-in?next=/notifications"
