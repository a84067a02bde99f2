"""A small disk that can be filled: a file system in memory, mounted by root."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BLOCK = 64 * 1024


@contextmanager
def small_disk(place: Path, *, megabytes: int) -> Iterator[Path]:
    """A disk of that size at `place`, unmounted afterwards. Raises PermissionError when this user cannot mount one."""
    place.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=777", "tmpfs", str(place)], check=False
    )
    if mounted.returncode != 0:
        raise PermissionError(f"a small disk cannot be mounted at {place}: run it as root")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path) -> None:
    """Takes every byte that is left."""
    with (place / "ballast").open("ab", buffering=0) as ballast:
        try:
            while True:
                ballast.write(b"\0" * BLOCK)
        except OSError:
            os.fsync(ballast.fileno())


def empty(place: Path) -> None:
    """Gives the bytes back."""
    (place / "ballast").unlink(missing_ok=True)


def free_bytes(place: Path) -> int:
    """What is left."""
    return shutil.disk_usage(place).free
