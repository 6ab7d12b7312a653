"""Takes a backup: databases at one moment, evidence and added law after them, what the broker tells, the manifest."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from chassis.clock import now
from chassis.migrating import CHASSIS, version_table
from cli import management
from cli.backup import manifest, postgres, sqlite
from cli.backup.manifest import Manifest, Standing
from cli.backup.vessel import Vessel, put_bytes, put_file
from cli.house import House, listening

EVIDENCE = "evidence/"
LAW = "law/"

Told = Callable[[str], None]


class Snapshot(Protocol):
    """One database at the moment of the backup."""

    def ask(self, statement: str) -> list[Any]:
        """The rows of a query."""

    def tables(self) -> list[str]:
        """The names of all tables."""

    def write(self, path: Path) -> None:
        """Copy it into a file."""


def take(house: House, vessel: Vessel, told: Told) -> Manifest:
    """Put everything into the vessel; `told` hears what is being done.

    Evidence is written before the row that names it, and never changed: copied after the databases it lacks nothing.
    """
    files: dict[str, dict[str, Any]] = {}
    taken_at = now().isoformat()
    services = _databases(house, vessel, files, told)
    _evidence(house, vessel, files, told)
    _law(house, vessel, files)
    if not house.settings.embedded:
        _broker(house, vessel, files, told)
    made = Manifest(
        taken_at=taken_at,
        province=house.settings.province,
        kind=manifest.kind_of(house.settings),
        services=services,
        files=files,
    )
    put_bytes(vessel, manifest.NAME, made.as_bytes())
    return made


def _databases(
    house: House, vessel: Vessel, files: dict[str, dict[str, Any]], told: Told
) -> dict[str, Standing]:
    way = sqlite if manifest.kind_of(house.settings) == "sqlite" else postgres
    services = {}
    with tempfile.TemporaryDirectory() as folder, way.snapshots(house) as snapshots:
        for service, snapshot in snapshots.items():
            told(f"database {service}")
            name, path = f"databases/{service}{way.SUFFIX}", Path(folder) / service
            services[service] = _standing(service, name, snapshot)
            snapshot.write(path)
            files[name] = put_file(vessel, name, path)
            path.unlink()
    return services


def _standing(service: str, file: str, snapshot: Snapshot) -> Standing:
    ((position, unsent),) = snapshot.ask(
        "SELECT (SELECT coalesce(max(position), 0) FROM outbox),"
        " (SELECT count(*) FROM outbox_waiting)"
    )
    return Standing(
        file=file,
        rows=rows_of(snapshot),
        migrations={history: _revision(snapshot, history) for history in (CHASSIS, service)},
        outbox_position=int(position),
        outbox_unsent=int(unsent),
    )


def rows_of(snapshot: Snapshot) -> dict[str, int]:
    """How many rows each table has."""
    return {
        name: snapshot.ask(f'SELECT count(*) FROM "{name}"')[0][0]  # noqa: S608  its own tables' names
        for name in snapshot.tables()
    }


def _revision(snapshot: Snapshot, history: str) -> str:
    return str(snapshot.ask(f"SELECT version_num FROM {version_table(history)}")[0][0])  # noqa: S608  a name of ours


def _evidence(house: House, vessel: Vessel, files: dict[str, dict[str, Any]], told: Told) -> None:
    told("evidence")
    folder = house.settings.evidence_folder
    for path in sorted(folder.glob("??/*")):
        if path.name.startswith(path.parent.name):  # not what is being uploaded just now
            name = EVIDENCE + path.relative_to(folder).as_posix()
            files[name] = put_file(vessel, name, path)


def _law(house: House, vessel: Vessel, files: dict[str, dict[str, Any]]) -> None:
    """The criteria sets that the operator added, with their seals: results rest on them."""
    folder = house.settings.law_folder
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = LAW + path.relative_to(folder).as_posix()
        files[name] = put_file(vessel, name, path)


def _broker(house: House, vessel: Vessel, files: dict[str, dict[str, Any]], told: Told) -> None:
    """What must be declared, and, where the management plugin answers, what is."""
    told("broker")
    from chassis.wire.topology import topology

    wanted = topology(listening())
    plan = {
        "exchanges": wanted.exchanges,
        "queues": {queue.name: dict(queue.arguments) for queue in wanted.queues},
        "bindings": [[each.exchange, each.to, each.key] for each in wanted.bindings],
    }
    documents = {"broker/topology.json": plan}
    if (definitions := management.ask(house.settings.broker_url, "definitions")) is not None:
        documents["broker/definitions.json"] = definitions
    for name, document in documents.items():
        content = json.dumps(document, ensure_ascii=False, indent=1).encode()
        files[name] = put_bytes(vessel, name, content)
