"""What is done to a house while people work in it. Every fault ends by itself, with all processes up again."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.support.real import Web
from tests.torture.disks import empty, fill
from tests.torture.flows import WRONG_CLOCK
from tests.torture.house import House

Fault = Callable[[House, int, threading.Event], int]
"""Does its harm so many times, or until told to stop; returns how often."""
CLOCK = "clock"


def kill_at_random(house: House, times: int, stop: threading.Event) -> int:
    """SIGKILL to a web or a worker process at a random moment; it is started again at once."""
    for number in range(times):
        if stop.wait(0.2 + 1.5 * house.chance.random()):
            return number
        victim = house.chance.choice(house.processes)
        victim.kill()
        victim.start()
        if isinstance(victim, Web):
            victim.wait_until_up()
    return times


def cut_at_random(house: House, times: int, stop: threading.Event) -> int:
    """The database lets go of everybody, or keeps everybody waiting."""
    with house.app.app_context():
        for number in range(times):
            if stop.wait(0.3 + house.chance.random()):
                return number
            house.cut_connections()
    return times


def fill_disk_at_random(house: House, times: int, stop: threading.Event) -> int:
    """The disk of the database is full for a second or two."""
    disk = house.folder / "disk"
    for number in range(times):
        if stop.wait(1 + house.chance.random()):
            return number
        fill(disk)
        time.sleep(1 + house.chance.random())
        empty(disk)
    return times


def jump_clock_at_random(house: House, times: int, stop: threading.Event) -> int:
    """The workers' clock is an hour wrong in either direction, and right again."""
    clock = house.folder / CLOCK
    for number in range(times):
        if stop.wait(1 + house.chance.random()):
            return number
        clock.write_text(house.chance.choice(("3600", "-3600", "20", "-20")), encoding="ascii")
        time.sleep(1 + house.chance.random())
        clock.write_text("0", encoding="ascii")
    return times


def nothing(house: House, times: int, stop: threading.Event) -> int:
    """Only many people, two workers at the same timers, and messages that come twice, early and late."""
    stop.wait(times)
    return 0


def wrong_clock(folder: Path) -> dict[str, str]:
    """The environment of a process whose clock follows a file."""
    (folder / CLOCK).write_text("0", encoding="ascii")
    return {WRONG_CLOCK: str(folder / CLOCK)}
