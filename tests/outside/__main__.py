"""Usage: python -m tests.outside [--url http://127.0.0.1:PORT] [--database URL] [--processes N] [--password WORD].

Plays one evaluation round over HTTP, knowing only the program's outside, and prints one JSON line.
"""

import argparse
import json
import sys
import time
from contextlib import nullcontext

from tests.outside.client import BrokenError, RefusedError, Visit
from tests.outside.leaks import find_distinct
from tests.outside.road import Road
from tests.outside.round import note_leaks, play_round
from tests.outside.server import serve_fresh


def main() -> int:
    """0 when the round was archived."""
    wanted = _read_arguments()
    own = serve_fresh(database_url=wanted.database, processes=wanted.processes)
    with nullcontext(wanted.url) if wanted.url else own as url:
        road = Road(visit=Visit(url=url, password=wanted.password))
        started = time.monotonic()
        fault = _play(road)
        seconds = round(time.monotonic() - started, 1)
    note_leaks(road)
    sys.stdout.write(json.dumps(_sum_up(road, fault=fault, seconds=seconds), ensure_ascii=False) + "\n")
    return 1 if fault else 0


def _play(road: Road) -> str:
    """What stopped the round, or nothing. An answer without a promised key, and no answer at all, stop it too."""
    try:
        play_round(road)
    except (BrokenError, RefusedError, LookupError, OSError) as error:
        return f"{road.visit.stage}: {type(error).__name__}: {error}"
    return ""


def _sum_up(road: Road, *, fault: str, seconds: float) -> dict[str, object]:
    visit = road.visit
    return {
        "archived": not fault,
        "fault": fault,
        "stages": road.passed,
        "seconds": seconds,
        "slowest_follow_seconds": round(visit.slowest_follow, 2),
        "judges": len(road.judges),
        "judges_without_namesake": len(find_distinct(road.judges, visit.people.values())),
        "requests": dict(sorted(visit.requests.items())),
        "notes": [f"{note} ({times} times)" if times > 1 else note for note, times in sorted(visit.notes.items())],
    }


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.outside", description=__doc__)
    parser.add_argument("--url", default="", help="a running server with a demo world; else one is started")
    parser.add_argument("--database", default="", help="an empty database for the server that is started")
    parser.add_argument("--processes", type=int, default=1, help="web processes of the server that is started")
    parser.add_argument("--password", default="lodestar-demo")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
