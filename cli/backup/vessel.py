"""Where a backup lies: a folder or a tar file, written under another name until it is whole."""

import hashlib
import io
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

from cli.mistakes import Mistake

PIECE = 1 << 20


class Vessel(Protocol):
    """Takes files in by name."""

    def put(self, name: str, source: IO[bytes], size: int) -> str:
        """Take a file in; the sha256 of what was written."""


class Source(Protocol):
    """Gives files out by name."""

    def open(self, name: str) -> IO[bytes]:
        """A file. Raises Mistake where it is missing."""


class Hashing:
    """A stream that hashes what is read from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """As the stream does."""
        piece = self._stream.read(size)
        self._hash.update(piece)
        return piece

    @property
    def digest(self) -> str:
        """Of what was read so far, in hex."""
        return self._hash.hexdigest()


@contextmanager
def new(path: Path) -> Iterator[Vessel]:
    """A vessel that is at `path` only once the block has ended well. Raises Mistake when something is there."""
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise Mistake(f"{path} is there already: name another one")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    if part.exists():
        raise Mistake(f"{part} is left from a backup that did not end: remove it first")
    try:
        yield from _tar(part) if path.suffix == ".tar" else _folder(part)
        if path.is_dir():
            path.rmdir()
        part.rename(path)
    except BaseException:
        shutil.rmtree(part) if part.is_dir() else part.unlink(missing_ok=True)
        raise


def _folder(part: Path) -> Iterator[Vessel]:
    part.mkdir(mode=0o700)
    yield _Folder(part)


def _tar(part: Path) -> Iterator[Vessel]:
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            yield _Tar(tar)
        file.flush()
        os.fsync(file.fileno())


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, source: IO[bytes], _size: int) -> str:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        hashing = Hashing(source)
        with path.open("xb") as file:
            shutil.copyfileobj(hashing, file, PIECE)
            file.flush()
            os.fsync(file.fileno())
        return hashing.digest

    def open(self, name: str) -> IO[bytes]:
        try:
            return (self._folder / name).open("rb")
        except OSError as error:
            raise Mistake(f"{name} is missing in the backup: {error.strerror}") from error


class _Tar:
    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def put(self, name: str, source: IO[bytes], size: int) -> str:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        hashing: Any = Hashing(source)
        self._tar.addfile(member, hashing)
        return str(hashing.digest)

    def open(self, name: str) -> IO[bytes]:
        try:
            found = self._tar.extractfile(name)
        except (KeyError, tarfile.TarError, OSError):
            found = None
        if found is None:
            raise Mistake(f"{name} is missing in the backup, or it was cut short")
        return found


@contextmanager
def existing(path: Path) -> Iterator[Source]:
    """A vessel that is there. Raises Mistake when it is not, or is no tar file."""
    if path.is_dir():
        yield _Folder(path)
        return
    try:
        tar = tarfile.open(path)  # noqa: SIM115  closed below
    except (OSError, tarfile.TarError) as error:
        raise Mistake(f"{path} is no backup: {error}") from error
    with tar:
        yield _Tar(tar)


def put_file(vessel: Vessel, name: str, path: Path) -> dict[str, Any]:
    """Take a file in; its size and sha256."""
    size = path.stat().st_size
    with path.open("rb") as file:
        return {"size": size, "sha256": vessel.put(name, file, size)}


def put_bytes(vessel: Vessel, name: str, content: bytes) -> dict[str, Any]:
    """Take a content in; its size and sha256."""
    digest = vessel.put(name, io.BytesIO(content), len(content))
    return {"size": len(content), "sha256": digest}


def take_out(source: Source, name: str, path: Path) -> None:
    """Write a file of the backup to `path`, durably, in place of what was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with source.open(name) as stream, part.open("wb") as file:
        shutil.copyfileobj(stream, file, PIECE)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def hash_of(source: Source, name: str) -> str:
    """The sha256 of a file in the backup, to its end."""
    with source.open(name) as stream:
        hashing = Hashing(stream)
        try:
            while hashing.read(PIECE):
                pass
        except (OSError, tarfile.TarError):  # cut short: its hash is another one
            return ""
    return hashing.digest
