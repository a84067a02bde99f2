"""The queue of mails in the table: taken with a lease, settled with the result."""

from datetime import datetime

from sqlalchemy import or_, select

from app.kernel import clock
from app.kernel.db import session
from app.notifications.mail import OutgoingMail, addresses_of
from app.notifications.models import Notification
from app.notifications.texts import render
from app.notifications.vocabulary import LEASE, RETRY_AFTER, MailStatus


def claim_due_mail(*, limit: int) -> list[OutgoingMail]:
    """Takes up to `limit` mails that are due, so that no other worker takes them before the lease ends."""
    now = clock.now()
    waiting = or_(Notification.mail_status == MailStatus.QUEUED, Notification.mail_status == MailStatus.SENDING)
    rows = session.scalars(
        select(Notification)
        .where(waiting, Notification.mail_due_at <= now)
        .order_by(Notification.mail_due_at, Notification.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    known = addresses_of({row.user_id for row in rows})
    mails = []
    for row in rows:
        to = known.get(row.user_id)
        if to is None:
            row.mail_status, row.mail_due_at = MailStatus.NONE, None
            continue
        row.mail_status, row.mail_due_at = MailStatus.SENDING, now + LEASE
        row.mail_attempts += 1
        content = render(row.kind, row.params, to.locale)
        mails.append(OutgoingMail(row.id, row.mail_attempts, to, content, row.link, row.created_at))
    return mails


def settle_mail(*, results: dict[OutgoingMail, bool]) -> None:
    """Writes down what became of claimed mails; what failed waits longer each time and is given up at last."""
    by_id = {mail.notification_id: (mail, is_sent) for mail, is_sent in results.items()}
    rows = session.scalars(select(Notification).where(Notification.id.in_(by_id)).with_for_update())
    for row in rows:
        mail, is_sent = by_id[row.id]
        if row.mail_attempts != mail.attempt or row.mail_status != MailStatus.SENDING:
            continue  # the lease ran out and another worker has it
        row.mail_status, row.mail_due_at = _outcome(mail.attempt, is_sent=is_sent)


def _outcome(attempt: int, *, is_sent: bool) -> tuple[MailStatus, datetime | None]:
    if is_sent:
        return MailStatus.SENT, None
    if attempt > len(RETRY_AFTER):
        return MailStatus.FAILED, None
    return MailStatus.QUEUED, clock.now() + RETRY_AFTER[attempt - 1]
