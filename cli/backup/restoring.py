"""Puts a backup back: nothing is touched before every hash is right and the instance is known to be empty."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect, text, update

from chassis import outbox
from chassis.dead_letters import LETTER, State, dead_letters
from cli import mailbags
from cli.backup import manifest, postgres, sqlite
from cli.backup.manifest import Manifest
from cli.backup.taking import EVIDENCE, LAW, Told, rows_of
from cli.backup.vessel import Source, take_out
from cli.house import House
from cli.mistakes import Failure, Mistake
from cli.recover import letters_on_their_way

PIECE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A table that has not as many rows as when the backup was taken."""

    service: str
    table: str
    expected: int
    found: int


def check(source: Source, house: House) -> Manifest:
    """The backup's manifest. Raises Failure where a file is not what it was, Mistake where it does not fit here."""
    found = manifest.read(source)
    manifest.require_fit(found, house.settings)
    if wrong := list(manifest.faults(found, source)):
        more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        raise Failure(f"the backup is damaged: {wrong[0]}{more}")
    return found


def require_empty(house: House) -> None:
    """Raises Mistake where the instance holds anything."""
    for service in house.services:
        if table := next(_filled(house, service), None):
            raise Mistake(
                f"{service} holds data already ({table}): --force puts the backup in its place"
            )
    if any(house.settings.evidence_folder.glob("??/*")):
        raise Mistake("there are evidence files already: --force puts the backup's beside them")
    if any(house.settings.law_folder.glob("*/*")):
        raise Mistake(
            "there are added criteria sets already: --force puts the backup's in their place"
        )


def require_quiet(house: House) -> None:
    """Raises Mistake where messages or workers are on the broker: they are of another time than the backup."""
    if house.settings.embedded:
        return
    from chassis.wire import topology as wire

    named = (wire.queue_of, wire.retry_queue_of, wire.dead_queue_of)
    names = [name(service) for service in house.services for name in named]
    for queue, (messages, workers) in wire.depths(names, house.settings.broker_url).items():
        if workers:
            raise Mistake(f"a worker listens on {queue}: stop all processes of the instance first")
        if messages:
            raise Mistake(f"{queue} holds messages of another time: delete the vhost, make it anew, "
                          "and run `ocop topology apply`")  # fmt: skip


def _filled(house: House, service: str) -> Iterator[str]:
    engine = house.database(service).engine
    for name in inspect(engine).get_table_names():
        if name.startswith("alembic_version"):
            continue
        with house.database(service).reading() as session:
            if session.scalar(text(f'SELECT 1 FROM "{name}" LIMIT 1')):  # noqa: S608  its own tables' names
                yield name


def restore(house: House, source: Source, found: Manifest, told: Told) -> list[Difference]:
    """Put everything back; which tables have not as many rows as they had."""
    way: Any = sqlite if found.kind == "sqlite" else postgres
    for service, standing in found.services.items():
        told(f"database {service}")
        way.put_back(house.database(service), source, standing.file)
    told("evidence")
    for name in found.under(EVIDENCE):
        take_out(source, name, house.settings.evidence_folder / name.removeprefix(EVIDENCE))
    for name in found.under(LAW):
        take_out(source, name, house.settings.law_folder / name.removeprefix(LAW))
    differences = list(_differences(house, way, found))
    told("migrations")
    house.migrate()
    told("events on their way")
    send_again(house)
    return differences


def _differences(house: House, way: Any, found: Manifest) -> Iterator[Difference]:
    with ExitStack() as stack:
        snapshots = stack.enter_context(way.snapshots(house))
        for service, standing in found.services.items():
            rows = rows_of(snapshots[service])
            for table, expected in standing.rows.items():
                if rows.get(table) != expected:
                    yield Difference(service=service, table=table, expected=expected,
                                     found=rows.get(table, 0))  # fmt: skip


def send_again(house: House) -> int:
    """Have sent anew what lay on the broker when the backup was taken, and is on no broker now; how many.

    Relays send it to all who listen, and it is heard where it was not. A dead letter that was on its way waits again.
    """
    count = 0
    for hearer in house.services:
        for sayer in mailbags.sayers_to(house, hearer):
            ids = [event.id for event in mailbags.unheard(house, hearer, sayer)]
            for start in range(0, len(ids), PIECE):
                with house.database(sayer).transaction() as session:
                    outbox.send_again(session, ids[start : start + PIECE])
            count += len(ids)
        _wait_again(house, hearer)
    return count


def _wait_again(house: House, service: str) -> None:
    numbers = [number for number, _ in letters_on_their_way(house, service)]
    if numbers:
        waits = update(dead_letters).where(LETTER.number.in_(numbers))
        with house.database(service).transaction() as session:
            session.execute(waits.values(state=State.WAITING))
