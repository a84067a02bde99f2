"""Words of the announcements room."""

from enum import StrEnum
from typing import Final

SUBJECT: Final = "candidacy"
"""An objection is about an item: its process has the candidacy as its subject, so that throws reach the award."""
PROCESS: Final = "objection"
OBJECTION: Final = "objection"
"""Owner type of the files that an objector handed in."""
ANNOUNCEMENT: Final = "announcement"
"""Owner type of the files of an announcement."""
DRAFT: Final = "announcement_draft"
"""Owner type of the sealed document while it is being registered."""
ISSUER_ZH: Final = "专利导航评价办公室"
ISSUER_EN: Final = "Patent Navigation Evaluation Office"


class AnnouncementKind(StrEnum):
    START = "start"
    PUBLIC_NOTICE = "public_notice"
    COMMENDATION = "commendation"
    RANKING = "ranking"
    SUPPLEMENT = "supplement"
    CORRECTION = "correction"


KIND_NAMES: Final = {
    AnnouncementKind.START: ("启动通知", "Start"),
    AnnouncementKind.PUBLIC_NOTICE: ("公示", "Public notice"),
    AnnouncementKind.COMMENDATION: ("通报", "Commendation"),
    AnnouncementKind.RANKING: ("评价结果", "Result"),
    AnnouncementKind.SUPPLEMENT: ("补充公布", "Supplement"),
    AnnouncementKind.CORRECTION: ("更正", "Correction"),
}


class ItemStatus(StrEnum):
    """What has become of a line of the public notice."""

    LISTED = "listed"
    HELD = "held"
    REMOVED = "removed"
    CORRECTED = "corrected"


class ObjectorKind(StrEnum):
    """As in forms/objection.form: a person signs, an organisation seals (E9)."""

    PERSON = "person"
    ORGANISATION = "organisation"


class ObjectionKind(StrEnum):
    SUBSTANTIVE = "SUBSTANTIVE"
    NON_SUBSTANTIVE = "NON_SUBSTANTIVE"


class ObjectionStatus(StrEnum):
    """How far an objection has come. The first two are open, before acceptance."""

    REGISTERED = "registered"
    SUPPLEMENT_ASKED = "supplement_asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DECIDED = "decided"


UNCHECKED: Final = frozenset({ObjectionStatus.REGISTERED, ObjectionStatus.SUPPLEMENT_ASKED})
OPEN: Final = UNCHECKED | {ObjectionStatus.ACCEPTED}


class Decision(StrEnum):
    """Outcomes of the task `decide`; a withdrawn objection counts as dismissed."""

    UPHOLD = "uphold"
    UPHOLD_IN_PART = "uphold_in_part"
    DISMISS = "dismiss"


class ItemDecision(StrEnum):
    """What follows for the item from all its accepted objections; gateways of objection.bpmn read these."""

    PENDING = "pending"
    UPHOLD = "uphold"
    PART = "part"
    DISMISS = "dismiss"


class Ground(StrEnum):
    """Why an objection was not accepted, as in forms/objection_check.form."""

    ANONYMOUS = "anonymous"
    NO_EVIDENCE = "no_evidence"
    LATE = "late"
    JUDGEMENT = "judgement"
    OTHER = "other"


REPORT_TYPE_ORDER: Final = ("REGION", "INDUSTRY", "ENTERPRISE", "RND", "TALENT")
