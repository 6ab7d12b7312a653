"""`ocop recover broker`: an empty broker gets its topology, and each service what it has not heard yet."""

from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID

import click
from rich.progress import Progress
from sqlalchemy import select

from chassis.dead_letters import LETTER, State, get
from chassis.inbox import inbox, parked
from chassis.settings import read
from cli import mailbags
from cli.handing import Hand, hand
from cli.house import House, listening
from cli.mistakes import Failure, Mistake
from cli.pacing import Pace
from cli.printing import console, json_option, print_json, print_table
from cli.processes import require_migrated
from contracts.envelope import Event

GROUP = 200


@click.group()
def recover() -> None:
    """Bring back what was lost."""


@recover.command()
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), default=1000.0,
              show_default=True, help="So many a second at most.")  # fmt: skip
@json_option
def broker(rate: float, as_json: bool) -> None:
    """Declare the topology, and send again what the outboxes have sent and a listener has not heard, to it alone.

    For a broker that has lost its queues. Harmless on one that has not: what comes twice is heard once. What was never
    sent is left to the relays. Queues of integrators are their own to fill: they ask for a replay.
    """
    from chassis.wire import topology as wire

    settings = read()
    if settings.embedded:
        raise Mistake("OCOP_BROKER_URL is not set: an embedded instance has no broker")
    house = House(settings)
    require_migrated(house)
    try:
        wire.declare(wire.topology(listening()), settings.broker_url)
    except wire.QueueDiffers as error:
        raise Failure(f"{error}; drain it, delete it, and run this again") from error
    sent = send_unheard(house, Pace(rate))
    house.close()
    if as_json:
        print_json(sent)
    else:
        print_table("Sent again", ("to", "events"), list(sent.items()), right=(1,))


def send_unheard(house: House, pace: Pace) -> dict[str, int]:
    """Hand every service what it has not heard of what was sent; how many, by service."""
    door, sent = hand(house), dict.fromkeys(house.services, 0)
    with Progress(console=console(err=True), transient=True) as progress:
        for service in house.services:
            bar = progress.add_task(f"unheard by {service}", total=None)
            for group in _groups(_events(house, service)):
                pace.wait(len(group))
                door.hand(service, group)
                sent[service] += len(group)
                progress.update(bar, advance=len(group))
            sent[service] += _send_letters(house, door, service)
    door.close()
    return sent


def _events(house: House, service: str) -> Iterator[Event]:
    """What was sent and not heard; not what was dead and sent again, which follows in its own words."""
    own = {event_id for _, event_id in letters_on_their_way(house, service)}
    for sayer in mailbags.sayers_to(house, service):
        unheard = mailbags.unheard(house, service, sayer)
        yield from (event for event in unheard if event.id not in own)


def _send_letters(house: House, door: Hand, service: str) -> int:
    letters = letters_on_their_way(house, service)
    for number, _ in letters:
        with house.database(service).reading() as session:
            letter = get(session, number)
        door.hand_letter(service, letter)
    return len(letters)


def letters_on_their_way(house: House, service: str) -> list[tuple[int, UUID]]:
    """Dead letters that were sent again and have not been heard: they may have been edited before."""
    redriven = select(LETTER.number, LETTER.event_id).where(LETTER.state == State.REDRIVEN)
    with house.database(service).reading() as session:
        found = [(row.number, UUID(row.event_id)) for row in session.execute(redriven)]
        return [each for each in found if not _came(session, each[1])]


def _came(session: Any, event_id: UUID) -> bool:
    places = (select(table.c.id).where(table.c.id == event_id) for table in (inbox, parked))
    return any(session.scalar(place) is not None for place in places)


def _groups(events: Iterator[Event]) -> Iterator[list[Event]]:
    while group := list(islice(events, GROUP)):
        yield group
