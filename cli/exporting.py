"""`ocop export`: all dossiers or the whole catalogue as one file, written row by row, whatever their number."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click
from rich.progress import Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import RowMapping, Select, Table, select

from chassis.settings import read
from cli.house import House
from cli.printing import console
from cli.processes import require_migrated
from services.promotion.domain import Status
from services.promotion.storage import ListingRow
from services.reporting.domain import YEARS, Stage
from services.reporting.schemas import DossierShown
from services.reporting.storage import dossiers

AT_ONCE = 1_000
"""Rows that are in memory at a time."""

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""By which Excel knows UTF-8."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula."""

PRODUCT = ("id", "product_name", "producer", "product_code", "province", "district", "commune",
           "certificate_number", "star", "decided_on", "expires_on", "listed_on")  # fmt: skip

LISTINGS: Table = ListingRow.metadata.tables["listings"]

Row = RowMapping | Mapping[str, Any]
Writer = Callable[[IO[Any], tuple[str, ...], Iterable[Row]], int]


def _dossiers(year: int | None, stage: str | None) -> Select[Any]:
    statement = select(*(dossiers.c[name] for name in DossierShown().fields))
    if year is not None:
        statement = statement.where(dossiers.c.year == year)
    if stage is not None:
        statement = statement.where(dossiers.c.stage == stage)
    return statement.order_by(dossiers.c.dossier_id)


def _catalogue() -> Select[Any]:
    shown = select(*(LISTINGS.c[name] for name in PRODUCT))
    listed = shown.where(LISTINGS.c.status == Status.LISTED)
    return listed.order_by(LISTINGS.c.name_key, LISTINGS.c.id)


def _as_csv(file: IO[Any], columns: tuple[str, ...], rows: Iterable[Row]) -> int:
    writer, count = csv.writer(file), 0
    writer.writerow(columns)
    for row in rows:
        writer.writerow(row[name] for name in columns)
        count += 1
    return count


def _for_excel(file: IO[Any], columns: tuple[str, ...], rows: Iterable[Row]) -> int:
    file.write(BOM)
    return _as_csv(file, columns, ({name: _cell(row[name]) for name in columns} for row in rows))


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would reckon with is marked as a text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _as_lines(file: IO[Any], columns: tuple[str, ...], rows: Iterable[Row]) -> int:
    count = 0
    for row in rows:
        file.write(
            json.dumps({name: row[name] for name in columns}, ensure_ascii=False, default=str)
            + "\n"
        )
        count += 1
    return count


FORMATS: Mapping[str, Writer] = {"csv": _as_csv, "excel": _for_excel, "jsonl": _as_lines}


def _options(command: Callable[..., None]) -> Callable[..., None]:
    form = click.option("--format", "form", type=click.Choice(list(FORMATS)), default="csv",
                        help="CSV, CSV as Excel opens it, or one JSON object a line.")  # fmt: skip
    out = click.option("--out", type=click.Path(dir_okay=False, writable=True, allow_dash=True,
                       path_type=str), default="-", help="The file; without it, standard output.")  # fmt: skip
    return form(out(command))


@click.group(name="export")
def export() -> None:
    """Write all dossiers or the whole catalogue into a file."""


@export.command(name="dossiers")
@click.option("--year", type=click.IntRange(*YEARS), help="Those of one year.")
@click.option("--stage", type=click.Choice([stage.value for stage in Stage]), help="Those at it.")
@_options
def export_dossiers(year: int | None, stage: str | None, form: str, out: str) -> None:
    """Every dossier with what reporting knows of it, by id."""
    _export("reporting", _dossiers(year, stage), form, out)


@export.command(name="catalogue")
@_options
def export_catalogue(form: str, out: str) -> None:
    """Every listed product with its certificate, by name."""
    _export("promotion", _catalogue(), form, out)


def _export(service: str, statement: Select[Any], form: str, out: str) -> None:
    house = House(read())
    require_migrated(house)
    columns = tuple(column.name for column in statement.selected_columns)
    with _opened(out) as file:
        count = FORMATS[form](file, columns, _rows(house, service, statement))
    house.close()
    if out != "-":
        click.echo(f"{out}: {count} rows")


def _rows(house: House, service: str, statement: Select[Any]) -> Iterator[Row]:
    """As they stood at one moment, a few at a time from the server."""
    with house.database(service).reading() as session, _progress() as progress:
        bar = progress.add_task("export", total=None)
        found = session.execute(statement, execution_options={"yield_per": AT_ONCE})
        for some in found.mappings().partitions():
            yield from some
            progress.update(bar, advance=len(some))


def _progress() -> Progress:
    shown = console(err=True)
    columns = (TextColumn("{task.description}"), TextColumn("{task.completed:,} rows"),
               TimeElapsedColumn())  # fmt: skip
    return Progress(*columns, console=shown, disable=not shown.is_terminal)


@contextmanager
def _opened(out: str) -> Iterator[IO[Any]]:
    """Standard output, or a file that is there only when it is whole."""
    if out == "-":
        with click.open_file("-", "w", encoding="utf-8") as stream:
            yield stream
        return
    part = Path(f"{out}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
