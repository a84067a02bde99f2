"""Set moves: items know the line of history that opened or closed them; chunks walk an index in order of id

Revision ID: set_moves
Revises: migrations_of_instances

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "set_moves"
down_revision = "migrations_of_instances"
branch_labels = None
depends_on = None

BATCH = ["batch_id", "status", "definition_id", "state_id"]


def upgrade():
    with op.batch_alter_table("work_item", schema=None) as batch_op:
        for column in ("opened_by_event", "closed_by_event"):
            batch_op.add_column(sa.Column(column, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
    with op.batch_alter_table("process_instance", schema=None) as batch_op:
        batch_op.drop_index("ix_process_instance_batch")
        batch_op.create_index("ix_process_instance_batch", [*BATCH, "id"], unique=False)


def downgrade():
    with op.batch_alter_table("process_instance", schema=None) as batch_op:
        batch_op.drop_index("ix_process_instance_batch")
        batch_op.create_index("ix_process_instance_batch", BATCH, unique=False)
    with op.batch_alter_table("work_item", schema=None) as batch_op:
        for column in ("closed_by_event", "opened_by_event"):
            batch_op.drop_column(column)
