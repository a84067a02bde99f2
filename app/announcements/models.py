"""Tables of the announcements room. What was published is never changed: corrections are announcements of their own."""

from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.announcements.vocabulary import ItemStatus, ObjectionStatus
from app.kernel.db import Base, BigId, Code, JsonText, LongText, Moment, Name, PrimaryKey, UtcDateTime


class Announcement(Base):
    """公告: a start notice, public notice, commendation, result, supplement or correction of a round."""

    __tablename__ = "announcement"
    __table_args__ = (
        Index("ix_announcement_published", "published_at", "id"),
        Index("ix_announcement_round_kind", "round_id", "kind", "id"),
        CheckConstraint("(list_json IS NULL) = (list_sha256 IS NULL)", name="list_has_hash"),
    )

    id: Mapped[PrimaryKey]
    kind: Mapped[Code]
    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_round.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("announcement.id"))
    """The announcement that a supplement or correction belongs to."""
    title: Mapped[Name]
    title_en: Mapped[Name] = mapped_column(default="")
    body: Mapped[Any] = mapped_column(JsonText)
    """{"zh": [paragraphs], "en": [paragraphs]}; English may be missing where a person wrote the text."""
    document_number: Mapped[str] = mapped_column(String(100), default="")
    issued_on: Mapped[date] = mapped_column(Date)
    published_at: Mapped[Moment]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    """When the public notice ended; objections that come later are late."""
    list_json: Mapped[str | None] = mapped_column(Text)
    """The frozen list as canonical JSON, byte for byte what the hash was taken over."""
    list_sha256: Mapped[str | None] = mapped_column(String(64))
    published_by: Mapped[int | None] = mapped_column(BigId)

    @property
    def frozen_lines(self) -> list[dict[str, Any]]:
        """The lines of the list as they were published; none where there is no list."""
        return list(orjson.loads(self.list_json)["items"]) if self.list_json else []


class NoticeItem(Base):
    """A line of a public notice, copied at its opening, and what has become of it since."""

    __tablename__ = "notice_item"
    __table_args__ = (
        UniqueConstraint("announcement_id", "position"),
        UniqueConstraint("announcement_id", "candidacy_id"),
        Index("ix_notice_item_candidacy", "candidacy_id"),
        CheckConstraint("position >= 1", name="position_counts_from_one"),
    )

    id: Mapped[PrimaryKey]
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"))
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"))
    position: Mapped[int]
    filing_number: Mapped[str] = mapped_column(String(40))
    title: Mapped[Name]
    units: Mapped[Any] = mapped_column(JsonText)
    """The names of the completing organisations, in their order."""
    report_type: Mapped[Code]
    province_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    status: Mapped[Code] = mapped_column(default=ItemStatus.LISTED)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    correction: Mapped[str] = mapped_column(String(1000), default="")
    """What was corrected, in words fit for everybody."""
    corrected_title: Mapped[str | None] = mapped_column(String(200))
    corrected_units: Mapped[Any | None] = mapped_column(JsonText)
    announced_id: Mapped[int | None] = mapped_column(ForeignKey("announcement.id"))
    """The commendation or supplement that made it an excellent project."""

    @property
    def shown_title(self) -> str:
        return self.corrected_title or self.title

    @property
    def shown_units(self) -> list[str]:
        return list(self.corrected_units or self.units)


class Objection(Base):
    """异议 to one line of a public notice. Who objects is for the objection handler alone: never list, log or export."""

    __tablename__ = "objection"
    __table_args__ = (
        Index("ix_objection_item", "item_id", "status"),
        Index("ix_objection_status", "status", "received_at"),
        CheckConstraint("status <> 'decided' OR decision IS NOT NULL", name="decided_has_decision"),
        CheckConstraint("status <> 'refused' OR ground IS NOT NULL", name="refused_has_ground"),
    )

    id: Mapped[PrimaryKey]
    receipt_number: Mapped[str] = mapped_column(String(32), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the secret code on the receipt: with it the objector supplements or withdraws."""
    item_id: Mapped[int] = mapped_column(ForeignKey("notice_item.id"))
    instance_id: Mapped[int | None] = mapped_column(BigId, index=True)
    objector_kind: Mapped[Code]
    objector_name: Mapped[Name]
    objector_contact: Mapped[Name]
    objector_identity: Mapped[Name]
    kind: Mapped[Code]
    grounds: Mapped[LongText]
    received_at: Mapped[Moment]
    late: Mapped[bool]
    anonymous: Mapped[bool]
    status: Mapped[Code] = mapped_column(default=ObjectionStatus.REGISTERED)
    supplement_asked: Mapped[str] = mapped_column(String(1000), default="")
    withdrawal_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    withdrawal_reason: Mapped[str] = mapped_column(String(1000), default="")
    ground: Mapped[str | None] = mapped_column(String(64))
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    proposal: Mapped[str | None] = mapped_column(String(64))
    findings: Mapped[str] = mapped_column(Text, default="")
    correction: Mapped[str] = mapped_column(String(1000), default="")
    corrected_title: Mapped[str | None] = mapped_column(String(200))
    corrected_units: Mapped[Any | None] = mapped_column(JsonText)
    decision: Mapped[str | None] = mapped_column(String(64))
    reply: Mapped[str] = mapped_column(String(4000), default="")
    """What the objector is told."""
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class ObjectionSupplement(Base):
    """What an objector added when asked to."""

    __tablename__ = "objection_supplement"

    id: Mapped[PrimaryKey]
    objection_id: Mapped[int] = mapped_column(ForeignKey("objection.id"), index=True)
    text: Mapped[LongText]
    at: Mapped[Moment]


class Certificate(Base):
    """证书 of an excellent project; its hash covers what it says. Revoked ones stay, with the reason."""

    __tablename__ = "certificate"

    id: Mapped[PrimaryKey]
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), unique=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"))
    number: Mapped[str] = mapped_column(String(40), unique=True)
    content: Mapped[Any] = mapped_column(JsonText)
    sha256: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[Moment]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    revocation_reason: Mapped[str] = mapped_column(String(1000), default="")


class CommendationDraft(Base):
    """通报 while it is drafted, signed and registered; publishing copies it into an announcement."""

    __tablename__ = "commendation_draft"

    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_round.id"), primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    document_number: Mapped[str] = mapped_column(String(100), default="")
    issued_on: Mapped[date | None] = mapped_column(Date)
    sealed_file_id: Mapped[int | None] = mapped_column(BigId)
    changed_by: Mapped[int | None] = mapped_column(BigId)
    changed_at: Mapped[Moment]


class Contact(Base):
    """Whom to ask about a round (R-084)."""

    __tablename__ = "round_contact"
    __table_args__ = (UniqueConstraint("round_id", "position"),)

    id: Mapped[PrimaryKey]
    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_round.id"))
    position: Mapped[int]
    name: Mapped[Name]
    phone: Mapped[str] = mapped_column(String(60))
    email: Mapped[str] = mapped_column(String(120), default="")
    hours: Mapped[str] = mapped_column(String(120), default="")


class RoundArchive(Base):
    """归档 (Annex 3): the elements of a closed round with their hashes, frozen as canonical JSON."""

    __tablename__ = "round_archive"

    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_round.id"), primary_key=True, autoincrement=False)
    content_json: Mapped[LongText]
    sha256: Mapped[str] = mapped_column(String(64))
    archived_at: Mapped[Moment]
