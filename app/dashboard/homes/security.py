"""Homes of the security and of the audit administrator: who may what, and who did what."""

from collections.abc import Sequence
from datetime import timedelta

from flask import url_for
from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import RoleGrant, User
from app.accounts.vocabulary import ROLE_NAMES, Role, UserStatus
from app.audit.models import AuditEntry, AuditSealing
from app.audit.sealing import last_seal
from app.dashboard.acts import ACTS
from app.dashboard.blocks import Cell, Home, NextStep, Row, Rows, Table
from app.dashboard.common import Present, plural, today_words
from app.kernel import clock
from app.kernel.db import session
from app.web.dates import moment_text
from app.web.locale import current_locale, pick

ADMINISTRATORS = (Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN)
"""三员: one person never holds two of them (domain.md, section d)."""
PRIVILEGED = (Role.MANAGER, Role.LEADER, Role.NATIONAL_AUDITOR, Role.SECRETARY, Role.DESIGNER, *ADMINISTRATORS)
WEEK = timedelta(days=7)
SHOWN = 12


def sec_home(present: Present) -> Home:  # noqa: ARG001 -- every home is built from the present; this one has no business content
    """Grants by role, people who hold what must be apart, sign-in anomalies."""
    grants = dict(
        session.execute(
            select(RoleGrant.role, func.count(func.distinct(RoleGrant.user_id)))
            .join(User, User.id == RoleGrant.user_id)
            .where(User.status == UserStatus.ACTIVE)
            .group_by(RoleGrant.role)
        ).all()
    )
    clashes = _clashing()
    failing = session.scalars(
        select(User)
        .where(or_(User.failed_count > 0, User.locked_until > clock.now()))
        .order_by(User.failed_count.desc(), User.id)
        .limit(SHOWN)
    ).all()
    rows = [
        Row(
            title=pick(*ROLE_NAMES[role]),
            figure=pick(f"{grants.get(role, 0)}人", str(grants.get(role, 0))),
            figure_href=url_for("board.holders", role=role.value) if grants.get(role) else None,
            strong=False,
        )
        for role in PRIVILEGED
    ]
    words = _sec_words(len(clashes), len(failing))
    return Home(
        title=pick("权限与登录", "Grants and sign-in"),
        summary=today_words() + words,
        next=_sec_next(len(clashes), len(failing)),
        has_road=False,
        blocks=[
            Rows(
                title=pick("应当分设的角色", "Roles that must be apart"),
                count=len(clashes),
                rows=[Row(title=name, small=username, icon="exclamation-triangle-fill") for name, username in clashes],
                empty=pick(
                    "系统、安全、审计管理员均由不同人员担任。", "The three administrators are different people."
                ),
                empty_icon="check-circle-fill",
            ),
            Rows(
                title=pick("登录异常", "Sign-in anomalies"),
                count=len(failing),
                rows=[_failing_row(user) for user in failing],
                empty=pick("没有连续登录失败的账户。", "No account has failed sign-ins."),
                empty_icon="check-circle-fill",
            ),
            Rows(title=pick("重要角色", "Privileged roles"), rows=rows, place="side"),
        ],
    )


def list_holders(role: Role) -> Table:
    """The active accounts that hold a role, with their other roles."""
    holding = select(RoleGrant.user_id).where(RoleGrant.role == role)
    users = session.scalars(
        select(User)
        .options(selectinload(User.grants), joinedload(User.organisation))
        .where(User.id.in_(holding), User.status == UserStatus.ACTIVE)
        .order_by(User.id)
    ).all()
    rows = [
        [
            Cell(text=user.name, small=user.username),
            Cell(text=user.organisation.name if user.organisation else "—"),
            Cell(
                text=pick("、", ", ").join(
                    dict.fromkeys(pick(*ROLE_NAMES[Role(grant.role)]) for grant in user.grants if grant.role != role)
                )
                or "—"
            ),
        ]
        for user in users
    ]
    return Table(
        title=pick(*ROLE_NAMES[role]),
        count=len(rows),
        columns=[
            (pick("姓名与账户", "Name and account"), ""),
            (pick("单位", "Organisation"), ""),
            (pick("其他角色", "Other roles"), ""),
        ],
        rows=rows,
        empty=pick("目前没有人持有该角色。", "Nobody holds this role."),
    )


