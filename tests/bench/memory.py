"""How much memory of its own the process holds, watched while something runs."""

import threading
from pathlib import Path
from types import TracebackType

STATUS = Path("/proc/self/status")


class Memory:
    """`peak`: the most anonymous memory seen, in MB; pages of files that are read in place are the database's, not ours."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            self.peak = max(self.peak, _anonymous_megabytes())
            if self._stop.wait(0.1):
                return


def _anonymous_megabytes() -> float:
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1_024
