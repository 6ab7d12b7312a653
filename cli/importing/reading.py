"""An import file as rows of text: XLSX or CSV, headings in the first line."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from cli.importing.columns import Column
from cli.mistakes import Mistake

MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row; `number` is its line in the file, `values` its texts by column, absent where a cell is empty."""

    number: int
    values: dict[str, str]


def read(path: Path, columns: Sequence[Column]) -> list[Row]:
    """The rows of a file; empty ones are left out.

    Raises Mistake when it cannot be read, or its headings are not those of `columns`.
    """
    lines = _csv(path) if path.suffix.lower() == ".csv" else _workbook(path)
    if not lines:
        raise Mistake(f"{path} is empty: its first line holds the headings")
    if len(lines) > MOST_ROWS:
        raise Mistake(f"{path} has more than {MOST_ROWS} rows: import it in parts")
    names = _named(path, lines[0], columns)
    rows = (_row(number, line, names) for number, line in enumerate(lines[1:], start=2))
    return [row for row in rows if row.values]


def _csv(path: Path) -> list[list[Any]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            start = file.read(4096)
            file.seek(0)
            return list(csv.reader(file, delimiter=";" if _semicolons(start) else ","))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Mistake(f"{path} cannot be read as CSV in UTF-8: {error}") from error


def _semicolons(start: str) -> bool:
    """A spreadsheet set to Vietnamese writes its CSV with semicolons."""
    heading = start.partition("\n")[0]
    return heading.count(";") > heading.count(",")


def _workbook(path: Path) -> list[list[Any]]:
    try:
        workbook = CalamineWorkbook.from_path(path)
        return list(workbook.get_sheet_by_index(0).to_python(skip_empty_area=False))
    except (CalamineError, OSError) as error:
        raise Mistake(f"{path} cannot be read as a workbook: {error}") from error


def _named(path: Path, heading: Sequence[Any], columns: Sequence[Column]) -> dict[int, str]:
    """Which column stands where. Columns of other names are left alone."""
    known = {_key(each): column.name for column in columns for each in _headings(column)}
    names = {
        position: known[_key(cell)] for position, cell in enumerate(heading) if _key(cell) in known
    }
    found = list(names.values())
    if twice := sorted({name for name in found if found.count(name) > 1}):
        raise Mistake(f"{path}: the column {twice[0]} is there twice")
    if missing := [each.name for each in columns if each.required and each.name not in found]:
        raise Mistake(
            f"{path}: the column {missing[0]} is missing (a template: `ocop import template`)"
        )
    return names


def _headings(column: Column) -> tuple[str, ...]:
    return (column.name, column.title, *column.also)


def _key(cell: Any) -> str:
    """A heading without its mark for required, in small letters; 3.0 is 3."""
    return _text(cell).removesuffix("*").strip().casefold()


def _row(number: int, line: Sequence[Any], names: dict[int, str]) -> Row:
    texts = {
        name: _text(line[position]) for position, name in names.items() if position < len(line)
    }
    return Row(number=number, values={name: text for name, text in texts.items() if text})


def _text(cell: Any) -> str:
    """A cell as text: whole numbers without a point, days in ISO form."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return " ".join(str(cell).split())
