"""`ocop dead-letters edit|redrive|discard|collect`: what is done about them."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import click
from rich.progress import Progress

from cli import handing
from cli.dead_letters import choosing, deciding, mending, showing
from cli.dead_letters.choosing import Choice, address
from cli.dead_letters.deciding import Decider
from cli.dead_letters.options import (
    BULK,
    DECISION,
    choosing_letters,
    house_of_all,
    with_options,
)
from cli.dead_letters.redriving import Fate, Stop, redrive
from cli.house import House
from cli.mistakes import Failure, Mistake
from cli.printing import console, json_option, print_json, print_table


@click.command()
@click.argument("letter", metavar="SERVICE/NUMBER")
@click.option("--body", metavar="FILE", help="The event's data as JSON; - is standard input.")
@click.option("--header", "headers", multiple=True, metavar="NAME=VALUE", help="Set one header.")
@with_options(*DECISION)
@json_option
def edit(
    letter: str, body: str | None, headers: Sequence[str], why: str, by: str, as_json: bool
) -> None:
    """Change what a letter carries, in $EDITOR where no option says how; send it by `redrive`.

    What it first carried is kept beside. An event that breaks its contract is not taken.
    """
    house, (service, number) = house_of_all(), address(letter)
    found = choosing.letter(house, (service, number))
    new = mending.mended(found, body, headers)
    deciding.edit(house, service, found, new.headers, new.body, Decider(by=by, why=why))
    if as_json:
        print_json(showing.document(service, choosing.letter(house, (service, number))))
    else:
        click.echo(f"{letter} was changed; `ocop dead-letters redrive {letter}` sends it.")
    house.close()


@click.command("redrive")
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), default=20, show_default=True,
              help="So many a second at most.")  # fmt: skip
@click.option("--patience", type=click.FloatRange(min=0), default=60, show_default=True,
              metavar="SECONDS", help="So long one may take to be heard before it stops.")  # fmt: skip
@with_options(*BULK, *DECISION)
@json_option
@choosing_letters
def redrive_(
    house: House,
    choice: Choice,
    rate: float,
    patience: float,
    all_: bool,
    limit: int | None,
    dry_run: bool,
    why: str,
    by: str,
    as_json: bool,
) -> None:
    """Send letters again, to the service they came from and to no other; stop at the first that fails anew.

    One after the other: the next goes when the one before was heard. A letter that dies again keeps its number.
    """
    found = _bulk(house, choice, all_=all_, limit=limit)
    if dry_run:
        _show(found, "Would be sent again", as_json=as_json)
        return
    hand, fates = handing.hand(house), Counter[Fate]()
    with Progress(console=console(err=True), transient=True) as progress:
        bar = progress.add_task("redrive", total=len(found))

        def done(fate: Fate) -> None:
            fates[fate] += 1
            progress.advance(bar)

        addresses = [(service, row.number) for service, row in found]
        who = Decider(by=by, why=why)
        stop = redrive(house, hand, addresses, who, rate=rate, patience=patience, done=done)
    hand.close()
    if as_json:
        print_json(fates)
    else:
        told = ", ".join(f"{count} {fate}" for fate, count in fates.items())
        click.echo(told or "nothing to send")
    if stop is not None:
        raise Failure(_stopped(stop, patience))


@click.command()
@with_options(*BULK, *DECISION)
@json_option
@choosing_letters
def discard(
    house: House,
    choice: Choice,
    all_: bool,
    limit: int | None,
    dry_run: bool,
    why: str,
    by: str,
    as_json: bool,
) -> None:
    """Give letters up for ever: their events count as heard without an effect, and what waited behind them is heard."""
    found = _bulk(house, choice, all_=all_, limit=limit)
    if dry_run:
        _show(found, "Would be given up", as_json=as_json)
        return
    for service, brief in found:
        letter = choosing.letter(house, (service, brief.number))
        deciding.discard(house, service, letter, Decider(by=by, why=why))
    if as_json:
        print_json({"given up": len(found)})
    else:
        click.echo(f"{len(found)} given up")


@click.command()
@json_option
def collect(as_json: bool) -> None:
    """Move what lies in the broker's dead-letter queues into the tables now; relays do so all the time."""
    house = house_of_all()
    if house.settings.embedded:
        raise Mistake("OCOP_BROKER_URL is not set: an embedded instance has no queues")
    moved = {service: _collected(house, service) for service in house.services}
    house.close()
    if as_json:
        print_json(moved)
    else:
        print_table("Moved into the tables", ("service", "letters"), moved.items(), right=(1,))


def _collected(house: House, service: str) -> int:
    from chassis.wire.collecting import Collector  # an embedded instance needs no kombu

    collector, moved = Collector(house.database(service), house.settings.broker_url), 0
    try:
        while count := collector.collect():
            moved += count
    finally:
        collector.close()
    return moved


def _show(found: list[tuple[str, Any]], title: str, *, as_json: bool) -> None:
    if as_json:
        print_json([showing.brief_document(*each) for each in found])
    else:
        showing.print_list(found, title)


def _bulk(house: House, choice: Choice, *, all_: bool, limit: int | None) -> list[tuple[str, Any]]:
    if choice.is_open and not all_:
        raise Mistake("name letters, or what they have in common, or give --all")
    return choosing.chosen(house, choice, limit)


def _stopped(stop: Stop, patience: float) -> str:
    service, number = stop.address
    where = f"{service}/{number}"
    if stop.fate is Fate.UNHEARD:
        return f"stopped: {where} lies on its queue, but was not heard within {patience:g} s"
    if stop.fate is Fate.NO_EVENT:
        return f"stopped: {where} carries no event ({stop.reason}): edit or discard it"
    return f"stopped: {where} has failed anew: {stop.reason}"
