"""The workbook of errors: the refused rows as they were given, and beside each why it was refused."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from cli.importing.columns import Column
from cli.importing.desk import RowRefused
from cli.importing.reading import Row
from cli.mistakes import Failure


def write(
    path: Path, columns: Sequence[Column], rows: Sequence[Row], refused: Mapping[int, RowRefused]
) -> None:
    """Write it; its columns are those of the input, so that it can be mended and imported as it is.

    Raises Failure when nothing can be written there.
    """
    try:
        _write(path, columns, rows, refused)
    except (OSError, FileCreateError) as error:
        raise Failure(
            f"{len(refused)} rows are refused, but {path} cannot be written: {error}"
        ) from error


def _write(
    path: Path,
    columns: Sequence[Column],
    rows: Sequence[Row],
    refused: Mapping[int, RowRefused],
) -> None:
    given = {row.number: row for row in rows}
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("errors")
        bold = workbook.add_format({"bold": True})
        amiss = workbook.add_format({"bg_color": "#FFD7D7"})
        names = [column.name for column in columns]
        sheet.write_row(0, 0, ["row", "error", *names], bold)
        for line, (number, error) in enumerate(sorted(refused.items()), start=1):
            sheet.write(line, 0, number)
            sheet.write(line, 1, str(error), amiss)
            for position, name in enumerate(names, start=2):
                text = given[number].values.get(name, "")
                sheet.write_string(line, position, text, amiss if name == error.field else None)
        sheet.set_column(1, 1, 60)
        sheet.freeze_panes(1, 2)


def beside(path: Path) -> Path:
    """Where it lies: next to the input."""
    return path.with_name(f"{path.stem}.errors.xlsx")
