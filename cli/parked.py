"""`ocop events parked`: what waits for an event before it, since when, and for which one."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import click
from sqlalchemy import and_, func, select

from chassis.inbox import parked as table
from chassis.inbox import positions
from chassis.settings import SERVICES, read
from cli.house import House
from cli.printing import json_option, print_json, print_table
from cli.processes import require_migrated


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One event that waits at a service until the one numbered `next` of the same sayer and subject was heard.

    `fault` says why it could not be heard when its turn had come; empty while the one before it is missing.
    """

    service: str
    since: datetime
    said_by: str
    subject: str
    sequence: int
    next: int
    type: str
    id: str
    fault: str


@click.command()
@click.option("--service", type=click.Choice(SERVICES), help="At this service alone.")
@click.option("--limit", type=click.IntRange(min=1), default=200, show_default=True)
@json_option
def parked(service: str | None, limit: int, as_json: bool) -> None:
    """Show the events that wait for the one before them, the oldest first, at most LIMIT per service."""
    house = House(read(), (service,) if service else SERVICES)
    require_migrated(house)
    found = sorted(
        (each for name in house.services for each in _waiting(house, name, limit)),
        key=lambda each: each.since,
    )
    house.close()
    if as_json:
        print_json([asdict(each) | {"since": each.since.isoformat()} for each in found])
    elif found:
        columns = ("at", "since (UTC)", "said by", "subject", "no.", "waits for", "event", "fault")
        print_table("Parked events", columns, _rows(found))
    else:
        click.echo("No event waits for another.")


def _waiting(house: House, service: str, limit: int) -> Iterator[Waiting]:
    place = and_(positions.c.source == table.c.source, positions.c.subject == table.c.subject)
    heard = func.coalesce(positions.c.sequence, 0)
    statement = select(table, (heard + 1).label("next")).outerjoin(positions, place)
    with house.database(service).reading() as session:
        for row in session.execute(statement.order_by(table.c.parked_at).limit(limit)):
            yield Waiting(
                service=service,
                since=row.parked_at,
                said_by=row.source.rpartition("/")[2],
                subject=row.subject,
                sequence=row.sequence,
                next=row.next,
                type=row.type,
                id=str(row.id),
                fault=row.fault or "",
            )


def _rows(found: Sequence[Waiting]) -> list[tuple[object, ...]]:
    return [
        (each.service, f"{each.since:%Y-%m-%d %H:%M}", each.said_by, each.subject, each.sequence,
         "its turn has come" if each.sequence <= each.next else f"no. {each.next}",
         each.type, each.fault.split("\n")[0])
        for each in found
    ]  # fmt: skip
