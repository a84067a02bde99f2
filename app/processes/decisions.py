"""Decision tables: the newest deployed version, evaluated by the engine's own strict evaluator."""

from collections.abc import Mapping

from sqlalchemy import select

from app.engine.decide import Decision, parse_table
from app.engine.decide import decide as decide_table
from app.engine.window import Value
from app.kernel.db import session
from app.kernel.errors import NotFoundError
from app.processes.models import DecisionTable


def decide(*, table: str, facts: Mapping[str, Value]) -> Decision:
    """What a decision table says about `facts`: every rule's match and the result; NotFoundError when unknown."""
    xml = session.scalar(
        select(DecisionTable.dmn_xml).where(DecisionTable.key == table).order_by(DecisionTable.version.desc()).limit(1)
    )
    if xml is None:
        raise NotFoundError("decision_unknown", decision=table)
    return decide_table(parse_table(xml), facts)
