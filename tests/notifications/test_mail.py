"""Mail leaves after the commit, is tried again with growing pauses, and never twice at the same time."""

import smtplib
import socket
import threading
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.notifications import mail as mail_module
from app.notifications.mail import Address, OutgoingMail, compose, open_postman
from app.notifications.outbox import claim_due_mail, settle_mail
from app.notifications.queries import list_for
from app.notifications.texts import Rendered
from app.notifications.usecases import notify
from app.notifications.vocabulary import LEASE, RETRY_AFTER
from app.notifications.worker import send_due_mail

NOW = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
BOOK = {
    1: Address("lin@example.org", "林雨"),
    2: Address("smith@example.org", "A. Smith", "en"),
    4: Address("no address", "x"),
}
BASE = "https://review.example.org"


@pytest.fixture(autouse=True)
def book(app):
    before = list(mail_module._books)
    mail_module.register_addresses(lambda ids: {key: BOOK[key] for key in ids if key in BOOK})
    with clock.at(NOW):
        yield
    mail_module._books[:] = before


def tell(*user_ids, title="甲"):
    with transaction():
        notify(user_ids=user_ids, kind="award_announced", params={"title": title}, link="/results/5")


def send(url, limit=50):
    with transaction():
        return send_due_mail(limit=limit, mail_url=url, base_url=BASE)


def state(user_id):
    session.rollback()
    session.expire_all()
    [row] = list_for(user_id).items
    return row.mail_status, row.mail_attempts, row.mail_due_at


def mails(folder: Path):
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.glob("*.eml"))]


def test_mails_are_written_into_a_folder_in_the_readers_language(tmp_path):
    tell(1, 2)

    assert send(f"file://{tmp_path / 'mail'}") == 2

    first, second = mails(tmp_path / "mail")
    assert (first["Subject"], first["To"]) == ("“甲”列为优秀项目成果。", "林雨 <lin@example.org>")
    assert first.get_content() == "“甲”列为优秀项目成果。\n\nhttps://review.example.org/results/5\n"
    assert second["Subject"] == "“甲” is an excellent project."
    assert state(1) == state(2) == ("sent", 1, None)
    assert send(f"file://{tmp_path / 'mail'}") == 0


def test_nothing_leaves_before_the_commit(tmp_path):
    tell(1)

    with transaction():
        send_due_mail(limit=5, mail_url=f"file://{tmp_path}", base_url=BASE)
        assert mails(tmp_path) == []

    assert len(mails(tmp_path)) == 1


def test_people_without_address_get_no_mail(tmp_path):
    tell(3)

    assert send(f"file://{tmp_path}") == 0
    assert state(3) == ("none", 0, None)


def test_an_address_that_is_none_fails_alone(tmp_path):
    tell(1, 4)

    assert send(f"file://{tmp_path}") == 2
    assert state(1)[0] == "sent"
    assert state(4) == ("queued", 1, NOW + RETRY_AFTER[0])


def test_a_silent_server_is_tried_with_growing_pauses_and_given_up(tmp_path):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{listener.getsockname()[1]}"  # bound, but nobody listens
        tell(1)
        moment = NOW
        for attempt, pause in enumerate(RETRY_AFTER, 1):
            with clock.at(moment):
                assert send(url) == 1
                assert state(1) == ("queued", attempt, moment + pause)
                assert send(url) == 0
            moment += pause
        with clock.at(moment):
            assert send(url) == 1
            assert state(1) == ("failed", len(RETRY_AFTER) + 1, None)
        with clock.at(moment + timedelta(days=30)):
            assert send(url) == 0


def test_a_claimed_mail_is_left_to_its_worker_until_the_lease_ends(tmp_path):
    tell(1)
    with transaction():
        [first] = claim_due_mail(limit=5)
    assert send(f"file://{tmp_path}") == 0

    with clock.at(NOW + LEASE):
        assert send(f"file://{tmp_path}") == 1
        with transaction():
            settle_mail(results={first: False})  # the worker taken for dead comes back late
        assert state(1) == ("sent", 2, None)


def test_workers_beside_each_other_send_each_mail_once(app, tmp_path):
    tell(*BOOK, title="乙")
    BOOK_SIZE = 100  # noqa: N806 -- many people for this test
    people = {number: Address(f"p{number}@example.org", f"P{number}") for number in range(10, 10 + BOOK_SIZE)}
    mail_module.register_addresses(lambda ids: {key: people[key] for key in ids if key in people})
    tell(*people)
    counts, faults = [], []

    def run():
        with app.app_context(), clock.at(NOW):
            try:
                while count := send(f"file://{tmp_path}", limit=7):
                    counts.append(count)
            except Exception as error:
                faults.append(error)
            finally:
                session.remove()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert len(mails(tmp_path)) == BOOK_SIZE
    assert {state(user_id) for user_id in people} == {("sent", 1, None)}


def outgoing(**more):
    values = {"to": BOOK[1], "content": Rendered("题", "文"), "link": "/a"} | more
    return OutgoingMail(7, 1, values["to"], values["content"], values["link"], NOW)


def test_no_header_can_be_forged_through_the_content():
    forged = compose(
        outgoing(content=Rendered("甲\r\nBcc: evil@example.org", "文"), to=Address("lin@example.org", "林\r\nX: y")),
        base_url=BASE,
    )

    assert forged["Bcc"] is None
    assert forged["X"] is None
    assert forged["Subject"] == "甲 Bcc: evil@example.org"
    assert forged["Message-ID"] == "<notification-7@review.example.org>"
    assert forged["From"] == "北辰评审 <no-reply@review.example.org>"


@pytest.mark.parametrize("url", ["", "http://mail.example.org", "smtp://", "mail.example.org:25"])
def test_an_unknown_mail_url_is_refused(url):
    with pytest.raises(ValueError, match="MAIL_URL"):
        open_postman(url)


class SmallServer(threading.Thread):
    """Speaks just enough SMTP to take one mail."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.heard = []

    def run(self):
        connection, _ = self.listener.accept()
        with self.listener, connection, connection.makefile("rwb") as line:
            self.say(line, "220 ready")
            in_data = False
            while text := line.readline():
                self.heard.append(text)
                if in_data:
                    in_data = text != b".\r\n"
                    if not in_data:
                        self.say(line, "250 taken")
                elif text.upper().startswith(b"DATA"):
                    in_data = True
                    self.say(line, "354 go on")
                elif text == b"quit\r\n":
                    self.say(line, "221 bye")
                    return
                else:
                    self.say(line, "250 ok")

    @staticmethod
    def say(line, text):
        line.write(text.encode() + b"\r\n")
        line.flush()


def test_mails_are_handed_to_a_server():
    server = SmallServer()
    server.start()
    tell(1)

    assert send(f"smtp://127.0.0.1:{server.port}") == 1

    assert state(1) == ("sent", 1, None)
    server.join(5)
    assert b"rcpt TO:<lin@example.org>\r\n" in server.heard
    assert server.heard[-1] == b"quit\r\n"


def test_an_unopened_postman_carries_nothing():
    with pytest.raises(RuntimeError):
        open_postman("smtp://127.0.0.1:1").carry(compose(outgoing(), base_url=BASE))
    assert issubclass(smtplib.SMTPServerDisconnected, OSError)
