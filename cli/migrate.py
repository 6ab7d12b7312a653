"""`ocop migrate`: brings the databases of services to their newest shape."""

from collections.abc import Sequence

import click

from chassis import migrating
from chassis.settings import SERVICES, read
from cli.house import House
from cli.printing import json_option, print_json, print_table
from cli.processes import ALL, chosen


@click.command()
@click.argument("services", nargs=-1, type=click.Choice([*SERVICES, ALL]), metavar="[SERVICE]…")
@json_option
def migrate(services: Sequence[str], as_json: bool) -> None:
    """Apply the migrations that the databases of these services lack (all services if none is named)."""
    house = House(read(), chosen(services or (ALL,)))
    applied = {name: migrating.missing(house.database(name)) for name in house.services}
    house.migrate()
    house.close()
    if as_json:
        print_json({"applied": applied})
        return
    rows = [(name, ", ".join(lacking) or "up to date") for name, lacking in applied.items()]
    print_table("Migrations applied", ("service", "histories"), rows)
