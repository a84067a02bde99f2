"""Which home a role has. A person of several roles sees the first one's and may switch."""

from collections.abc import Callable, Mapping

from flask import url_for

from app.accounts.vocabulary import Role
from app.dashboard.blocks import Home
from app.dashboard.common import (
    Present,
    first_step,
    messages_block,
    queue_block,
    queue_words,
    read_waiting,
    today_words,
)
from app.dashboard.homes.auditors import city_home, national_home, province_home
from app.dashboard.homes.contacts import contact_home
from app.dashboard.homes.filers import filer_home
from app.dashboard.homes.leaders import leader_home
from app.dashboard.homes.managers import manager_home
from app.dashboard.homes.objections import handler_home
from app.dashboard.homes.panels import expert_home, secretary_home, supervisor_home
from app.dashboard.homes.province_leaders import province_leader_home
from app.dashboard.homes.raters import rater_home
from app.dashboard.homes.security import audit_home, sec_home
from app.dashboard.homes.systems import designer_home, sys_home
from app.kernel.actor import Actor
from app.web.locale import pick

HOMES: Mapping[Role, Callable[[Present], Home]] = {
    Role.MANAGER: manager_home,
    Role.LEADER: leader_home,
    Role.NATIONAL_AUDITOR: national_home,
    Role.PROVINCE_CONTACT: contact_home,
    Role.PROVINCE_AUDITOR: province_home,
    Role.PROVINCE_LEADER: province_leader_home,
    Role.CITY_AUDITOR: city_home,
    Role.SECRETARY: secretary_home,
    Role.SUPERVISOR: supervisor_home,
    Role.OBJECTION_HANDLER: handler_home,
    Role.CHAIR: expert_home,
    Role.EXPERT: expert_home,
    Role.FILER: filer_home,
    Role.RATER: rater_home,
    Role.GOV_USER: rater_home,
    Role.DESIGNER: designer_home,
    Role.SYS_ADMIN: sys_home,
    Role.SEC_ADMIN: sec_home,
    Role.AUDIT_ADMIN: audit_home,
}


def roles_with_home(actor: Actor) -> list[Role]:
    """The person's roles in the order in which they were granted, one for each home."""
    found: dict[Callable[[Present], Home], Role] = {}
    for grant in actor.grants:
        role = Role(grant.role)
        found.setdefault(HOMES[role], role)
    return list(found.values())


def build_home(role: Role | None, present: Present) -> Home:
    """The home of a role; of nobody's role in particular: what waits, and messages."""
    return HOMES[role](present) if role is not None else _plain_home(present)


def _plain_home(present: Present) -> Home:
    waiting = read_waiting(present.actor)
    return Home(
        title=pick("首页", "Home"),
        summary=today_words() + queue_words(waiting.count),
        next=first_step(waiting),
        line=present.line,
        actions=[("person-circle", pick("我的账户", "My account"), url_for("accounts.account"))],
        blocks=[queue_block(waiting, title=pick("待办", "To do")), messages_block(present.actor)],
    )
