"""What a step costs against plain SpiffWorkflow with its spec cached: restore, complete, run on, serialise.

Usage: python -m tests.engine.bench_step
"""

import logging
from collections.abc import Callable
from statistics import median
from time import process_time

import orjson
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

from app.engine import Definition, Event, Transitions, compile_definition, start, step
from app.engine.window import Step, Variables
from tests.engine.plain import Plain, plain_registry, plain_specs
from tests.engine.sketch import draw, flows, timer, users

FILING = draw(
    '<startEvent id="s"/><endEvent id="e"/><endEvent id="lapsed"/><endEvent id="e2"/>'
    '<exclusiveGateway id="g" default="g_a"/><exclusiveGateway id="k" default="k_j"/>'
    '<parallelGateway id="a"/><parallelGateway id="j"/><userTask id="audit" lodestar:outcomes="return,pass"/>'
    '<userTask id="verify" lodestar:outcomes="return,pass"/><serviceTask id="flag" lodestar:operation="a.b"/>'
    + users("correct", "proofs", "sign")
    + timer("late", "correct")
    + timer("slow", "verify", interrupting=False)
    + flows("s -> audit -> g", 'g -> correct : outcome == "return"', "correct -> audit", "g -> a", "late -> lapsed")
    + flows("a -> verify -> k", 'k -> verify : outcome == "return"', "k -> j", "a -> proofs -> j", "j -> sign -> e")
    + flows("slow -> flag -> e2")
)
PATH = (("audit", "pass"), ("proofs", None), ("verify", "pass"), ("sign", None))
"""No rework: plain trees grow with every round, which would flatter us."""


def measure(rounds: int = 60) -> dict[str, float]:
    """Median milliseconds of CPU a step over the same path: ours, from the transition cache, and plain; their ratios."""
    definition, specs = compile_definition(FILING), plain_specs(FILING)
    registry = plain_registry(specs)
    for name in ("spiff.task", "spiff.workflow"):  # at level 0 the library collects its log extras in vain
        logging.getLogger(name).setLevel(logging.WARNING)
    known = Transitions()
    ours, cached, plain = [], [], []
    for _ in range(rounds):
        ours.append(_walk(definition, step))
        cached.append(_walk(definition, known.step))
        plain.append(_walk_plain(specs, registry))
    ours_ms, cached_ms, plain_ms = (1_000 * median(times) / len(PATH) for times in (ours, cached, plain))
    return {
        "ours_ms": ours_ms,
        "cached_ms": cached_ms,
        "plain_ms": plain_ms,
        "ratio": ours_ms / plain_ms,
        "cached_ratio": cached_ms / plain_ms,
    }


def _walk(definition: Definition, take: Callable[[Definition, str, Event, Variables], Step]) -> float:
    now = start(definition, {})
    began = process_time()
    for node, outcome in PATH:
        now = take(definition, now.state or "", Event("complete", node, {"outcome": outcome}), now.variables)
    return process_time() - began


def _walk_plain(specs: object, registry: BpmnWorkflowSerializer) -> float:
    first = Plain(specs, {})
    text, seconds = orjson.dumps(registry.convert(first.workflow)), 0.0
    for node, outcome in PATH:
        began = process_time()
        workflow: BpmnWorkflow = registry.restore(orjson.loads(text))
        workflow.script_engine = first.scripts
        first.scripts.outcome = outcome
        workflow.get_next_task(state=TaskState.READY, spec_name=node).run()
        workflow.do_engine_steps()
        text = orjson.dumps(registry.convert(workflow))
        seconds += process_time() - began
    assert workflow.completed
    return seconds


if __name__ == "__main__":
    print(measure())  # noqa: T201 -- what the script is for
