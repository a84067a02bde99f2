"""The engine: a pure function from state and event to step. Nothing outside this room knows SpiffWorkflow.

definition = compile_definition(xml)
first = start(definition, variables)
next_ = step(definition, first.state, Event("complete", "review", {"outcome": "approve"}), first.variables)
"""

from app.engine.decide import Decision, DecisionTable, decide, parse_table
from app.engine.definition import Definition, compile_definition
from app.engine.expressions import check_expression, evaluate, evaluate_recording, run_assignments
from app.engine.linting.across import check_together, consider_neighbours
from app.engine.linting.lint import check_definition
from app.engine.proving.explore import explore, explore_whole
from app.engine.step import enabled, start, step
from app.engine.transitions import Transitions
from app.engine.window import (
    DefinitionRefusedError,
    Event,
    ExpressionError,
    Finding,
    Node,
    NodeKind,
    Outcome,
    Proof,
    References,
    Start,
    Step,
    StepError,
    TimerSpec,
    Value,
    Variables,
)

__all__ = [
    "Decision",
    "DecisionTable",
    "Definition",
    "DefinitionRefusedError",
    "Event",
    "ExpressionError",
    "Finding",
    "Node",
    "NodeKind",
    "Outcome",
    "Proof",
    "References",
    "Start",
    "Step",
    "StepError",
    "TimerSpec",
    "Transitions",
    "Value",
    "Variables",
    "check_definition",
    "check_expression",
    "check_together",
    "compile_definition",
    "consider_neighbours",
    "decide",
    "enabled",
    "evaluate",
    "evaluate_recording",
    "explore",
    "explore_whole",
    "parse_table",
    "run_assignments",
    "start",
    "step",
]
