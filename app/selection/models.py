"""Tables of the selection room: pool, panels, draws, reviews, proposal."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, BigId, Code, JsonText, LongText, Moment, Name, PrimaryKey, UtcDateTime
from app.selection.vocabulary import PanelStatus, ReviewOrigin, ReviewStatus, SeatStatus

Score = Numeric(7, 2)
Share = Numeric(12, 6)


class PoolEntry(Base):
    """A candidacy before the line: ranks, composite, and why it is in or out (E7)."""

    __tablename__ = "pool_entry"
    __table_args__ = (
        Index("ix_pool_entry_round_rank", "round_id", "rank"),
        CheckConstraint("in_pool = by_line OR manual_reason <> ''", name="manual_has_reason"),
    )

    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), primary_key=True, autoincrement=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_round.id"))
    report_type: Mapped[Code]
    domain_code: Mapped[str] = mapped_column(String(8))
    rank: Mapped[int]
    group_rank: Mapped[int]
    composite: Mapped[Decimal] = mapped_column(Share)
    rating: Mapped[Decimal] = mapped_column(Share)
    """Bayesian mean of the online rating: step 2 of the tie-break."""
    votes: Mapped[int]
    enterprises: Mapped[int]
    by_proofs: Mapped[bool]
    by_line: Mapped[bool]
    in_pool: Mapped[bool]
    reason: Mapped[Code]
    manual_reason: Mapped[str] = mapped_column(String(1000), default="")
    changed_by: Mapped[int | None] = mapped_column(BigId)


class PoolSnapshot(Base):
    """The frozen pool: canonical JSON with its SHA-256, so that the line can be drawn again (E7)."""

    __tablename__ = "pool_snapshot"

    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_round.id"), primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(String(64))
    body: Mapped[LongText]
    frozen_at: Mapped[Moment]
    frozen_by: Mapped[int | None] = mapped_column(BigId)


class Panel(Base):
    """评审组: some industries, an odd number of experts, 15 to 25 items."""

    __tablename__ = "panel"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("size IN (5, 7, 9, 11, 13, 15)", name="size_is_odd"),
    )

    id: Mapped[PrimaryKey]
    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_round.id"))
    number: Mapped[int]
    name: Mapped[Name]
    industries: Mapped[Any] = mapped_column(JsonText)
    """Level-1 domain codes."""
    size: Mapped[int]
    status: Mapped[Code] = mapped_column(default=PanelStatus.FORMING)
    draw_rules: Mapped[Any] = mapped_column(JsonText)
    chair_user_id: Mapped[int | None] = mapped_column(BigId)
    """First accepted member in the order of the lots."""
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    """Scores are locked: sheets can no longer be revised, and members see the ranking."""
    meeting_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    meeting_place: Mapped[str] = mapped_column(String(200), default="")
    opinion: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class PanelItem(Base):
    """An item before a panel, and its result."""

    __tablename__ = "panel_item"
    __table_args__ = (Index("ix_panel_item_panel_rank", "panel_id", "rank"),)

    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), primary_key=True, autoincrement=False)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    score: Mapped[Decimal | None] = mapped_column(Score)
    application: Mapped[Decimal | None] = mapped_column(Score)
    """Mean of the application mark over the valid sheets: step 1 of the tie-break."""
    recommend_share: Mapped[Decimal | None] = mapped_column(Share)
    valid_sheets: Mapped[int] = mapped_column(default=0)
    is_divergent: Mapped[bool] = mapped_column(default=False)
    rank: Mapped[int | None]
    tie_step: Mapped[str | None] = mapped_column(String(16))
    chair_order: Mapped[int | None]
    """The chair's recorded casting order among items that nothing else parts."""


