"""Instances of every released definition and engine version load and finish, for ever (tests/saved_instances.py)."""

from pathlib import Path
from random import Random

import orjson
import pytest

from app.engine import compile_definition, enabled
from app.engine.marking import dump, load
from app.engine.versions.mapping import map_state, waiting_nodes
from tests.saved_instances import FOLDER, ROOT, Wanderer, features

SAVED = sorted(FOLDER.glob("*.json"))


def diagram_of(path: Path) -> bytes:
    key, checksum, _engine = path.stem.split("-", 2)
    return (FOLDER / f"{key}-{checksum}.bpmn").read_bytes()


def instances_of(path: Path) -> list[dict]:
    return orjson.loads(path.read_bytes())["instances"]


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.stem)
def test_a_saved_instance_loads_and_finishes(path):
    definition = compile_definition(diagram_of(path))

    for number, saved in enumerate(instances_of(path)):
        net = definition.net(None)
        load(net, saved["state"])
        assert dump(net) == saved["state"]
        assert enabled(definition, saved["state"]) == waiting_nodes(definition, saved["state"])
        assert Wanderer(definition, Random(number)).finish(saved["state"], saved["variables"]) > 0


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.stem)
def test_a_saved_instance_moves_to_its_own_version_unchanged(path):
    definition = compile_definition(diagram_of(path))

    for saved in instances_of(path):
        assert map_state(definition, definition, saved["state"]).state == saved["state"]


def test_every_process_has_saved_instances_and_they_stand_in_every_kind_of_place():
    keys = {path.name.split("-")[0] for path in SAVED}
    kinds = [features(saved["state"]) for path in SAVED for saved in instances_of(path)]

    assert keys >= {path.stem for path in (ROOT / "workflows").glob("*.bpmn")}
    assert [any(kind[part] for kind in kinds) for part in range(4)] == [True] * 4
