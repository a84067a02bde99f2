"""The engine: a pure function from state and event to step. Nothing outside this room knows SpiffWorkflow.

definition = compile_definition(xml)
first = start(definition, variables)
next_ = step(definition, first.state, Event("complete", "review", {"outcome": "approve"}), first.variables)
"""

from app.engine.definition import Definition, compile_definition
from app.engine.expressions import check_expression, evaluate, evaluate_recording, run_assignments
from app.engine.step import enabled, start, step

__all__ = [
    "Definition",
    "check_expression",
    "compile_definition",
    "enabled",
    "evaluate",
    "evaluate_recording",
    "run_assignments",
    "start",
    "step",
]
