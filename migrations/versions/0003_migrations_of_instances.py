"""Migrations of running instances: what was moved, from where, and when a timer was armed

Revision ID: migrations_of_instances
Revises: absences_and_substitutes
Create Date: 2026-11-28 11:30:00.000000

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "migrations_of_instances"
down_revision = "absences_and_substitutes"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    with op.batch_alter_table("process_timer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("armed_at", sa.DateTime(), nullable=True))

    op.create_table(
        "process_migration",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("definition_id", BIG, nullable=False),
        sa.Column("undoes_id", BIG, nullable=True),
        sa.Column("source_ids", sa.Text(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("job_id", BIG, nullable=True),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("started_by", BIG, nullable=True),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(status = 'done') = (ended_at IS NOT NULL)", name=op.f("ck_process_migration_done_has_end")
        ),
        sa.ForeignKeyConstraint(
            ["definition_id"],
            ["process_definition.id"],
            name=op.f("fk_process_migration_definition_id_process_definition"),
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"],
            ["process_migration.id"],
            name=op.f("fk_process_migration_undoes_id_process_migration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_migration")),
    )
    with op.batch_alter_table("process_migration", schema=None) as batch_op:
        batch_op.create_index("ix_process_migration_key", ["key", "id"], unique=False)

    op.create_table(
        "moved_instance",
        sa.Column("migration_id", BIG, nullable=False),
        sa.Column("instance_id", BIG, nullable=False),
        sa.Column("from_definition_id", BIG, nullable=False),
        sa.Column("from_state_id", BIG, nullable=False),
        sa.Column("to_state_id", BIG, nullable=False),
        sa.Column("timers", sa.Text(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_moved_instance_{column}_{table}"))
            for column, table in (
                ("migration_id", "process_migration"),
                ("instance_id", "process_instance"),
                ("from_definition_id", "process_definition"),
                ("from_state_id", "process_state"),
                ("to_state_id", "process_state"),
            )
        ),
        sa.PrimaryKeyConstraint("migration_id", "instance_id", name=op.f("pk_moved_instance")),
    )
    with op.batch_alter_table("moved_instance", schema=None) as batch_op:
        batch_op.create_index("ix_moved_instance_instance", ["instance_id"], unique=False)


def downgrade():
    op.drop_table("moved_instance")
    op.drop_table("process_migration")
    with op.batch_alter_table("process_timer", schema=None) as batch_op:
        batch_op.drop_column("armed_at")
