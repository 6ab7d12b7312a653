"""`ocop import`: dossiers and targets from a file, and templates to fill in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.progress import track

from chassis.clock import today
from chassis.settings import Settings, read
from cli.act.insider import among_ourselves
from cli.house import House, application
from cli.importing import reading, refused, template
from cli.importing.all_or_nothing import AllOrNothing
from cli.importing.columns import SHEETS
from cli.importing.desk import Desk, RowRefused
from cli.importing.dossiers import Dossiers
from cli.importing.reading import Row
from cli.importing.targets import Targets
from cli.mistakes import Mistake
from cli.printing import console, json_option, print_json, print_table
from cli.processes import require_migrated
from regulation.packs import take_up

SHOWN = 20
"""Refused rows printed; the workbook of errors has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a file."""

    path: Path
    rows: Sequence[Row]
    refused: Mapping[int, RowRefused]
    right: int
    kept: bool

    @property
    def imported(self) -> int:
        """How many rows came in."""
        return self.right if self.kept else 0


@click.group("import")
def import_() -> None:
    """Bring in dossiers or targets from XLSX or CSV: all rows or none, unless --only-good."""


FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
DRY = click.option("--dry-run", is_flag=True, help="Do everything, and keep nothing of it.")
GOOD = click.option(
    "--only-good", is_flag=True, help="Import the rows that are right, leave out the others."
)
AS = click.option("--as", "id_", default="import", show_default=True, help="Who acts: a code.")
YEAR = click.option(
    "--year", type=click.IntRange(2018, 2100), help="Of which year; this one if left out."
)


@import_.command("dossiers")
@FILE
@DRY
@GOOD
@AS
@json_option
def dossiers_(file: Path, dry_run: bool, only_good: bool, id_: str, as_json: bool) -> None:
    """Begin a dossier for each row, with its subject and its idea; evidence and filing follow over the API.

    On SQLite nobody else can write as long as the import runs.
    """
    rows = reading.read(file, SHEETS["dossiers"])
    found: dict[int, RowRefused] = {}
    settings, held = _open("registration")
    with held:
        work = Dossiers(Desk(application(held, settings), settings, id_), settings.province)
        for row in track(rows, "dossiers", console=console(err=True), disable=as_json):
            try:
                with held.one_row():
                    work.take(row)
            except RowRefused as error:
                found[row.number] = error
        kept = _keep(held, dry_run=dry_run, keep=not found or only_good)
    right = len(rows) - len(found)
    _end("dossiers", Outcome(path=file, rows=rows, refused=found, right=right, kept=kept), as_json)


@import_.command("targets")
@FILE
@YEAR
@click.option(
    "--source", help="The document that the plan comes from; the file's name if left out."
)
@DRY
@GOOD
@AS
@json_option
def targets_(
    file: Path,
    year: int | None,
    source: str | None,
    dry_run: bool,
    only_good: bool,
    id_: str,
    as_json: bool,
) -> None:
    """Enter a year's targets, in place of those there were: columns area (code or name as printed), 3, 4, 5."""
    rows = reading.read(file, SHEETS["targets"])
    settings, held = _open("reporting")
    with held:
        desk = Desk(application(held, settings), settings, id_)
        work = Targets(desk, settings.province, year or today().year, source or file.name)
        read_rows, found = work.read(rows)
        try:
            found |= work.enter(read_rows)
        except RowRefused as error:
            raise Mistake(str(error)) from error
        kept = _keep(held, dry_run=dry_run, keep=not found or only_good)
    right = len(read_rows.keys() - found.keys())
    _end("targets", Outcome(path=file, rows=rows, refused=found, right=right, kept=kept), as_json)


@import_.command("template")
@click.argument("what", type=click.Choice(list(SHEETS)))
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@YEAR
@json_option
def template_(what: str, file: Path, year: int | None, as_json: bool) -> None:
    """Write an empty workbook to fill in, with lists to choose from."""
    settings, day = read(), today()
    take_up(settings.law_folder)
    template.write(file, what, province=settings.province, on=date(year, 12, 31) if year else day)
    if as_json:
        print_json({"template": what, "file": str(file)})
    else:
        click.echo(f"{file}: fill it in, then `ocop import {what} {file}`")


def _open(service: str) -> tuple[Settings, AllOrNothing]:
    settings = among_ourselves(read())
    house = House(settings, (service,))
    require_migrated(house)
    return settings, AllOrNothing(house.database(service))


def _keep(held: AllOrNothing, *, dry_run: bool, keep: bool) -> bool:
    if dry_run or not keep:
        return False
    held.keep()
    return True


def _end(what: str, outcome: Outcome, as_json: bool) -> None:
    """Say what came of it; exit status 2 when rows were refused."""
    errors = refused.beside(outcome.path) if outcome.refused else None
    if errors:
        refused.write(errors, SHEETS[what], outcome.rows, outcome.refused)
    if as_json:
        print_json(_document(outcome, errors))
    else:
        _print(what, outcome, errors)
    raise SystemExit(2 if outcome.refused else 0)


def _document(outcome: Outcome, errors: Path | None) -> dict[str, Any]:
    return {
        "rows": len(outcome.rows),
        "right": outcome.right,
        "imported": outcome.imported,
        "refused": [
            {"row": number, "error": str(error)}
            for number, error in sorted(outcome.refused.items())
        ],
        "errors": str(errors) if errors else None,
    }


def _print(what: str, outcome: Outcome, errors: Path | None) -> None:
    if errors:
        rows = [(number, str(error)) for number, error in sorted(outcome.refused.items())]
        print_table(f"{len(rows)} rows refused; all in {errors}", ("row", "error"), rows[:SHOWN])
    read_ = f"{len(outcome.rows)} rows of {what} read, {outcome.right} are right"
    click.echo(f"{read_}, {outcome.imported} imported.")
