"""`ocop regulation`: shows a pack or a set, compares two packs, tries stored dossiers under another pack."""

from typing import Any

import click

from chassis.settings import read
from cli.house import House
from cli.law.adding import import_, template
from cli.law.assessed import assessed
from cli.law.simulation import Trial, simulate
from cli.printing import console, json_option, print_json, print_table
from regulation import packs
from regulation.comparing import Change, changes_of_decision, changes_of_set, pairs
from regulation.showing import show_pack, show_set


@click.group()
def regulation() -> None:
    """The law as this instance knows it: the packs, and what its operator has added."""
    packs.take_up(read().law_folder)


regulation.add_command(import_)
regulation.add_command(template)


@regulation.command()
@click.argument("pack_id", metavar="PACK")
@click.argument("set_code", metavar="[SET]", required=False)
@json_option
def show(pack_id: str, set_code: str | None, as_json: bool) -> None:
    """Print a pack, or one criteria set of it, whole."""
    pack = packs.pack(pack_id)
    if set_code is None:
        shown = show_pack(pack)
        rows = [(each["code"], each["title"]["vi"], each["title"]["en"]) for each in shown["sets"]]
        _print(shown, as_json, shown["title"]["vi"], ("set", "vi", "en"), rows)
    else:
        shown = show_set(pack.criteria_set(set_code))
        columns = ("code", "tiêu chí", "criterion", "max", "minimums")
        _print(shown, as_json, shown["title"]["vi"], columns, _criteria(shown))
    if not as_json:
        _remark(shown)


@regulation.command()
@click.argument("before", metavar="PACK")
@click.argument("after", metavar="PACK")
@json_option
def diff(before: str, after: str, as_json: bool) -> None:
    """Print what changed from one pack to another: the decision, then each kind of product."""
    old, new = packs.pack(before), packs.pack(after)
    decision = changes_of_decision(old, new)
    sets = [(a, b, changes_of_set(a, b) if a and b else []) for a, b in pairs(old, new)]
    if as_json:
        print_json(
            {
                "decision": [_change(each) for each in decision],
                "sets": [
                    {"before": a and a.code, "after": b and b.code, "changes": [_change(c) for c in found]}
                    for a, b, found in sets
                ],
            }
        )  # fmt: skip
        return
    columns = ("", before, after)
    print_table("decision", columns, [(c.where, c.before, c.after) for c in decision])
    for a, b, found in sets:
        title = f"{a.code if a else '–'} → {b.code if b else '–'} {(b or a).title.vi}"  # type: ignore[union-attr]  # one of them is there
        print_table(title, columns, [(c.where, c.before, c.after) for c in found])


@regulation.command("simulate")
@click.argument("pack_id", metavar="PACK")
@click.option("--under", help="Only dossiers that were rated under this pack.")
@json_option
def simulate_(pack_id: str, under: str | None, as_json: bool) -> None:
    """Rate every stored assessment under another pack: how many would change their star, and why.

    Criteria are matched by title, options by their share of the points; what the other pack asks and the sheets
    do not answer counts as not ticked. A forecast to think with, not a rating.
    """
    house = House(read(), ("evaluation",))
    trials = [
        trial
        for each in assessed(house)
        if under in (None, each.pack)
        and (trial := simulate(each, packs.pack(pack_id))) is not None
    ]
    changed = [trial for trial in trials if trial.before != trial.after]
    if as_json:
        print_json(
            {
                "assessments": len(trials),
                "changed": len(changed),
                "changes": [_trial(trial) for trial in changed],
            }
        )
        return
    rows = [(t.dossier, t.criteria_set, t.before, t.after, t.reason.vi) for t in changed]
    print_table(f"{pack_id}", ("dossier", "set", "star", "would be", "vì sao"), rows)
    console().print(f"{len(changed)} of {len(trials)} assessments would change their star")


def _trial(trial: Trial) -> dict[str, Any]:
    return {
        "dossier": trial.dossier,
        "set": trial.criteria_set,
        "before": trial.before,
        "after": trial.after,
        "reason": {"vi": trial.reason.vi, "en": trial.reason.en},
    }


def _change(change: Change) -> dict[str, str | None]:
    return {"where": change.where, "before": change.before, "after": change.after}


def _criteria(shown: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (
            criterion["code"],
            criterion["title"]["vi"],
            criterion["title"]["en"],
            criterion["max"],
            " ".join(f"{star}★≥{least}" for star, least in criterion["minimums"].items()),
        )
        for part in shown["parts"]
        for section in part["sections"]
        for criterion in section["criteria"]
    ]


def _remark(shown: dict[str, Any]) -> None:
    """What an official must know beside the figures: why a set is not rated by, and what is not known."""
    because = [shown["because"]] if shown.get("because") else []
    for text in (*because, *shown["unknown"]):
        console().print(f"• {text['vi']}\n  {text['en']}", markup=False)


def _print(shown: Any, as_json: bool, title: str, columns: Any, rows: Any) -> None:
    if as_json:
        print_json(shown)
    else:
        print_table(title, columns, rows)
