"""How far the mail of a notification has come, and when it is tried again."""

from datetime import timedelta
from enum import StrEnum
from typing import Final


class MailStatus(StrEnum):
    """NONE: no mail is meant, or the person has no address."""

    NONE = "none"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


RETRY_AFTER: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
"""Pauses between tries; after the last one the mail has failed, the notification itself stays."""
LEASE: Final = timedelta(minutes=10)
"""A worker that took a mail and did not report within this time is taken for dead."""
UNREAD_CEILING: Final = 1_000
