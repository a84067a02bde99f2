"""A job says when it may run only where it waits for its next try

Revision ID: jobs_at_once
Revises: operations
Create Date: 2026-11-30 21:15:00

"""

import sqlalchemy as sa
from alembic import op

revision = "jobs_at_once"
down_revision = "operations"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("job") as table:
        table.alter_column("run_after", existing_type=sa.DateTime(), nullable=True)
    op.execute("UPDATE job SET run_after = NULL WHERE attempts = 0")


def downgrade():
    op.execute("UPDATE job SET run_after = created_at WHERE run_after IS NULL")
    with op.batch_alter_table("job") as table:
        table.alter_column("run_after", existing_type=sa.DateTime(), nullable=False)
