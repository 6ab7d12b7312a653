"""`ocop rate`: the star that score sheets give a product, from the command line."""

import json
from typing import Any, TextIO

import click
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from chassis.settings import read
from cli.mistakes import Mistake, first_fault
from cli.printing import console, json_option, print_json, print_table
from regulation import packs
from regulation.improvement import as_json as improvement_as_json
from regulation.improvement import improvement as nearest_improvement
from regulation.rating import Rating, Sheet
from regulation.rating import as_json as rating_as_json
from regulation.rating import rate as rate_sheets


class _Sheet(Schema):
    class Meta:
        unknown = RAISE

    member = fields.String(required=True, validate=validate.Length(1))
    choices = fields.Dict(
        keys=fields.String(), values=fields.Integer(strict=True), load_default=dict
    )


class _Sheets(Schema):
    class Meta:
        unknown = RAISE

    sheets = fields.List(fields.Nested(_Sheet), required=True)
    knockouts = fields.List(fields.String(), load_default=list)
    agreed = fields.Dict(
        keys=fields.String(), values=fields.Integer(strict=True), load_default=dict
    )


@click.command()
@click.option("--pack", "pack_id", required=True, help="A rule pack, e.g. QD26-2026.")
@click.option("--set", "set_code", required=True, help="A criteria set of it, e.g. QD26-01.")
@click.option(
    "--sheets",
    type=click.File(encoding="utf-8"),
    required=True,
    help="The members' sheets as JSON; - for standard input.",
)
@click.option(
    "--improvement",
    "improve",
    is_flag=True,
    help="Add the smallest changes of options that would reach the next star to --json; the table always has them.",
)
@json_option
def rate(pack_id: str, set_code: str, sheets: TextIO, improve: bool, as_json: bool) -> None:
    """Rate a product by its members' score sheets, say why the result is what it is, and what the next star takes."""
    packs.take_up(read().law_folder)
    pack = packs.pack(pack_id)
    criteria_set = pack.criteria_set(set_code)
    given = _read(sheets)
    rating = rate_sheets(
        criteria_set,
        [Sheet(**sheet) for sheet in given["sheets"]],
        pack=pack,
        knockouts=given["knockouts"],
        agreed=given["agreed"],
    )
    way = nearest_improvement(rating, pack=pack, criteria_set=criteria_set)
    if as_json:
        more = {"improvement": improvement_as_json(way)} if improve else {}
        print_json(rating_as_json(rating) | more)
    else:
        _print(rating)
        console().print(way.text.en, way.text.vi, sep="\n", markup=False)


def _read(file: TextIO) -> dict[str, Any]:
    """The sheets as given. Raises Mistake, naming the field, when they are not what is asked for."""
    try:
        loaded: dict[str, Any] = _Sheets().load(json.load(file))
    except ValidationError as error:
        raise Mistake(f"--sheets: {first_fault(error.messages)}") from error
    except ValueError as error:  # not JSON, or not UTF-8
        raise Mistake(f"--sheets is not a JSON document: {error}") from error
    return loaded


def _print(rating: Rating) -> None:
    shown = rating_as_json(rating)
    rows = [("mean", shown["mean"], f"band of {rating.band} stars")]
    rows += [(f"part {code}", mean, "") for code, mean in shown["parts"].items()]
    rows += [
        (f"{star} stars", "", f"minimum missed in {', '.join(missed)}")
        for star, missed in shown["gates_missed"].items()
    ]
    print_table(f"{rating.star} stars", ("", "points", ""), rows, right=(1,))
    console().print(rating.reason.en, rating.reason.vi, sep="\n")
