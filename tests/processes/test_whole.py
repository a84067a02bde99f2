"""What the proof of a version spared can be reached all the same: moves ask the whole exploration, never a writer's time."""

from random import Random

import pytest
from sqlalchemy import select

from app.engine import DefinitionRefusedError, compile_definition, explore, explore_whole
from app.engine.versions.mapping import Mapped
from app.inbox.usecases import complete_item
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes import whole
from app.processes.kept import forget
from app.processes.migration.impact import Choices, target_of_proof, target_of_version, weigh_impact
from app.processes.migration.migrating import start_migration
from app.processes.migration.models import ProcessMigration
from app.processes.models import Job
from app.processes.operating.failing import record_job_failure
from app.processes.operating.incident_models import Incident
from app.processes.operating.placing import list_moves
from app.processes.queries import get_instance, get_version, open_items_of_instance
from app.processes.whole import NotSeenWholeError, see_whole
from app.processes.worker import work_off
from app.studio.cockpit.operating import Act, act_on, retry
from tests.engine.faulty import process
from tests.support.diagrams import diagram, end, flows, gateway, start, user
from tests.support.invariants import broken_invariants

BRANCHES = 6


def parallel(last: str = "检查") -> bytes:
    """Six branches of two steps: 728 states, of which the proof looks at a dozen."""
    body, lines = gateway("fork", kind="parallel") + gateway("join", kind="parallel"), ["begin>fork", "join>end"]
    for n in range(BRANCHES):
        body += user(f"a{n}") + user(f"b{n}").replace(f'name="b{n}"', f'name="{last}{n}"')
        lines += [f"fork>a{n}", f"a{n}>b{n}", f"b{n}>join"]
    return diagram("wide", start() + body + end() + flows(*lines))


def complete(instance_id: int, node: str, actor) -> None:
    [item] = [one for one in open_items_of_instance(instance_id) if one.node == node]
    with transaction():
        complete_item(item_id=item.id, outcome=None, values={}, actor=actor)


def nodes_of(instance_id: int) -> list[str]:
    session.expire_all()
    return sorted(item.node for item in open_items_of_instance(instance_id))


@pytest.fixture
def ahead(deploy, run, designer, upper_rooms) -> int:
    """A case of which the last branch went first: the proof takes the branches in their order."""
    deploy(parallel())
    instance_id = run("wide")
    complete(instance_id, "a5", designer)
    complete(instance_id, "b5", designer)
    return instance_id


def weigh() -> list[tuple[str, list[str]]]:
    impact = weigh_impact(key="wide", target=target_of_version(get_version("wide")), choices=Choices())
    return [(state.verdict, [obstacle.code for obstacle in state.obstacles]) for state in impact.states]


def migrate(actor) -> ProcessMigration:
    with transaction():
        number = start_migration(row=get_version("wide"), choices=Choices(), note="改名", actor=actor).id
    work_off()
    session.expire_all()
    return session.get_one(ProcessMigration, number)


def test_migration_reaches_what_the_whole_exploration_reaches_on_random_processes(app):
    compared = spared = 0
    for seed in range(70_000, 71_000):
        if compared == 60:
            break
        try:
            definition = compile_definition(process(seed))
        except DefinitionRefusedError:
            continue
        everything = explore_whole(definition, max_states=70, seconds=60)
        if everything.bounded or everything.findings:
            continue
        proof = explore(definition, max_whole=0, seconds=60)
        target = target_of_proof(definition, proof)
        states = [*everything.states, '{"t":["nowhere"]}', *Random(seed).sample(everything.states, 1)]
        reached = {state for state in states if target.confirm(Mapped(state)).verdict == "move"}
        assert (seed, reached) == (seed, set(everything.states))
        compared += 1
        spared += len(proof.states) < len(everything.states)
    assert (compared, spared >= 20) == (60, True), spared


def test_a_proof_tells_that_it_spared_states(deploy):
    wide, narrow = (
        deploy(parallel()),
        deploy(diagram("narrow", start() + user("a") + end() + flows("begin>a", "a>end"))),
    )

    assert (wide.proof["reduced"], wide.proof["states"] < 20) == (True, True)
    assert narrow.proof["reduced"] is False


def test_a_case_in_a_state_that_the_proof_spared_moves(deploy, ahead, designer):
    deploy(parallel("复核"))
    weighed = weigh()
    forget()  # the worker is another process

    migration = migrate(designer)

    assert (weighed, migration.moved) == ([("move", [])], 1)
    assert get_instance(ahead).definition_id == get_version("wide", 2).id
    assert broken_invariants() == []


def test_where_too_many_states_remain_that_is_the_reason(deploy, ahead, designer, monkeypatch):
    monkeypatch.setattr(whole, "WHOLE_SECONDS", 0.0)
    deploy(parallel("复核"))
    weighed = weigh()
    forget()

    migration = migrate(designer)

    assert (weighed, migration.moved, migration.status) == ([("stay", ["not_proven"])], 0, "done")
    assert [job.status for job in session.query(Job).filter_by(kind="migration")] == ["done"]


def test_a_state_that_can_never_be_is_said_to_be_unreachable(deploy, ahead, upper_rooms):
    names = [f"{letter}{n}" for n in range(BRANCHES) for letter in "ab"]
    deploy(diagram("wide", start() + "".join(map(user, names)) + end() + flows(
        *(f"{one}>{after}" for one, after in zip(["begin", *names], [*names, "end"], strict=True)))))  # fmt: skip

    assert weigh() == [("stay", ["not_reachable"])]


def test_nobody_explores_while_others_wait_to_write(ahead):
    definition = compile_definition(parallel("另一"))

    with pytest.raises(NotSeenWholeError), transaction():
        see_whole(definition)
    with_time = see_whole(definition)
    with transaction():
        assert see_whole(definition) is with_time


def test_a_case_is_set_down_where_the_proof_did_not_look(ahead, designer):
    forget()

    results = act_on(Act("move", [ahead], "线下已办", to=["b3"], leaving=["a3"]), actor=designer)

    assert [(one.id, one.error) for one in results] == [(ahead, None)]
    assert nodes_of(ahead) == ["a0", "a1", "a2", "a4", "b3"]
    assert (frozenset({"a4"}), frozenset({"b4"})) in {
        (one.leaves, one.enters) for one in list_moves(get_instance(ahead))
    }
    assert broken_invariants() == []


def test_a_move_that_nobody_could_look_for_says_so(ahead, designer, monkeypatch):
    monkeypatch.setattr(whole, "WHOLE_SECONDS", 0.0)

    [result] = act_on(Act("move", [ahead], "线下已办", to=["b3"], leaving=["a3"]), actor=designer)

    assert result.error is not None
    assert result.error.code == "move_not_seen"


def test_a_migration_tried_again_by_hand_looks_first(deploy, ahead, designer):
    deploy(parallel("复核"))
    with transaction():
        row = get_version("wide")
        job_id = start_migration(row=row, choices=Choices(), note="改名", actor=designer).job_id
    with transaction():
        record_job_failure(job_id=job_id, error=ValueError("the disk was full"))
    [incident] = session.scalars(select(Incident)).all()
    forget()

    retry(incident_id=incident.id, actor=designer)

    session.expire_all()
    assert get_instance(ahead).definition_id == get_version("wide", 2).id
