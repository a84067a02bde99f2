"""Where contents lie: a folder or an object store behind fsspec, addressed by SHA-256."""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, Protocol

import fsspec

from app.kernel.errors import TooLargeError

CHUNK = 256 * 1024


class Readable(Protocol):
    """An upload: anything that gives bytes."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Received:
    """What arrived: its size in bytes and its hash."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Storage:
    """A file system and the folder that is ours in it."""

    files: Any
    root: str

    def path_of(self, sha256: str) -> str:
        """Where the content with that hash lies, below the root."""
        return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"

    def keep(self, content: IO[bytes], sha256: str) -> str:
        """Stores `content` unless it is there already; it appears whole or not at all."""
        path = self.path_of(sha256)
        full = f"{self.root}/{path}"
        if not self.files.exists(full):
            self.files.makedirs(full.rpartition("/")[0], exist_ok=True)
            part = f"{full}.{secrets.token_hex(8)}.part"
            content.seek(0)
            with self.files.open(part, "wb") as target:
                while chunk := content.read(CHUNK):
                    target.write(chunk)
            self.files.mv(part, full)
        return path

    def remove(self, path: str) -> None:
        """Removes the content at `path`; OSError when the storage refuses. What is gone already is removed."""
        full = f"{self.root}/{path}"
        if self.files.exists(full):
            self.files.rm_file(full)

    def open(self, path: str) -> IO[bytes]:
        """The content at `path`, to be closed by the caller; FileNotFoundError when it is gone."""
        opened: IO[bytes] = self.files.open(f"{self.root}/{path}", "rb")
        return opened

    def chunks(self, path: str) -> Iterator[bytes]:
        """The content at `path`, piece by piece. Opened at once, so that a lost file is an error and no empty answer."""
        return _read(self.open(path))


def _read(source: IO[bytes]) -> Iterator[bytes]:
    with source:
        while chunk := source.read(CHUNK):
            yield chunk


def receive(stream: Readable, into: IO[bytes], *, limit_mb: int) -> Received:
    """Copies an upload piece by piece; TooLargeError `file_too_large` as soon as it passes the limit."""
    digest, size, limit = hashlib.sha256(), 0, limit_mb * 1024 * 1024
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise TooLargeError("file_too_large", max=limit_mb)
        digest.update(chunk)
        into.write(chunk)
    return Received(size, digest.hexdigest())


_storage: Storage | None = None


def configure_storage(url: str) -> None:
    """Says where contents lie (an fsspec URL); called once by wiring."""
    global _storage  # noqa: PLW0603 -- handed down once at start, read ever after
    files, root = fsspec.core.url_to_fs(url)
    _storage = Storage(files, root.rstrip("/"))


def storage() -> Storage:
    """The configured storage."""
    if _storage is None:
        raise RuntimeError("no storage: wiring calls configure_storage first")
    return _storage
