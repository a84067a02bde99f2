"""Settings of the program. This is the only place that reads the environment; .env.example lists every name."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VAR = ROOT / "var"
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Settings:
    """Everything that an operator may set, with the defaults of a first start on one machine."""

    database_url: str = f"sqlite:///{VAR / 'lodestar.db'}"
    host: str = "127.0.0.1"
    port: int = 8000
    secret_key: str = ""
    demo: bool = True
    demo_password: str = "lodestar-demo"  # noqa: S105 -- printed on the sign-in page; refused on reachable hosts
    demo_password_chosen: bool = False
    storage_url: str = f"file://{VAR / 'files'}"
    mail_url: str = f"file://{VAR / 'mail'}"
    locale: str = "zh"
    upload_limit_mb: int = 100
    rate_limits: bool = True
    web_processes: int = 1
    web_threads: int = 8

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in LOOPBACK_HOSTS

    @property
    def demo_accounts_allowed(self) -> bool:
        """Demo accounts share a known password: on a reachable host they are refused unless the operator chose it."""
        return self.is_loopback or self.demo_password_chosen


def read_settings() -> Settings:
    """The settings of this process, from its environment."""
    env = os.environ
    return Settings(
        database_url=_sqlalchemy_url(env.get("DATABASE_URL", Settings.database_url)),
        host=env.get("HOST", Settings.host),
        port=int(env.get("PORT", Settings.port)),
        secret_key=env.get("SECRET_KEY") or _kept_secret_key(),
        demo=env.get("DEMO", "1") != "0",
        demo_password=env.get("DEMO_PASSWORD") or Settings.demo_password,
        demo_password_chosen=bool(env.get("DEMO_PASSWORD")),
        storage_url=env.get("STORAGE_URL", Settings.storage_url),
        mail_url=env.get("MAIL_URL", Settings.mail_url),
        locale=env.get("LOCALE", Settings.locale),
        upload_limit_mb=int(env.get("UPLOAD_LIMIT_MB", Settings.upload_limit_mb)),
        rate_limits=env.get("RATE_LIMITS", "1") != "0",
        web_processes=int(env.get("WEB_PROCESSES", Settings.web_processes)),
        web_threads=int(env.get("WEB_THREADS", Settings.web_threads)),
    )


def test_postgres_url() -> str:
    """Where the tests look for PostgreSQL."""
    return _sqlalchemy_url(os.environ.get("TEST_POSTGRES_URL", "postgresql://127.0.0.1:5432/test"))


def is_ci() -> bool:
    """Whether leaving a part of the tests out counts as a failure."""
    return os.environ.get("CI") == "true"


def _sqlalchemy_url(url: str) -> str:
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _kept_secret_key() -> str:
    """A key made at the first start and kept beside the database, so that sessions survive a restart."""
    path = VAR / "secret_key"
    if not path.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
