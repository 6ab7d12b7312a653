"""Evidence files: received over HTTP, checked for size and type, stored by the hash of their content."""

import hashlib
import os
import tempfile
from pathlib import Path

import filetype
from werkzeug.datastructures import FileStorage

from regulation.refusals import NotFound, Unfit
from services.registration.domain.papers import Evidence


class EvidenceTooLarge(Unfit):
    """A file is larger than the instance accepts."""

    slug = "evidence-too-large"


class EvidenceTypeRefused(Unfit):
    """A file is of a type that the instance does not accept, by its content and not by its name."""

    slug = "evidence-type-refused"


class EvidenceGone(NotFound):
    """The file's content is not in the store."""

    slug = "evidence-gone"


class EvidenceFolder:
    """The store: `<folder>/<first two of the hash>/<hash>`; a file once written never changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Write a file and make it durable; the sha256 of its content in hex."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            except OSError:
                Path(file.name).unlink(missing_ok=True)
                raise
        _make_durable(path.parent)
        return digest

    def read(self, digest: str) -> bytes:
        """Raises EvidenceGone."""
        path = self._path(digest)
        if not path.exists():
            raise EvidenceGone(f"the file {digest} is not in the store")
        return path.read_bytes()

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


def _make_durable(folder: Path) -> None:
    """A file's name survives a power cut only when its folder was written out too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def receive(
    upload: FileStorage, store: EvidenceFolder, *, limit: int, types: tuple[str, ...]
) -> Evidence:
    """Take in one uploaded file.

    Raises EvidenceTooLarge, EvidenceTypeRefused.
    """
    content = upload.stream.read(limit + 1)
    if len(content) > limit:
        raise EvidenceTooLarge(f"file: more than {limit} bytes")
    kind = filetype.guess(content)
    if kind is None or kind.extension not in types:
        found = kind.extension if kind else "unknown"
        raise EvidenceTypeRefused(f"file: its content is {found}, accepted are {', '.join(types)}")
    return Evidence(sha256=store.put(content), media_type=kind.mime, size=len(content))