class DrawRecord(Base):
    """抽取记录: what was committed before, what the witness added, and what came out. Never overwritten."""

    __tablename__ = "draw_record"
    __table_args__ = (
        UniqueConstraint("panel_id", "attempt"),
        CheckConstraint("(seed IS NULL) = (drawn_at IS NULL)", name="drawn_has_seed"),
    )

    id: Mapped[PrimaryKey]
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    attempt: Mapped[int]
    algorithm: Mapped[Code]
    inputs: Mapped[LongText]
    """Canonical JSON of rules, items and experts of the domain: the pool that the hash names."""
    pool_hash: Mapped[str] = mapped_column(String(64))
    secret: Mapped[str] = mapped_column(String(64))
    """Told to nobody before the draw."""
    commitment: Mapped[str] = mapped_column(String(64))
    committed_at: Mapped[Moment]
    committed_by: Mapped[int | None] = mapped_column(BigId)
    witness_number: Mapped[str | None] = mapped_column(String(40))
    witness_id: Mapped[int | None] = mapped_column(BigId)
    witness_name: Mapped[str | None] = mapped_column(String(200))
    stopped_reason: Mapped[str | None] = mapped_column(String(1000))
    seed: Mapped[str | None] = mapped_column(String(64))
    result: Mapped[Any | None] = mapped_column(JsonText)
    """{"members", "reserves", "excluded": {expert id: reason}}."""
    drawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class PanelSeat(Base):
    """A drawn expert's place on a panel, or on its reserve list. The list is secret until the result (E8)."""

    __tablename__ = "panel_seat"
    __table_args__ = (
        UniqueConstraint("draw_id", "expert_id"),
        Index("ix_panel_seat_panel", "panel_id", "status", "position"),
        Index("ix_panel_seat_user", "user_id", "status"),
        CheckConstraint("status <> 'accepted' OR answered_at IS NOT NULL", name="accepted_is_answered"),
    )

    id: Mapped[PrimaryKey]
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw_record.id"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"))
    user_id: Mapped[int] = mapped_column(BigId)
    position: Mapped[int]
    """Order of the lots, reserves after members."""
    kind: Mapped[Code]
    status: Mapped[Code] = mapped_column(default=SeatStatus.WAITING)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    pledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    decline_reason: Mapped[str] = mapped_column(String(1000), default="")
    is_present: Mapped[bool] = mapped_column(default=False)
    dissent: Mapped[str] = mapped_column(Text, default="")
    """Written dissent; without it the expert counts as agreeing (政府采购法实施条例 41)."""


class ReviewSeat(Base):
    """An expert's place at one item."""

    __tablename__ = "review_seat"
    __table_args__ = (
        UniqueConstraint("candidacy_id", "panel_seat_id"),
        Index("ix_review_seat_user", "user_id", "status"),
        Index("ix_review_seat_panel", "panel_id", "status"),
        CheckConstraint("(status = 'void') = (void_reason IS NOT NULL)", name="void_has_reason"),
    )

    id: Mapped[PrimaryKey]
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    panel_seat_id: Mapped[int] = mapped_column(ForeignKey("panel_seat.id"))
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), index=True)
    user_id: Mapped[int] = mapped_column(BigId)
    origin: Mapped[Code] = mapped_column(default=ReviewOrigin.ASSIGNMENT)
    status: Mapped[Code] = mapped_column(default=ReviewStatus.ASSIGNED)
    declared_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    void_reason: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[Moment]


class ScoreSheet(Base):
    """评分表: every submission is a row of its own; the last one counts while the seat is not void."""

    __tablename__ = "score_sheet"
    __table_args__ = (
        UniqueConstraint("review_seat_id", "version"),
        CheckConstraint("total >= 0 AND total <= 100", name="total_is_percent"),
    )

    id: Mapped[PrimaryKey]
    review_seat_id: Mapped[int] = mapped_column(ForeignKey("review_seat.id"))
    version: Mapped[int]
    marks: Mapped[Any] = mapped_column(JsonText)
    """{criterion: mark as text}."""
    total: Mapped[Decimal] = mapped_column(Score)
    opinion: Mapped[LongText]
    recommends: Mapped[bool]
    submitted_at: Mapped[Moment]


class Minutes(Base):
    """会议纪要: generated from the records, with its SHA-256; a new opinion makes a new version."""

    __tablename__ = "panel_minutes"
    __table_args__ = (UniqueConstraint("panel_id", "version"),)

    id: Mapped[PrimaryKey]
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    version: Mapped[int]
    text: Mapped[LongText]
    sha256: Mapped[str] = mapped_column(String(64))
    generated_at: Mapped[Moment]


class ProposalEntry(Base):
    """拟评优名单: an item's rank over all panels, what the quota says, and what the manager decided."""

    __tablename__ = "proposal_entry"
    __table_args__ = (
        Index("ix_proposal_entry_round", "round_id", "listed", "rank"),
        CheckConstraint("listed = by_quota OR deviation_reason <> ''", name="deviation_has_reason"),
    )

    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), primary_key=True, autoincrement=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_round.id"))
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    score: Mapped[Decimal | None] = mapped_column(Score)
    rank: Mapped[int | None]
    """None: discussed without rank (too few valid sheets)."""
    tie_step: Mapped[str | None] = mapped_column(String(16))
    by_quota: Mapped[bool]
    reason: Mapped[Code]
    listed: Mapped[bool]
    deviation_reason: Mapped[str] = mapped_column(String(1000), default="")
    changed_by: Mapped[int | None] = mapped_column(BigId)
