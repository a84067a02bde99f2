"""Writing and sending mails: into a folder by default, by SMTP where the operator names a server."""

import re
import secrets
import smtplib
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import SplitResult, unquote, urlsplit

from app.notifications.texts import Rendered
from app.web.locale import Locale

SMTP_SECONDS = 20
SENDER = ("北辰评审", "no-reply")
BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person gets mail, and in which language."""

    email: str
    name: str
    locale: Locale = "zh"


AddressBook = Callable[[Collection[int]], Mapping[int, Address]]
_books: list[AddressBook] = []


def register_addresses(book: AddressBook) -> None:
    """Has accounts say where people get mail; who is not in the answer gets none. Called by wiring."""
    _books[:] = [book]


def addresses_of(user_ids: Collection[int]) -> Mapping[int, Address]:
    """The addresses known for these people."""
    return _books[0](user_ids) if _books and user_ids else {}


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """One mail, ready to be sent; the same notification keeps its message id, so that a second try is no second mail."""

    notification_id: int
    attempt: int
    to: Address
    content: Rendered
    link: str | None
    written_at: datetime


def compose(mail: OutgoingMail, *, base_url: str) -> EmailMessage:
    """The message, with nothing in its headers that the content could forge."""
    host = urlsplit(base_url).hostname or "localhost"
    message = EmailMessage()
    message["Subject"] = BREAKS.sub(" ", mail.content.title)
    message["From"] = Mailbox(SENDER[0], SENDER[1], host if "." in host else "lodestar.invalid")
    message["To"] = Mailbox(BREAKS.sub(" ", mail.to.name), addr_spec=mail.to.email)
    message["Date"] = format_datetime(mail.written_at)
    message["Message-ID"] = f"<notification-{mail.notification_id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    parts = [mail.content.title, mail.content.body, base_url.rstrip("/") + mail.link if mail.link else ""]
    message.set_content("\n\n".join(part for part in parts if part) + "\n")
    return message


class Postman(Protocol):
    """Carries messages; opened for a batch."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def carry(self, message: EmailMessage) -> None:
        """Sends one message; OSError or smtplib.SMTPException when it cannot."""


def open_postman(mail_url: str) -> Postman:
    """For file:///folder (one .eml per mail), smtp://user:pass@host:port (STARTTLS where offered) or smtps://…"""
    url = urlsplit(mail_url)
    if url.scheme == "file":
        return FilePostman(Path(unquote(url.netloc + url.path)))
    if url.scheme in ("smtp", "smtps") and url.hostname:
        return SmtpPostman(url)
    raise ValueError("MAIL_URL is file://folder, smtp://host:port or smtps://host:port")


class FilePostman:
    """Writes each message into a folder: the default of one machine, and of tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""

    def carry(self, message: EmailMessage) -> None:
        """One .eml, whole or not at all; a second try of the same notification replaces it."""
        name = re.sub(r"[^A-Za-z0-9.-]", "_", message["Message-ID"].strip("<>").split("@")[0])
        part = self.folder / f"{name}.{secrets.token_hex(4)}.part"
        part.write_bytes(message.as_bytes())
        part.replace(self.folder / f"{name}.eml")


class SmtpPostman:
    """Hands messages to a mail server."""

    def __init__(self, url: SplitResult) -> None:
        self.url = url
        self.server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        host = self.url.hostname or ""
        if self.url.scheme == "smtps":
            self.server = smtplib.SMTP_SSL(host, self.url.port or 465, timeout=SMTP_SECONDS)
        else:
            self.server = smtplib.SMTP(host, self.url.port or 25, timeout=SMTP_SECONDS)
            self.server.ehlo()
            if self.server.has_extn("starttls"):
                self.server.starttls()
        if self.url.username:
            self.server.login(unquote(self.url.username), unquote(self.url.password or ""))
        return self

    def __exit__(self, *_: object) -> None:
        if self.server is None:
            return
        with suppress(OSError, smtplib.SMTPException):
            self.server.quit()  # a server that hung up already has nothing to be told
        self.server.close()

    def carry(self, message: EmailMessage) -> None:
        """Sends one message to its receiver."""
        if self.server is None:
            raise RuntimeError("the postman was not opened")
        self.server.send_message(message)
