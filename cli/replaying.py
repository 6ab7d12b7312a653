"""`ocop events replay`: hands a service once more what the others have said; what it has heard changes nothing."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import func, select

from chassis.inbox import inbox
from chassis.outbox import outbox
from chassis.settings import SERVICES, read
from cli import mailbags
from cli.handing import hand
from cli.house import House
from cli.mailbags import Wanted
from cli.mistakes import Mistake
from cli.pacing import Moment, Pace
from cli.printing import console, json_option, print_json
from cli.processes import require_migrated
from contracts.envelope import Event

GROUP = 200

COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
           TextColumn("{task.fields[rate]:,.0f}/s"), TimeElapsedColumn())  # fmt: skip


@click.command()
@click.option("--to", "service", required=True, type=click.Choice(SERVICES), help="Who hears it.")
@click.option("--from-start", is_flag=True, help="Everything that was ever said.")
@click.option("--since", type=Moment(), help="What was said since: 2026-11-22, or 2h ago.")
@click.option("--subject", help="What was said about one subject: an id.")
@click.option("--type", "type_", help="Events of one type.")
@click.option("--rate", type=click.FloatRange(min=0, min_open=True),
              help="So many a second at most; on a broker 1000 where nothing is said.")  # fmt: skip
@json_option
def replay(
    service: str,
    from_start: bool,
    since: datetime | None,
    subject: str | None,
    type_: str | None,
    rate: float | None,
    as_json: bool,
) -> None:
    """Hand a service again what the others' outboxes hold, sent or not, to it alone.

    Harmless: what it has heard it does not hear twice, and what it hears too early is parked. An emptied reporting
    database is rebuilt by --from-start. A service that says events itself is not rebuilt so, but from a backup.
    """
    if not (from_start or since or subject or type_):
        raise Mistake("say what: --from-start, or --since, --subject, --type")
    house = House(read())
    require_migrated(house)
    _require_memory(house, service)
    wanted = Wanted(since=since, subject=subject, type=type_)
    bounded = rate or (None if house.settings.embedded else 1000.0)
    outcome = send(house, service, wanted, Pace(bounded))
    house.close()
    if as_json:
        print_json(dict(outcome))
    else:
        told = ", ".join(f"{count} {what}" for what, count in outcome.items())
        click.echo(f"to {service}: {told or 'nothing was said'}")


def send(house: House, service: str, wanted: Wanted, pace: Pace) -> Counter[str]:
    """Hand over what is wanted, showing how far it is; how many ended in which way."""
    outcome: Counter[str] = Counter()
    door = hand(house)
    with Progress(*COLUMNS, console=console(err=True)) as progress:
        total = mailbags.count(house, service, wanted)
        bar = progress.add_task(f"replay to {service}", total=total, rate=0.0)
        for group in _groups(mailbags.said_to(house, service, wanted)):
            pace.wait(len(group))
            outcome += door.hand(service, group)
            progress.update(bar, advance=len(group), rate=progress.tasks[bar].speed or 0.0)
    door.close()
    return outcome


def _groups(events: Iterator[Event]) -> Iterator[list[Event]]:
    while group := list(islice(events, GROUP)):
        yield group


def _require_memory(house: House, service: str) -> None:
    """Refuse to have a service say everything anew under numbers that others have heard already. Raises Mistake."""
    with house.database(service).reading() as session:
        if session.scalar(select(func.count()).select_from(outbox)):
            return
    for other in house.services:
        heard = select(inbox.c.id).where(inbox.c.source == house.source(service)).limit(1)
        with house.database(other).reading() as session:
            if session.scalar(heard) is not None:
                raise Mistake(
                    f"{other} has heard events of {service}, whose own outbox is empty: a replay "
                    "would have them said anew under other ids; restore it from a backup"
                )
