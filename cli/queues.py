"""`ocop queues`: in one table what waits where, since when, and who works on it."""

import json
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import click
from rich.live import Live
from rich.table import Table
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis import dead_letters, inbox, outbox
from chassis.clock import now
from chassis.settings import read
from cli import mailbags
from cli.house import House
from cli.printing import console, json_option, print_json
from cli.processes import require_migrated

SEARCHED = 2_000
"""Events without a hearer that are looked at for the oldest of them, per sayer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One service. None where there is no broker to ask; ages in seconds, None where nothing waits.

    `heard` counts the inbox, for rates: it is None unless asked for.
    """

    service: str
    waiting: int | None
    waiting_age: float | None
    workers: int | None
    retry: int | None
    dead_queue: int | None
    dead: int
    dead_age: float | None
    outbox: int
    outbox_age: float | None
    parked: int
    parked_age: float | None
    heard: int | None = None


@click.command()
@click.option("--watch", is_flag=True, help="Again and again, with rates, until Ctrl-C.")
@click.option("--every", type=click.FloatRange(min=0.2), default=2.0, show_default=True,
              metavar="SECONDS")  # fmt: skip
@json_option
def queues(watch: bool, every: float, as_json: bool) -> None:
    """Show for each service what waits on its queue, to be tried again, dead, unsent and parked, and since when.

    With --watch --json, one document a line.
    """
    house = House(read())
    require_migrated(house)
    if watch:
        _watch(house, every, as_json=as_json)
    elif as_json:
        print_json([asdict(line) for line in look(house)])
    else:
        console().print(table(look(house)))
    house.close()


def look(house: House, *, counting: bool = False) -> list[Line]:
    """A line per service."""
    depths = _depths(house)
    return [_line(house, service, depths, counting) for service in house.services]


Depths = Mapping[str, tuple[int, int]]


def _depths(house: House) -> Depths | None:
    if house.settings.embedded:
        return None
    from chassis.wire import topology as wire  # an embedded instance needs no kombu

    named = (wire.queue_of, wire.retry_queue_of, wire.dead_queue_of)
    names = [name(service) for service in house.services for name in named]
    return wire.depths(names, house.settings.broker_url)


def _line(house: House, service: str, depths: Depths | None, counting: bool) -> Line:
    at = now()
    waiting, workers = _on(depths, f"ocop.{service}")
    with house.database(service).reading() as session:
        unsent, said = outbox.depth(session)
        parked, parked_since = inbox.waiting(session)
        dead, dead_since = dead_letters.oldest(session)
        heard = _heard(session) if counting else None
    return Line(
        service=service,
        waiting=waiting,
        waiting_age=_age(_oldest_unheard(house, service), at) if waiting else None,
        workers=workers,
        retry=_on(depths, f"ocop.{service}.retry")[0],
        dead_queue=_on(depths, f"ocop.{service}.dead")[0],
        dead=dead,
        dead_age=_age(dead_since, at),
        outbox=unsent,
        outbox_age=_age(said, at),
        parked=parked,
        parked_age=_age(parked_since, at),
        heard=heard,
    )


def _on(depths: Depths | None, queue: str) -> tuple[int | None, int | None]:
    """Messages and consumers; a queue that is not there holds nothing and is heard by nobody."""
    return (None, None) if depths is None else depths.get(queue, (0, 0))


def _oldest_unheard(house: House, service: str) -> datetime | None:
    """AMQP does not tell how old a message is; the outboxes tell what was sent and is not in the inbox."""
    found = [
        event.time
        for sayer in mailbags.sayers_to(house, service)
        for event in islice(mailbags.unheard(house, service, sayer, whole=False), SEARCHED)
    ]
    return min(found, default=None)


def _age(since: datetime | None, at: datetime) -> float | None:
    return None if since is None else max(round((at - since).total_seconds(), 1), 0.0)


def _heard(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(inbox.inbox)) or 0


def table(lines: Sequence[Line], rates: Mapping[str, float] | None = None) -> Table:
    """The lines as people read them."""
    made = Table(title="Queues", title_justify="left", title_style="bold")
    for name in ("service", "queue", "oldest", "heard/s", "workers", "retry", "dead queue", "dead",
                 "oldest", "outbox", "oldest", "parked", "oldest"):  # fmt: skip
        made.add_column(name, justify="left" if name == "service" else "right")
    for line in lines:
        rate = None if rates is None else f"{rates.get(line.service, 0.0):.0f}"
        made.add_row(line.service, *map(_cell, (
            line.waiting, _words(line.waiting_age), rate, line.workers, line.retry,
            line.dead_queue, line.dead, _words(line.dead_age), line.outbox,
            _words(line.outbox_age), line.parked, _words(line.parked_age))))  # fmt: skip
    return made


def _cell(value: Any) -> str:
    return "·" if value is None else str(value)


def _words(seconds: float | None) -> str | None:
    """An age in its largest unit or two."""
    if seconds is None:
        return None
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3600:
        return f"{seconds / 60:.0f} min"
    whole = timedelta(seconds=round(seconds))
    hours = whole.seconds // 3600
    return (
        f"{whole.days} d {hours} h" if whole.days else f"{hours} h {whole.seconds // 60 % 60} min"
    )


def _watch(house: House, every: float, *, as_json: bool) -> None:
    """Look again until interrupted, by Ctrl-C or SIGTERM; a look in hand is finished."""
    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stop.set())
    with Live(console=console(), auto_refresh=False) if not as_json else nullcontext() as live:
        for lines, rates in _looks(house, every, stop):
            if live is None:
                line = [asdict(line) | {"rate": rates[line.service]} for line in lines]
                click.echo(json.dumps(line))
            else:
                live.update(table(lines, rates), refresh=True)


def _looks(
    house: House, every: float, stop: threading.Event
) -> Iterator[tuple[list[Line], dict[str, float]]]:
    """Look after look with what was heard a second in between."""
    before, at = look(house, counting=True), time.monotonic()
    while not stop.wait(every):
        lines, then = look(house, counting=True), time.monotonic()
        yield lines, _rates(before, lines, then - at)
        before, at = lines, then


def _rates(before: Sequence[Line], after: Sequence[Line], seconds: float) -> dict[str, float]:
    return {
        new.service: ((new.heard or 0) - (old.heard or 0)) / seconds
        for old, new in zip(before, after, strict=True)
    }
