"""An empty workbook to fill in: headings that say what belongs under them, lists to choose from."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from cli.importing.areas import communes, planning_areas
from cli.importing.columns import SHEETS, Column

LAST = 5000
"""The last row that the lists and checks reach to."""

NOTES = "notes"
LISTS = "lists"


def write(path: Path, what: str, *, province: str, on: date) -> None:
    """Write the template of `dossiers` or `targets` for a province, with the units there are on that day."""
    columns = SHEETS[what]
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet(what)
        heading = workbook.add_format({"bold": True, "bottom": 1, "bg_color": "#E8EEF4"})
        for position, column in enumerate(columns):
            sheet.write(0, position, column.name + ("*" if column.required else ""), heading)
            sheet.write_comment(0, position, f"{column.title}\n{column.help}")
            sheet.set_column(position, position, max(14, len(column.name) + 4))
        sheet.freeze_panes(1, 0)
        _offer(workbook, sheet, columns)
        _explain(workbook.add_worksheet(NOTES), columns, _units(what, province, on))
        if what == "targets":
            for row, name in enumerate(planning_areas(province, on.year), start=1):
                sheet.write(row, 0, name)


def _offer(workbook: Any, sheet: Any, columns: Sequence[Column]) -> None:
    """Lists to choose from, and checks of counts and days."""
    lists = workbook.add_worksheet(LISTS)
    lists.hide()
    for position, column in enumerate(columns):
        if choices := column.choices():
            lists.write_column(0, position, choices)
            letter = xlsxwriter.utility.xl_col_to_name(position)
            source = f"={LISTS}!${letter}$1:${letter}${len(choices)}"
            sheet.data_validation(
                1, position, LAST, position, {"validate": "list", "source": source}
            )
        if column.is_count:
            check = {"validate": "integer", "criteria": ">=", "value": 0}
            sheet.data_validation(1, position, LAST, position, check)
        if column.is_day:
            sheet.set_column(
                position, position, 14, workbook.add_format({"num_format": "yyyy-mm-dd"})
            )


def _explain(sheet: Any, columns: Sequence[Column], units: Iterable[tuple[str, str]]) -> None:
    rows = [(column.name, column.title, column.help) for column in columns]
    for number, row in enumerate([*rows, ("", "", ""), *(("", *unit) for unit in units)]):
        sheet.write_row(number, 0, row)
    sheet.set_column(0, 1, 18)
    sheet.set_column(2, 2, 70)


def _units(what: str, province: str, on: date) -> Iterable[tuple[str, str]]:
    return communes(province, on) if what == "dossiers" else ()
