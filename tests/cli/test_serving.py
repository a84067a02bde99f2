"""`serve`: a web server and a worker from one command, stopped together."""

import sys
from pathlib import Path

import pytest

from tests.support.house import open_empty_house


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_server_and_worker_share_the_program_that_was_loaded_once_and_end_with_it(tmp_path):
    with open_empty_house(tmp_path / "house") as house:
        children = _descendants_of(house.pid)
        programs = {_program_of(pid) for pid in children}
        own = _program_of(house.pid)

    assert len(children) >= 3  # the server, its own child that answers, and the worker
    assert programs == {own}
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []


def _descendants_of(pid: int) -> list[int]:
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (found := _parent_of(int(folder.name))) is not None:
            parents[int(folder.name)] = found
    family = {pid}
    while further := {child for child, parent in parents.items() if parent in family} - family:
        family |= further
    return sorted(family - {pid})


def _parent_of(pid: int) -> int | None:
    """The process's parent; None when it has just ended."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    except OSError:
        return None


def _program_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()
