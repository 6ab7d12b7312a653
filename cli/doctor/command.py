"""`ocop doctor`: runs the checks and prints them; exit status 1 when one found a fault."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial

import click
from rich.text import Text

from chassis.settings import SERVICES, Settings, read
from cli.doctor import broker, databases, machine
from cli.doctor.findings import Check, Finding, State, run
from cli.house import House
from cli.printing import json_option, print_json, print_table
from cli.processes import ALL, chosen

WITHIN = 8.0
"""Seconds that a check gets."""

COLOURS = {State.OK: "green", State.WARNING: "yellow", State.FAULT: "red"}


@click.command()
@click.argument("services", nargs=-1, type=click.Choice([*SERVICES, ALL]), metavar="[SERVICE]…")
@json_option
def doctor(services: Sequence[str], as_json: bool) -> None:
    """Look at everything that these services need (all if none is named), and say what to do about each fault.

    Exit status 1 when something does not work; warnings leave it 0.
    """
    settings = read()
    found = list(run(_checks(settings, chosen(services or (ALL,))), within=WITHIN))
    if as_json:
        print_json({"settings": settings.shown(), "findings": [asdict(each) for each in found]})
    else:
        _print(found)
    raise SystemExit(1 if any(each.state is State.FAULT for each in found) else 0)


def _checks(settings: Settings, services: Sequence[str]) -> list[tuple[str, Check]]:
    house = House(settings, services)
    checks: list[tuple[str, Check]] = [
        ("settings", partial(machine.settings, settings)),
        ("data folder", partial(machine.data_folder, settings)),
        ("rule packs", partial(machine.rule_packs, settings)),
    ]
    checks += [
        (f"database {name}", partial(databases.look, house, name)) for name in house.services
    ]
    if not settings.embedded:
        checks.append(("broker", partial(broker.look, settings, services)))
    return checks


def _print(found: Sequence[Finding]) -> None:
    rows = [
        (Text(each.state, style=COLOURS[each.state]), each.about, each.seen, each.remedy)
        for each in found
    ]
    print_table("ocop doctor", ("", "", "seen", "what to do"), rows)
    counted = Counter(each.state for each in found)
    amiss = [f"{state.value}s: {counted[state]}" for state in (State.FAULT, State.WARNING)]
    click.echo(", ".join(amiss).capitalize() if counted[State.FAULT] else "Nothing is wrong.")
