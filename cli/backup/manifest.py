"""What lies in a backup: every file with its hash, every table with its rows, how far each outbox and migration was."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from chassis import migrating
from chassis.settings import Settings
from cli.backup.vessel import Source, hash_of
from cli.mistakes import Mistake

NAME = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one service's database stood: rows by table, revisions by history, its outbox's last position."""

    file: str
    rows: Mapping[str, int]
    migrations: Mapping[str, str | None]
    outbox_position: int
    outbox_unsent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The backup's table of contents. `kind` is `sqlite` or `postgresql`; `files` name → size and sha256."""

    taken_at: str
    province: str
    kind: str
    services: Mapping[str, Standing]
    files: Mapping[str, Mapping[str, Any]]
    ocop: str = version("ocop")
    format: int = FORMAT

    def as_bytes(self) -> bytes:
        """As it is written."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()

    def under(self, folder: str) -> list[str]:
        """The names of the files in that folder, which ends with a slash."""
        return [name for name in self.files if name.startswith(folder)]


def read(source: Source) -> Manifest:
    """Raises Mistake where there is none that this version understands."""
    with source.open(NAME) as stream:
        try:
            told = json.load(stream)
            if told["format"] != FORMAT:
                raise Mistake(
                    f"the backup has format {told['format']}, this version reads {FORMAT}"
                )
            services = {name: Standing(**each) for name, each in told["services"].items()}
            return Manifest(**told | {"services": services})
        except (ValueError, KeyError, TypeError) as error:
            raise Mistake(f"{NAME} cannot be read: {error}") from error


def faults(manifest: Manifest, source: Source) -> Iterator[str]:
    """The files that are not what they were when the backup was taken."""
    for name, file in manifest.files.items():
        if hash_of(source, name) != file["sha256"]:
            yield name


def require_fit(manifest: Manifest, settings: Settings) -> None:
    """Raises Mistake where this instance or this version of it cannot take the backup."""
    kind = kind_of(settings)
    if manifest.kind != kind:
        raise Mistake(f"the backup is of {manifest.kind} databases, this instance has {kind}")
    if manifest.province != settings.province:
        raise Mistake(
            f"the backup is of province {manifest.province}, this instance serves {settings.province}"
        )
    for service, standing in manifest.services.items():
        for history, revision in standing.migrations.items():
            if revision not in migrating.known(history):
                raise Mistake(f"the backup of {service} is at {history} {revision}, which this "
                              "version does not know: restore it with a newer one")  # fmt: skip


def kind_of(settings: Settings) -> str:
    """What databases an instance has."""
    return "sqlite" if settings.database_of("x").startswith("sqlite") else "postgresql"
