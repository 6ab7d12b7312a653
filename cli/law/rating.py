"""`ocop rating recompute`: every stored result computed again from its sheets; a difference is a fault."""

import click

from chassis.settings import read
from cli.house import House
from cli.law.assessed import Assessed, assessed
from cli.mistakes import Mistake
from cli.printing import console, json_option, print_json, print_table
from regulation import packs
from services.evaluation.domain.conclusion import recompute as computed_anew


@click.group()
def rating() -> None:
    """Stored results."""


@rating.command()
@click.option("--all", "everything", is_flag=True, help="Every stored assessment.")
@click.option("--dossier", help="Only the assessments of this dossier.")
@json_option
def recompute(everything: bool, dossier: str | None, as_json: bool) -> None:
    """Compute stored results again under their own pack and set; exit status 1 if any differs."""
    if not everything and dossier is None:
        raise Mistake("say --all, or which --dossier")
    house = House(read(), ("evaluation",))
    wanted = [each for each in assessed(house) if dossier in (None, each.dossier)]
    different = [each for each in wanted if not _same(each)]
    if as_json:
        print_json(
            {"recomputed": len(wanted), "different": [each.assessment for each in different]}
        )
    else:
        rows = [(each.assessment, each.dossier, each.level, each.pack) for each in different]
        if rows:
            print_table("different", ("assessment", "dossier", "level", "pack"), rows)
        console().print(f"{len(wanted)} recomputed, {len(different)} different")
    raise SystemExit(1 if different else 0)


def _same(each: Assessed) -> bool:
    pack = packs.pack(each.pack)
    criteria_set = pack.criteria_set(each.criteria_set)
    return computed_anew(each.conclusion, criteria_set, pack) == each.conclusion.result
