"""The worker's door: mails leave after the commit, and never within anybody's transaction."""

import logging
import smtplib
from functools import partial

from app.kernel.transaction import after_commit, transaction
from app.notifications.mail import OutgoingMail, Postman, compose, open_postman
from app.notifications.outbox import claim_due_mail, settle_mail

log = logging.getLogger(__name__)


def send_due_mail(*, limit: int, mail_url: str, base_url: str) -> int:
    """Claims up to `limit` due mails in the open transaction and sends them once it is committed; returns how many.

    A server that does not answer costs a try; tries are made with growing pauses (vocabulary.RETRY_AFTER).
    """
    mails = claim_due_mail(limit=limit)
    if mails:
        after_commit(partial(_deliver, mails, mail_url, base_url))
    return len(mails)


def _deliver(mails: list[OutgoingMail], mail_url: str, base_url: str) -> None:
    results = dict.fromkeys(mails, False)
    try:
        with open_postman(mail_url) as postman:
            for mail in mails:
                results[mail] = _carry(postman, mail, base_url)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("the mail server does not answer: %s", type(error).__name__)
    with transaction():
        settle_mail(results=results)


def _carry(postman: Postman, mail: OutgoingMail, base_url: str) -> bool:
    try:
        postman.carry(compose(mail, base_url=base_url))
    except smtplib.SMTPServerDisconnected:
        raise
    except (OSError, smtplib.SMTPException, ValueError) as error:
        # ValueError: an address that is none. The reason's text may hold it, so only its kind is logged.
        log.warning("mail of notification %s was not sent: %s", mail.notification_id, type(error).__name__)
        return False
    return True
