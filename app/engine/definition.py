"""A diagram made ready to run: checked, lowered, parsed once, shared by all instances and threads."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from app.engine.linting.completeness import check_completeness
from app.engine.linting.content import check_content
from app.engine.linting.messages import finding
from app.engine.linting.structure import check_structure
from app.engine.lower import lower
from app.engine.net import Net, parse_lowered
from app.engine.nodes import read_nodes, read_start
from app.engine.source import Diagram, read_diagram, refuse
from app.engine.window import DefinitionRefusedError, Finding, Node, Start

COMPILED = 128
"""How many definitions are kept; checking, proving and deploying a diagram ask for the same one."""
MAX_NODES = 300
MAX_FLOWS = 1_000
"""Beyond these a diagram is not even looked at: the questions of the linter grow with the square."""


@dataclass(frozen=True, eq=False)
class Definition:
    """What a process is. `nodes` holds every node at which a token can wait; `lanes` the lane of each drawn node.

    `conditions` are the texts on sequence flows by flow id, `scripts` those of script tasks, `names` all drawn names.
    """

    key: str
    name: str
    checksum: str
    nodes: Mapping[str, Node]
    start: Start
    lanes: Mapping[str, str]
    conditions: Mapping[str, str]
    scripts: Mapping[str, str]
    names: Mapping[str, str]
    diagram: Diagram = field(repr=False, compare=False)
    _spec: Any = field(repr=False, compare=False)
    _subs: Any = field(repr=False, compare=False)

    def net(self, scripts: object) -> Net:
        """An empty instance that reads and writes its variables through `scripts`; for the engine only."""
        return Net(self._spec, self._subs, scripts)


def faults(diagram: Diagram) -> list[Finding]:
    """What the diagram itself says wrong, without looking at the names it uses."""
    if len(diagram.elements) > MAX_NODES or len(diagram.flows) > MAX_FLOWS:
        return [finding("too_many_nodes", diagram.key, diagram.name, limit=MAX_NODES)]
    return [*check_structure(diagram), *check_completeness(diagram), *check_content(diagram)]


@lru_cache(maxsize=COMPILED)
def compile_definition(xml: bytes) -> Definition:
    """The definition drawn in a BPMN file, the same for all who ask. Raises DefinitionRefusedError with findings."""
    diagram = read_diagram(xml)
    errors = tuple(found for found in faults(diagram) if found.severity == "error")
    if errors:
        raise DefinitionRefusedError(errors)
    return build_definition(diagram, hashlib.sha256(xml).hexdigest())


def build_definition(diagram: Diagram, checksum: str) -> Definition:
    """The definition of a diagram that the linter has passed."""
    try:
        spec, subs = parse_lowered(lower(diagram), diagram.key)
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        raise refuse(
            "unreadable", f"流程引擎无法读取：{text}", f"The engine cannot read it: {text}", diagram.key
        ) from error
    return Definition(
        key=diagram.key,
        name=diagram.name,
        checksum=checksum,
        nodes=read_nodes(diagram),
        start=read_start(diagram),
        lanes=MappingProxyType(dict(diagram.lanes)),
        conditions=MappingProxyType({flow.id: flow.condition for flow in diagram.flows if flow.condition}),
        scripts=MappingProxyType(
            {e.id: e.text("script") or "" for e in diagram.elements.values() if e.tag == "scriptTask"}
        ),
        names=MappingProxyType({element.id: element.name for element in diagram.elements.values()}),
        diagram=diagram,
        _spec=spec,
        _subs=subs,
    )
