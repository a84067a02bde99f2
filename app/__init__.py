"""Lodestar (北辰评审): the yearly expert review of patent-navigation results, driven by BPMN."""

from flask import Flask

from app import cli, wiring
from app.kernel.db import db
from config import Settings, read_settings


def create_app(settings: Settings | None = None) -> Flask:
    """The application with every room plugged in; `settings` default to the environment's."""
    settings = settings or read_settings()
    app = Flask(__name__, template_folder=None, static_folder=None)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": True},
        MAX_CONTENT_LENGTH=settings.upload_limit_mb * 1024 * 1024 + 64 * 1024,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="lodestar",
    )
    db.init_app(app)
    wiring.plug_in(app)
    cli.register(app)
    return app
