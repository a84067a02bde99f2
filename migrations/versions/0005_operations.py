"""Incidents say what was tried and how they ended; a timer and a schedule whose step failed wait for their next try

Revision ID: operations
Revises: set_moves
Create Date: 2026-11-28 11:20:00

"""

import sqlalchemy as sa
from alembic import op

revision = "operations"
down_revision = "set_moves"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NEW = ("reference", "definition_id", "element", "origin", "origin_id", "actor_id", "outcome", "attempts", "last_at",
       "next_try_at", "resolution", "resolved_by", "reason")  # fmt: skip


def upgrade():
    with op.batch_alter_table("incident") as table:
        table.add_column(sa.Column("reference", sa.String(16)))
        table.add_column(sa.Column("definition_id", BIG))
        table.add_column(sa.Column("element", sa.String(64)))
        table.add_column(sa.Column("origin", sa.String(64)))
        table.add_column(sa.Column("origin_id", BIG))
        table.add_column(sa.Column("actor_id", BIG))
        table.add_column(sa.Column("outcome", sa.String(64)))
        table.add_column(sa.Column("attempts", sa.Integer()))
        table.add_column(sa.Column("last_at", sa.DateTime()))
        table.add_column(sa.Column("next_try_at", sa.DateTime()))
        table.add_column(sa.Column("resolution", sa.String(16)))
        table.add_column(sa.Column("resolved_by", BIG))
        table.add_column(sa.Column("reason", sa.String(500)))
    op.execute(
        "UPDATE incident SET reference = 'first-' || id, origin = 'job', attempts = 1, last_at = at, "
        "resolution = CASE WHEN resolved_at IS NULL THEN NULL ELSE 'by_hand' END"
    )
    with op.batch_alter_table("incident") as table:
        for name, kind in (("reference", sa.String(16)), ("origin", sa.String(64)), ("attempts", sa.Integer()),
                           ("last_at", sa.DateTime())):  # fmt: skip
            table.alter_column(name, existing_type=kind, nullable=False)
        table.create_unique_constraint(op.f("uq_incident_reference"), ["reference"])
        table.create_check_constraint(
            op.f("ck_incident_resolved_has_resolution"), "(resolved_at IS NULL) = (resolution IS NULL)"
        )
        table.create_index("ix_incident_origin", ["origin", "origin_id"])
    for name in ("process_timer", "process_schedule"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("retry_at", sa.DateTime()))
    op.create_table(
        "stuck_finding",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("instance_id", BIG),
        sa.Column("node", sa.String(64)),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_stuck_finding_found_something")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stuck_finding")),
    )
    op.create_index(op.f("ix_stuck_finding_instance_id"), "stuck_finding", ["instance_id"])
    op.create_table(
        "stuck_check",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stuck_check")),
    )


def downgrade():
    op.drop_table("stuck_check")
    op.drop_table("stuck_finding")
    for name in ("process_timer", "process_schedule"):
        with op.batch_alter_table(name) as table:
            table.drop_column("retry_at")
    with op.batch_alter_table("incident") as table:
        table.drop_index("ix_incident_origin")
        table.drop_constraint(op.f("ck_incident_resolved_has_resolution"), type_="check")
        table.drop_constraint(op.f("uq_incident_reference"), type_="unique")
        for name in NEW:
            table.drop_column(name)
