"""What the parts of the house have promised each other: diagrams and wiring, floors and tables, sizes and purity."""

import ast
import configparser
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from app import wiring
from app.accounts.vocabulary import SCOPE_OF_ROLE
from app.announcements.usecases import FORM as OBJECTION_FORM
from app.engine import compile_definition
from app.engine.window import Node, NodeKind
from app.filings.vocabulary import FORM_OF_KIND
from app.kernel.db import Base
from app.rounds.vocabulary import StageCode
from app.wiring.pages import ITEM_PAGES
from config import ROOT

APP = ROOT / "app"
LONGEST_FILE, LONGEST_TEMPLATE = 300, 150
MACHINE_PATHS = tuple(f"/{folder}/" for folder in ("work", "root", "home", "Users"))
WRITTEN = ("*.py", "*.html", "*.po", "*.bpmn", "*.dmn", "*.form", "*.js", "*.ts", "*.scss", "*.css", "*.md", "*.toml")
CONSTANTS = {"app.kernel.clock": {"BEIJING"}, "app.kernel.db": {"canonical_json"}}
"""What pure rules may take from impure modules: a time zone, a way of writing JSON."""


@cache
def nodes() -> tuple[tuple[str, Node], ...]:
    """Every node of workflows/ at which a token can wait, with its process."""
    found = []
    for path in sorted((ROOT / "workflows").glob("*.bpmn")):
        definition = compile_definition(path.read_bytes())
        found += [(path.stem, node) for node in definition.nodes.values()]
    return tuple(found)


def named(part: str) -> set[str]:
    return {value for _, node in nodes() if (value := getattr(node, part)) is not None}


def forms_in_folder() -> set[str]:
    return {path.stem for path in (ROOT / "forms").glob("*.form")}


def test_every_user_task_lies_in_the_lane_of_a_role():
    strangers = [
        (process, node.id, node.role)
        for process, node in nodes()
        if node.kind is NodeKind.USER and node.role not in set(SCOPE_OF_ROLE)
    ]

    assert strangers == []


def test_the_forms_are_those_that_tasks_filers_and_objectors_fill_in():
    assert forms_in_folder() == named("form") | set(FORM_OF_KIND.values()) | {OBJECTION_FORM}


def test_the_operations_are_those_of_the_diagrams():
    assert set(wiring.OPERATIONS) == named("operation")


def test_the_collections_are_those_of_the_diagrams():
    assert set(wiring.COLLECTIONS) == named("collection")


def test_completions_and_item_pages_belong_to_forms_of_the_diagrams():
    assert set(wiring.COMPLETIONS) - named("form") == set()
    assert set(ITEM_PAGES) - named("form") == set()


def test_stages_in_diagrams_are_stages_of_a_round():
    timers = {node.timer.stage for _, node in nodes() if node.timer is not None} - {None}

    assert (named("stage") | timers) - set(StageCode) == set()


def test_called_processes_exist():
    assert named("called") - {path.stem for path in (ROOT / "workflows").glob("*.bpmn")} == set()


def test_only_the_transaction_commits():
    commits = re.compile(r"(?<!after_)\bcommit\(")
    places = [str(path.relative_to(APP)) for path in sources() if commits.search(path.read_text(encoding="utf-8"))]

    assert places == ["kernel/transaction.py"]


def sources() -> list[Path]:
    return sorted(APP.rglob("*.py"))


def test_no_file_is_too_long():
    counted = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}

    assert {name: lines for name, lines in counted.items() if lines > LONGEST_FILE} == {}


def test_no_template_is_too_long():
    templates = APP.glob("*/templates/**/*.html")
    counted = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in templates}

    assert {name: lines for name, lines in counted.items() if lines > LONGEST_TEMPLATE} == {}


def floors() -> dict[str, int]:
    """Room -> height above the ground, as .importlinter has it."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    layers = parser["importlinter:contract:floors"]["layers"].split("\n")
    high = [re.findall(r"\w+", layer) for layer in layers if layer.strip()]
    return {room: height for height, rooms in enumerate(reversed(high)) for room in rooms}


def room_of(model: type) -> str:
    return model.__module__.split(".")[1]


def test_relationships_and_foreign_keys_point_down():
    height = floors()
    rooms = {mapper.local_table: room_of(mapper.class_) for mapper in Base.registry.mappers}
    upward = [
        (mapper.class_.__name__, relation.key)
        for mapper in Base.registry.mappers
        for relation in mapper.relationships
        if height[room_of(relation.mapper.class_)] > height[room_of(mapper.class_)]
    ]
    upward += [
        (table.name, key.target_fullname)
        for table, room in rooms.items()
        for key in table.foreign_keys
        if height[rooms[key.column.table]] > height[room]
    ]

    assert upward == []


def test_the_models_of_every_room_are_wired():
    known = {module.__name__ for module in wiring.TABLES}

    assert known == {f"app.{path.parent.name}.models" for path in APP.glob("*/models.py")}


def written() -> Iterator[Path]:
    """What people wrote: sources, texts, diagrams; not what is built or installed."""
    for folder in ("app", "tests", "forms", "workflows", "migrations", "frontend", "bench"):
        for pattern in WRITTEN:
            yield from (path for path in (ROOT / folder).rglob(pattern) if "built" not in path.parts)
    for pattern in (*WRITTEN, "Makefile"):
        yield from ROOT.glob(pattern)


def test_no_file_names_a_place_on_somebodys_machine():
    named_places = [
        (str(path.relative_to(ROOT)), place)
        for path in written()
        for place in MACHINE_PATHS
        if re.search(rf"(?<![\w.>}}\"']){place}", path.read_text(encoding="utf-8"))
    ]

    assert named_places == []


@pytest.mark.parametrize("path", sorted(APP.glob("*/rules.py")), ids=lambda path: path.parent.name)
def test_rules_are_pure(path):
    assert [name for name in imports(path) if is_impure(name)] == []


def imports(path: Path) -> Iterator[str]:
    """Dotted names of everything that a module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_impure(name: str) -> bool:
    module, _, part = name.rpartition(".")
    if part in CONSTANTS.get(module, ()):
        return False
    return name.split(".", maxsplit=1)[0] in {"sqlalchemy", "flask", "flask_babel", "random"} or name.startswith(
        ("app.kernel.clock", "app.kernel.db", "app.kernel.transaction")
    )
