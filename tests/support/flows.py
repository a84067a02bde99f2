"""The flows of workflows/ deployed, with doors that lead nowhere: what the rooms above do is not asked here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from app.formdefs.usecases import deploy_forms
from app.kernel.actor import Actor
from app.kernel.transaction import transaction
from app.processes import doors as doors_module
from app.processes.deploying import deploy_all
from app.processes.doors import OperationCall, Subject, doors, open_doors
from app.processes.starting import start_instance
from app.rounds.vocabulary import StageCode
from config import ROOT
from tests.workflows.walking import KEYS, definition_of

WORKFLOWS = ROOT / "workflows"
FILED = {
    "own_office": False, "city_review": True, "returned_by": "", "city_returns": 0, "province_returns": 0,
    "national_returns": 0,
}  # fmt: skip


def _nothing(call: OperationCall) -> Mapping[str, object] | None:
    return None


@contextmanager
def doors_to_nowhere() -> Iterator[None]:
    """Every operation and collection that workflows/ names is known, and does nothing."""
    before = doors()
    nodes = [node for key in KEYS for node in definition_of(key).nodes.values()]
    open_doors(
        operations={node.operation: _nothing for node in nodes if node.operation},
        collections={node.collection: _nothing for node in nodes if node.collection},
        completions={},
        stages=frozenset(StageCode),
    )
    yield
    doors_module._doors = before


def deploy_workflows(actor: Actor, *keys: str) -> None:
    """Forms, decision tables and the named flows (all without a name) as the set-up deploys them."""
    with transaction():
        deploy_forms(folder=ROOT / "forms", actor=actor)
        deploy_all(
            diagrams=[(WORKFLOWS / f"{key}.bpmn").read_bytes() for key in keys or KEYS],
            tables=[path.read_bytes() for path in sorted(WORKFLOWS.glob("*.dmn"))],
            note="首次部署",
            actor=actor,
        )


def start_filing(actor: Actor) -> int:
    """A case of the flow filing that waits for the city's auditor."""
    with transaction():
        return start_instance(
            process="filing", subject=Subject("filing", 1), title="海洋装备专利导航", actor=actor, variables=FILED
        )
