"""`ocop dead-letters groups|list|show|export`: what lies there, and why."""

import json
from typing import IO

import click

from cli.dead_letters import choosing, showing
from cli.dead_letters.choosing import Choice, address
from cli.dead_letters.options import choosing_letters, house_of_all, state_option
from cli.house import House
from cli.printing import json_option, print_json, print_table


@click.command()
@state_option
@json_option
@choosing_letters
def groups(house: House, choice: Choice, as_json: bool) -> None:
    """Count letters by fingerprint: the kind of reason, the event's type, where in our code."""
    found = choosing.groups(house, choice)
    if as_json:
        print_json([showing.group_document(*each) for each in found])
    else:
        showing.print_groups(found)


@click.command("list")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)
@state_option
@json_option
@choosing_letters
def list_(house: House, choice: Choice, limit: int, as_json: bool) -> None:
    """Show letters, each service's oldest first."""
    found = choosing.chosen(house, choice, limit)
    if as_json:
        print_json([showing.brief_document(*each) for each in found])
    else:
        showing.print_list(found, "Dead letters")


@click.command()
@click.argument("letter", metavar="SERVICE/NUMBER")
@json_option
def show(letter: str, as_json: bool) -> None:
    """Show one letter with its headers, its body, and what was decided."""
    house, where = house_of_all(), address(letter)
    found = choosing.letter(house, where)
    if as_json:
        print_json(showing.document(where[0], found))
    else:
        print_table(f"Dead letter {letter}", ("", ""), list(showing.lines(where[0], found)))
    house.close()


@click.command()
@click.option("--to", "file", type=click.File("w", encoding="utf-8"), default="-",
              help="A file; - is standard output.")  # fmt: skip
@state_option
@json_option
@choosing_letters
def export(house: House, choice: Choice, file: IO[str], as_json: bool) -> None:
    """Write letters with all that they carry, one JSON document a line; with --json one document of all."""
    found = choosing.chosen(house, choice)
    documents = (
        showing.document(service, choosing.letter(house, (service, brief.number)))
        for service, brief in found
    )
    if as_json:
        json.dump(list(documents), file, ensure_ascii=False, default=str)
    else:
        file.writelines(
            json.dumps(each, ensure_ascii=False, default=str) + "\n" for each in documents
        )
