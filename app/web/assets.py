"""Built front-end files: manifest.json of frontend/build.mjs says which hashed names belong to an entry."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from flask import url_for
from markupsafe import Markup

from app.web.requests import once

STATIC = Path(__file__).parent / "static"
MANIFEST = STATIC / "built" / "manifest.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """What one page loads: a module, the chunks that it needs at once, its styles."""

    js: str
    preload: tuple[str, ...]
    css: str | None


def entry(name: str) -> Markup:
    """The tags that load an entry of frontend/entries."""
    files = _entry(name)
    tags = [Markup('<link rel="stylesheet" href="{}">').format(_built(files.css))] if files.css else []
    tags += [Markup('<link rel="modulepreload" href="{}">').format(_built(chunk)) for chunk in files.preload]
    tags.append(Markup('<script type="module" src="{}"></script>').format(_built(files.js)))
    return Markup("\n").join(tags)


def icon_href(name: str) -> str:
    """Where the symbol of an icon is found: a name of frontend/icons.json, or `star`."""
    return f"{once('sprite', _sprite)}#i-{name}"


def _sprite() -> str:
    return _built(_manifest(_version())["sprite"])


def _entry(name: str) -> Entry:
    found = _manifest(_version())["entries"][name]
    return Entry(js=found["js"], preload=tuple(found["preload"]), css=found["css"])


def _built(filename: str) -> str:
    return url_for("web.static", filename=f"built/{filename}")


def _version() -> int:
    """Changes with every build, so that a running server takes a new one up."""
    try:
        return MANIFEST.stat().st_mtime_ns
    except FileNotFoundError as error:
        raise RuntimeError("the front end is not built: run `make front`") from error


@lru_cache(maxsize=1)
def _manifest(version: int) -> dict[str, Any]:  # noqa: ARG001 -- the key of the cache
    manifest: dict[str, Any] = orjson.loads(MANIFEST.read_bytes())
    return manifest
