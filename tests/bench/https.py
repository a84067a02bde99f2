"""A completion through a real server, beside the same route without an engine in the same server."""

from collections.abc import Iterator
from statistics import median

from flask import current_app
from sqlalchemy import select

from app.accounts.usecases import issue_token, load_regions
from app.accounts.vocabulary import Role
from app.formdefs.usecases import deploy_form
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.deploying import deploy_definition
from app.processes.doors import Subject
from app.processes.models import WorkItem
from app.processes.starting import start_instance
from config import ROOT
from tests.bench.houses import fresh_house
from tests.bench.result import Result, seconds_of
from tests.bench.sizes import Size
from tests.factories.accounts import make_actor
from tests.support.diagrams import boundary_timer, diagram, end, flows, start, user
from tests.support.real import Caller, Web

GOAL = 1.3
OUTCOMES = "approve,reject"
AUDIT = diagram(
    "audit_case",
    start()
    + user("prov_audit", outcomes=OUTCOMES, attributes='lodestar:form="bench_opinion" lodestar:dueWorkdays="3"')
    + user("confirm", attributes='lodestar:notBy="prov_audit" lodestar:dueWorkdays="3"')
    + boundary_timer("late", attached_to="confirm", text="P10D", interrupting=False) + end("told") + end()
    + flows("begin>prov_audit", "prov_audit>confirm", "confirm>end", "late>told"),
    lanes={"province_auditor": "prov_audit confirm"},
)  # fmt: skip
ANSWER = {"outcome": "approve", "values": {"opinion": "材料齐全，分析方法得当，结论有据。"}}


def run(database: str, size: Size) -> Iterator[Result]:
    """Request by request in turn; medians."""
    with fresh_house(database, "http"):
        auditor, token = furnish()
        ids = start_cases(auditor, 2 * (warm_up(size) + size.completions))
        web = Web.of(current_app.config["SETTINGS"], app="tests.bench.floor:with_floor()")
        web.start()
        try:
            web.wait_until_up()
            value, floor = _measure(Caller(web.port, token), ids, warm_up(size))
        finally:
            web.kill()
        yield Result("http completion", value * 1_000, "ms", floor * 1_000, GOAL, database)


def furnish() -> tuple[Actor, str]:
    """An auditor with a token, and the process whose first step is completed."""
    designer = make_actor(Role.DESIGNER)
    auditor = make_actor(Role.PROVINCE_AUDITOR, scope_code="370000")
    schema = (ROOT / "forms" / "audit_opinion.form").read_bytes().replace(b'"audit_opinion"', b'"bench_opinion"')
    with transaction():
        load_regions()
        deploy_form(key="bench_opinion", schema=schema, actor=designer)  # under a name that no room answers to
        deploy_definition(xml=AUDIT, note="bench", actor=designer)
        token, _ = issue_token(user_id=auditor.id or 0)
    return auditor, token


def warm_up(size: Size) -> int:
    """Completions of each kind before the clock counts."""
    return size.completions // 8 + 1


def start_cases(actor: Actor, count: int) -> list[int]:
    """Instances that wait at their first step; the ids of their items."""
    for number in range(count):
        with transaction():
            subject = Subject("case", number)
            start_instance(
                process="audit_case", subject=subject, title=f"成果 {number}", actor=actor, province_code="370000"
            )
    ids = list(session.scalars(select(WorkItem.id).where(WorkItem.node == "prov_audit").order_by(WorkItem.id)))
    session.rollback()
    return ids


def _measure(caller: Caller, ids: list[int], warm: int) -> tuple[float, float]:
    taken: tuple[list[float], list[float]] = ([], [])
    for number, item_id in enumerate(ids):
        place = (number + number // 2) % 2  # ours, floor, floor, ours, …
        path = (f"/api/v1/work-items/{item_id}/complete", f"/api/floor/{item_id}/complete")[place]
        taken[place].append(seconds_of(lambda: _complete(caller, path, f"bench-{item_id}")))  # noqa: B023 -- called at once
    return median(taken[0][warm:]), median(taken[1][warm:])


def _complete(caller: Caller, path: str, key: str) -> None:
    status, answer = caller.post(path, ANSWER, key=key)
    if status != 200:
        raise RuntimeError(f"{path}: {status} {answer}")
