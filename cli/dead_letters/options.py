"""What the commands on dead letters are told: which letters, who decides, how many."""

import getpass
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any

import click

from chassis.dead_letters import State
from chassis.settings import SERVICES, read
from cli.dead_letters.choosing import Choice, address
from cli.house import House
from cli.pacing import Moment
from cli.processes import require_migrated

STATES = [*(each.value for each in State), "all"]

FILTERS = (
    click.argument("letters", nargs=-1, metavar="[SERVICE/NUMBER]…"),
    click.option("--service", "services", multiple=True, type=click.Choice(SERVICES)),
    click.option("--type", "type_", help="The event's type."),
    click.option("--subject", help="Whom it is about: an id."),
    click.option("--reason", help="A part of the reason."),
    click.option("--fingerprint", help="As `groups` shows it; its beginning is enough."),
    click.option("--since", type=Moment(), help="Died since: 2026-11-22, or 2h ago."),
)
DECISION = (
    click.option("--why", required=True, help="The reason, kept for ever; no personal data."),
    click.option(
        "--by", default=getpass.getuser, show_default="you", help="Who decides: a code or login."
    ),
)
BULK = (
    click.option("--all", "all_", is_flag=True, help="All that wait, where nothing is chosen."),
    click.option("--limit", type=click.IntRange(min=1), help="So many at most."),
    click.option("--dry-run", is_flag=True, help="Only show which ones it would be."),
)
state_option = click.option(
    "--state", type=click.Choice(STATES), default="waiting", show_default=True
)


def with_options(*options: Callable[..., Any]) -> Callable[..., Any]:
    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def choosing_letters(command: Callable[..., Any]) -> Callable[..., Any]:
    """Passes the filters on as one `choice`, and the house of all services as `house`."""

    @wraps(command)
    def run(
        letters: Sequence[str],
        services: Sequence[str],
        type_: str | None,
        since: datetime | None,
        state: str = State.WAITING,
        **given: Any,
    ) -> None:
        same = {name: given.pop(name) for name in ("subject", "reason", "fingerprint")}
        choice = Choice(services=services, addresses=[address(each) for each in letters], type=type_,
                        since=since, state=None if state == "all" else State(state), **same)  # fmt: skip
        house = house_of_all()
        try:
            command(house=house, choice=choice, **given)
        finally:
            house.close()

    chosen: Callable[..., Any] = with_options(*FILTERS)(run)
    return chosen


def house_of_all() -> House:
    house = House(read())
    require_migrated(house)
    return house
