"""Absences and substitutes (AB角); contents to be swept

Revision ID: absences_and_substitutes
Revises: 0001
Create Date: 2026-11-28 11:20:00

"""

import sqlalchemy as sa
from alembic import op

revision = "absences_and_substitutes"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "absence",
        sa.Column("id", big_id, autoincrement=True, nullable=False),
        sa.Column("user_id", big_id, nullable=False),
        sa.Column("substitute_id", big_id, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_absence_days_in_order")),
        sa.CheckConstraint("user_id <> substitute_id", name=op.f("ck_absence_somebody_else")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_absence_user_id_user_account")),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["user_account.id"], name=op.f("fk_absence_substitute_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index("ix_absence_substitute", ["substitute_id", "ends_on"], unique=False)
        batch_op.create_index("ix_absence_user", ["user_id", "ends_on"], unique=False)

    op.create_table(
        "swept_content",
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_swept_content_attempts_count")),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_swept_content")),
    )
    with op.batch_alter_table("swept_content", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_swept_content_due_at"), ["due_at"], unique=False)


def downgrade():
    with op.batch_alter_table("swept_content", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_swept_content_due_at"))

    op.drop_table("swept_content")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index("ix_absence_user")
        batch_op.drop_index("ix_absence_substitute")

    op.drop_table("absence")