def _sec_words(clashes: int, failing: int) -> str:
    if not clashes and not failing:
        return pick("没有兼任的管理员，也没有登录异常。", "No clashing roles and no failed sign-ins.")
    return pick(
        f"{clashes}人兼任应当分设的角色，{failing}个账户有登录异常。",
        f"{plural(clashes, 'person holds', 'people hold')} roles that must be apart; "
        f"{plural(failing, 'account', 'accounts')} with failed sign-ins.",
    )


def _clashing() -> Sequence[tuple[str, str]]:
    """People who hold two of the three administrators' roles: (name, user name)."""
    held = (
        select(RoleGrant.user_id)
        .where(RoleGrant.role.in_(ADMINISTRATORS))
        .group_by(RoleGrant.user_id)
        .having(func.count(func.distinct(RoleGrant.role)) > 1)
    )
    query = select(User.name, User.username).where(User.id.in_(held), User.status == UserStatus.ACTIVE)
    return [(name, username) for name, username in session.execute(query.order_by(User.id))]


def _failing_row(user: User) -> Row:
    small = pick(f"连续失败{user.failed_count}次", f"{plural(user.failed_count, 'failure', 'failures')} in a row")
    if user.locked_until and user.locked_until > clock.now():
        until = moment_text(user.locked_until, current_locale())
        small = pick(f"锁定至{until}", f"locked until {until}")
    return Row(title=user.username, small=small, icon="shield-lock", strong=False)


def _sec_next(clashes: int, failing: int) -> NextStep:
    if clashes:
        return NextStep(
            title=pick(f"分开{clashes}人兼任的管理员角色", f"Part the roles of {plural(clashes, 'person', 'people')}"),
            why=pick(
                "系统、安全、审计管理员应由不同人员担任。", "System, security and audit belong to different people."
            ),
        )
    if failing:
        return NextStep(
            title=pick("核实登录异常", "Look at failed sign-ins"),
            why=pick("连续5次失败即锁定30分钟。", "Five failures lock an account for 30 minutes."),
            calm=True,
        )
    return NextStep(
        title=pick("目前无需处理", "Nothing to do"),
        why=pick("出现兼任或登录异常时，在此提示。", "Clashing roles and failed sign-ins are shown here."),
        calm=True,
    )


def audit_home(present: Present) -> Home:  # noqa: ARG001 -- every home is built from the present; this one has no business content
    """The chain sealed until; privileged actions of seven days; search and export."""
    seal = last_seal()
    unsealed = session.scalar(
        select(func.count(AuditEntry.id)).where(~exists().where(AuditSealing.entry_id == AuditEntry.id))
    )
    actions = session.execute(
        select(AuditEntry.action, func.count(), func.max(AuditEntry.at))
        .where(AuditEntry.at >= clock.now() - WEEK, AuditEntry.action != "work_item.complete")
        .group_by(AuditEntry.action)
        .order_by(func.count().desc(), AuditEntry.action)
        .limit(SHOWN)
    ).all()
    until = moment_text(seal.at, current_locale()) if seal else None
    sealed = (
        pick(f"日志链封存至{until}", f"The chain is sealed until {until}")
        if until
        else pick("日志尚未封存", "Nothing is sealed yet")
    )
    rows = [
        Row(
            title=ACTS(action),
            small=moment_text(at, current_locale()),
            figure=pick(f"{count}次", str(count)),
            figure_href=url_for("audit_log.index", action=action),
            strong=False,
        )
        for action, count, at in actions
    ]
    return Home(
        title=pick("审计", "Audit"),
        summary=today_words()
        + sealed
        + pick(f"，{unsealed}条待封存。", f", {plural(unsealed or 0, 'entry', 'entries')} to be sealed."),
        next=NextStep(
            title=pick("核验日志链", "Verify the chain"),
            why=pick(
                "重新计算每条记录和每次封存的摘要，发现改动即列出。",
                "Recomputes every hash; what was touched is listed.",
            ),
            button=pick("查看与核验", "Open and verify"),
            href=url_for("audit_log.index"),
            calm=True,
        ),
        has_road=False,
        blocks=[
            Rows(
                title=pick("近7天的操作", "Acts of seven days"),
                note=pick("办理事项除外", "other than completing items"),
                rows=rows,
                empty=pick("近7天没有此类操作。", "None in seven days."),
                link=(pick("查询与导出", "Search and export"), url_for("audit_log.index")),
            ),
            Rows(
                title=pick("封存", "Seals"),
                rows=[Row(title=sealed, small=seal.hash if seal else "", icon="fingerprint")],
                place="side",
            ),
        ],
    )
