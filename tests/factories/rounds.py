"""Rounds for tests: a short road of its own programme, with the nodes of the long one."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from lxml import etree

from app.accounts.vocabulary import Role
from app.formdefs.usecases import deploy_form
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.deploying import known_references
from app.rounds.models import Programme
from app.rounds.usecases import create_round
from tests.factories.accounts import make_actor
from tests.support.diagrams import diagram, end, flows, gateway, service, stage_timer, start, user
from tests.support.proofs import deploy_proven

PROGRAMME = "short"
STARTS_ON = date(2026, 3, 23)
SHORT_ROUND = diagram(
    "short_round",
    start()
    + user("setup", outcomes="submit,cancel", attributes='lodestar:form="round"')
    + gateway("after_setup", default="f2_after_setup_freeze")
    + service("freeze", "rounds.freeze_parameters")
    + stage_timer("filing_ends", stage="filing")
    + service("cut", "rounds.close_attribution")
    + gateway("to_tail")
    + stage_timer("audit_tail_ends", stage="audit_tail")
    + user("tail", outcomes="extend,move_to_next_round", attributes='lodestar:form="unfinished_list"')
    + gateway("after_tail", default="f10_after_tail_ready")
    + user("ready", attributes='lodestar:form="readiness"')
    + stage_timer("screening_ends", stage="screening")
    + end("closed")
    + end("cancelled")
    + flows(
        "begin>setup",
        "setup>after_setup",
        "after_setup>freeze",
        'after_setup>cancelled?outcome == "cancel"',
        "freeze>filing_ends",
        "filing_ends>cut",
        "cut>to_tail",
        "to_tail>audit_tail_ends",
        "audit_tail_ends>tail",
        "tail>after_tail",
        "after_tail>ready",
        'after_tail>to_tail?outcome == "extend"',
        "ready>screening_ends",
        "screening_ends>closed",
    ),
    lanes={"manager": "setup tail ready"},
)


def make_manager() -> Actor:
    return make_actor(Role.MANAGER)


def deploy_forms_of(*keys: str) -> None:
    """Deploys these forms of the project."""
    designer = make_actor(Role.DESIGNER)
    with transaction():
        for key in keys:
            deploy_form(key=key, schema=Path("forms", f"{key}.form").read_bytes(), actor=designer)


def deploy_process(xml: bytes) -> None:
    """Deploys a diagram whose calls into rooms above are not there: it is only walked as far as they are not needed."""
    designer = make_actor(Role.DESIGNER)
    with transaction():
        known = known_references()
        root = etree.fromstring(xml)
        named = {
            name: frozenset(element.get(attribute) for element in root.iter() if element.get(attribute))
            for name, attribute in (
                ("operations", "{http://lodestar.review/schema/bpmn}operation"),
                ("collections", "{http://lodestar.review/schema/bpmn}collection"),
                ("processes", "calledElement"),
            )
        }
        references = replace(known, **{name: getattr(known, name) | more for name, more in named.items()})
        deploy_proven(xml=xml, actor=designer, references=references)


def make_round(*, manager: Actor | None = None, name: str = "2026年度评价周期", **more: Any) -> int:
    """A round on the short road, in set-up; returns its id."""
    if session.get(Programme, PROGRAMME) is None:
        deploy_forms_of("round", "unfinished_list", "readiness")
        deploy_process(SHORT_ROUND)
        with transaction():
            session.add(
                Programme(
                    code=PROGRAMME,
                    name_zh="短流程评价",
                    name_en="Short evaluation",
                    object_type="PROVINCE",
                    process_key="short_round",
                )
            )
    creator = manager or make_manager()
    with transaction():
        made = create_round(
            programme=PROGRAMME,
            name=name,
            starts_on=more.pop("starts_on", STARTS_ON),
            actor=creator,
            **more,
        )
        return made.id
