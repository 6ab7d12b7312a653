"""`ocop regulation import`: adds criteria sets to a pack whose own were not found, into the operator's own folder."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from chassis import migrating
from chassis.settings import read
from cli.house import House
from cli.law.assessed import assessed
from cli.mistakes import Mistake
from cli.printing import console, json_option, print_json, print_table
from regulation import additions, packs
from regulation.additions import Addition, SetAlreadyThere
from regulation.criteria import CriteriaSet
from regulation.decision import Pack
from regulation.refusals import UnknownPack
from services.evaluation.domain.conclusion import recompute

TEMPLATE = Path(__file__).parent / "template.yaml"


@click.command("import")
@click.argument("pack_id", metavar="PACK")
@click.argument(
    "files",
    metavar="FILE…",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--dry-run", is_flag=True, help="Only check; nothing is written.")
@json_option
def import_(pack_id: str, files: Sequence[Path], dry_run: bool, as_json: bool) -> None:
    """Add criteria sets to a pack, from YAML (`ocop regulation template`) or JSON (`ocop regulation show --json`).

    All of them or none. They are checked as every set is, sealed, and never replaced: what was rated by a set comes out
    the same years later. Every process of the instance takes them up when it is started anew.
    """
    settings = read()
    folder = settings.law_folder
    shelf = packs.read_shelf(packs.SHELF)
    pack = _importable(pack_id, shelf)
    found = additions.read(files, pack, shelf=shelf, folder=folder)
    _require_same_results(House(settings, ("evaluation",)), found, pack)
    if not dry_run:
        additions.write(found, pack, folder=folder)
    if as_json:
        print_json({"pack": pack.id, "folder": str(folder), "written": not dry_run,
                    "sets": [_shown(each) for each in found]})  # fmt: skip
        return
    rows = [tuple(_shown(each).values()) for each in found]
    print_table(
        f"{pack.id}", ("set", "tên", "criteria", "options", "minimums", ""), rows, right=(2, 3, 4)
    )
    if dry_run:
        console().print("Nothing was written.")
    elif any(each.is_new for each in found):
        console().print(
            f"Added in {folder}. Start every process of the instance anew: only then is it taken up."
        )


@click.command("template")
def template() -> None:
    """Print a criteria set to fill in, with what each field means."""
    click.echo(TEMPLATE.read_text("utf-8"), nl=False)


def _importable(pack_id: str, shelf: Sequence[Pack]) -> Pack:
    """The pack as it was published, whatever lies beside it. Raises UnknownPack, Mistake where its sets are known."""
    pack = next((each for each in shelf if each.id == pack_id), None)
    if pack is None:
        raise UnknownPack(f"there is no rule pack {pack_id!r}")
    if not any(c.kind == "points" for each in pack.sets.values() for c in each.criteria):
        raise Mistake(
            f"{pack_id} has its criteria sets: only a pack that rates by part totals takes others"
        )
    return pack


def _require_same_results(house: House, found: Iterable[Addition], pack: Pack) -> None:
    """A set that was lost may come back, if every result that was reached by it comes out the same.

    Raises SetAlreadyThere. An instance that has no databases yet has no results.
    """
    if migrating.missing(house.database("evaluation")):
        return
    new = {each.criteria_set.code: each.criteria_set for each in found if each.is_new}
    for each in assessed(house):
        if each.pack == pack.id and each.criteria_set in new:
            criteria_set: CriteriaSet = new[each.criteria_set]
            if recompute(each.conclusion, criteria_set, pack) != each.conclusion.result:
                raise SetAlreadyThere(
                    f"{criteria_set.code} is not the set by which {each.dossier} was rated: the result differs"
                )


def _shown(addition: Addition) -> dict[str, Any]:
    criteria = addition.criteria_set.criteria
    return {
        "code": addition.criteria_set.code,
        "title": addition.criteria_set.title.vi,
        "criteria": len(criteria),
        "options": sum(len(each.options) for each in criteria),
        "minimums": sum(bool(each.gates) for each in criteria),
        "state": "new" if addition.is_new else "there already",
    }
