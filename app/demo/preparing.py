"""From an empty folder to a house that can be shown: schema, base data, flows, and a demo round where nothing is yet."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.usecases import create_user, grant_role, hash_password, load_regions
from app.accounts.vocabulary import Role
from app.demo.load import load_demo
from app.domains.usecases import load_domains
from app.formdefs.usecases import deploy_forms
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.deploying import deploy_all
from app.rounds.usecases import load_programmes
from config import ROOT, VAR, Settings

WORKFLOWS = ROOT / "workflows"
FORMS = ROOT / "forms"
ADMINISTRATION = (Role.SYS_ADMIN, Role.SEC_ADMIN, Role.DESIGNER)


@dataclass(slots=True)
class Welcome:
    """What the operator is told after the start."""

    lines: list[str] = field(default_factory=list)


def prepare(*, settings: Settings) -> Welcome:
    """Migrates the database, deploys forms and flows that changed, and fills an empty one with the demo."""
    set_up()
    empty = is_empty()
    welcome = Welcome()
    if empty and settings.demo:
        load_demo(size="small", seed=1, password=settings.demo_password)
    elif empty:
        welcome.lines += _open_administrator()
    if settings.demo:
        welcome.lines += _name_accounts(settings)
    return welcome


def is_empty() -> bool:
    """Whether nobody lives here yet."""
    empty = session.scalar(select(User.id).limit(1)) is None
    session.rollback()
    return empty


def set_up() -> None:
    """The schema as the program wants it, and what ships with the program."""
    VAR.mkdir(parents=True, exist_ok=True)
    upgrade()
    install()


def install() -> None:
    """Base data, forms, decision tables and definitions, as they stand in the folders; what is there already stays."""
    with transaction():
        load_regions()
        load_domains()
        load_programmes()
        deploy_forms(folder=FORMS, actor=SYSTEM)
    with transaction():
        deploy_all(
            diagrams=_read(WORKFLOWS.glob("*.bpmn")),
            tables=_read(WORKFLOWS.glob("*.dmn")),
            note="随程序发布",
            actor=SYSTEM,
        )


def _read(paths: Iterable[Path]) -> list[bytes]:
    return [path.read_bytes() for path in sorted(paths)]


def _open_administrator() -> list[str]:
    password = secrets.token_urlsafe(12)
    with transaction():
        user = create_user(username="admin", name="管理员", password_hash=hash_password(password))
        for role in ADMINISTRATION:
            grant_role(user=user, role=role)
    return [f"admin / {password}   （仅显示一次 shown once）"]


def _name_accounts(settings: Settings) -> list[str]:
    if not settings.demo_accounts_allowed:
        return [
            "演示账户停用：HOST不是本机地址。设置DEMO_PASSWORD后可用。",
            "Demo accounts are refused: HOST is not loopback. Set DEMO_PASSWORD to allow them.",
        ]
    names = " ".join(role.value for role in Role)
    return [f"演示账户 demo accounts, password {settings.demo_password}:", names]
