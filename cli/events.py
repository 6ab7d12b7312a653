"""`ocop events`: what was said about one dossier, idea or certificate, and who has heard it; what waits; replay."""

from collections.abc import Iterator
from typing import Any

import click
from sqlalchemy import select

from chassis.inbox import inbox, parked
from chassis.outbox import outbox, to_event
from chassis.settings import read
from cli.house import House, listening
from cli.mistakes import Mistake
from cli.parked import parked as parked_events
from cli.printing import json_option, print_json, print_table
from cli.processes import require_migrated
from cli.replaying import replay
from contracts.envelope import Event, to_structured


@click.group()
def events() -> None:
    """Look at events, and have them heard again."""


events.add_command(replay)
events.add_command(parked_events)


@events.command()
@click.argument("subject")
@json_option
def show(subject: str, as_json: bool) -> None:
    """Show the events about SUBJECT (an id, as events carry it) in the order in which they were said."""
    house = House(read())
    require_migrated(house)
    said = sorted(_said(house, subject), key=lambda event: (event.time, event.sequence))
    if not said:
        raise Mistake(f"nothing was said about {subject}")
    heard = {service: _heard(house, service, subject) for service in house.services}
    if as_json:
        print_json([_document(event, heard) for event in said])
    else:
        rows = [_row(event, heard) for event in said]
        print_table(subject, ("time", "said by", "", "event", "heard by", "waits at"), rows)


def _said(house: House, subject: str) -> Iterator[Event]:
    for service in house.services:
        with house.database(service).reading() as session:
            for row in session.execute(select(outbox).where(outbox.c.subject == subject)):
                yield to_event(row, house.source(service))


def _heard(house: House, service: str, subject: str) -> dict[Any, str]:
    """Event id → heard or parked, in one service."""
    with house.database(service).reading() as session:
        ids = session.scalars(select(inbox.c.id).where(inbox.c.subject == subject))
        waiting = session.scalars(select(parked.c.id).where(parked.c.subject == subject))
        return dict.fromkeys(waiting, "parked") | dict.fromkeys(ids, "heard")


def _split(event: Event, heard: dict[str, dict[Any, str]]) -> tuple[list[str], list[str]]:
    """Who has heard it, and who has not yet."""
    hearers = [name for name, sayers in listening().items() if event.sayer in sayers]
    done = [name for name in hearers if heard[name].get(event.id) == "heard"]
    return done, [name for name in hearers if name not in done]


def _row(event: Event, heard: dict[str, dict[Any, str]]) -> tuple[Any, ...]:
    done, waits = _split(event, heard)
    when = f"{event.time:%Y-%m-%d %H:%M:%S}"
    return when, event.sayer, event.sequence, event.type, ", ".join(done), ", ".join(waits)


def _document(event: Event, heard: dict[str, dict[Any, str]]) -> dict[str, Any]:
    done, waits = _split(event, heard)
    return {"event": to_structured(event), "heard_by": done, "waits_at": waits}
