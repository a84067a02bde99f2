"""Migrations run against the application's own database and models."""

from logging.config import fileConfig

from alembic import context
from flask import current_app
from sqlalchemy.types import TypeDecorator

config = context.config
if config.config_file_name is not None:
    fileConfig(config.config_file_name, disable_existing_loggers=False)

database = current_app.extensions["migrate"].db


def render_plain(kind, item, autogen_context):
    """A migration names the plain column type behind ours: it must stay readable when our classes change."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def run() -> None:
    """Runs the migrations in one transaction, where the database can."""
    with database.engine.begin() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            render_item=render_plain,
            compare_type=False,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
