"""Reads an off-line score sheet again: ours, unchanged but for its choices, and of the sheet that is asked for."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from regulation.criteria import Criterion
from regulation.refusals import UnknownOption
from services.evaluation.documents.form import (
    CHOICE,
    FORM,
    HEADINGS,
    SEAL,
    SHEET,
    Form,
    StaleForm,
    TamperedForm,
)

LARGEST = 16 * 1024 * 1024
"""Bytes that a workbook may have unpacked; ours have about a hundredth of it."""
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ROWS = 2000
"""A cell further out would have the reader lay out the whole of the page before it."""

_PLACE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]*)(\d+)""")

Row = list[Any]


def choices_of(content: bytes, form: Form) -> dict[str, int]:
    """What was chosen: criterion → option number (or points).

    Raises TamperedForm, StaleForm, UnknownOption.
    """
    _require_harmless(content)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        sealed = _rows(book, SEAL)
        page = _rows(book, SHEET)
    except (CalamineError, ValueError) as error:
        raise TamperedForm(f"file: it cannot be read as one of our sheets: {error}") from None
    _require_same(sealed, form)
    return dict(_choices(page, form))


def _require_harmless(content: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            names = set(packed.namelist())
            unpacked = sum(each.file_size for each in packed.infolist())
            if "xl/workbook.xml" not in names or names & {"xl/workbook.bin", "content.xml"}:
                raise TamperedForm("file: it is no XLSX workbook")
            if any(each.compress_type not in PACKINGS for each in packed.infolist()):
                raise TamperedForm("file: it is packed as no spreadsheet program does it")
            if unpacked > LARGEST or any(_reaches_far(packed.read(name)) for name in names):
                raise TamperedForm("file: it is larger than any of our sheets")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise TamperedForm("file: it is no XLSX workbook, or it is broken") from None


def _reaches_far(part: bytes) -> bool:
    """Whether a page has a cell beyond column Z or row 2,000."""
    if b"sheetData" not in part:
        return False
    return any(len(letters) > 1 or int(row) > ROWS for letters, row in _PLACE.findall(part))


def _rows(book: CalamineWorkbook, name: str) -> list[Row]:
    if name not in book.sheet_names:
        raise TamperedForm(f"file: the page {name!r} is not in it")
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return [[_plain(value) for value in row] for row in rows]


def _plain(value: Any) -> Any:
    """Whole numbers as such, text without white space around it."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.strip() if isinstance(value, str) else value


def _require_same(sealed: list[Row], form: Form) -> None:
    """Raises TamperedForm where the hidden page is not as we wrote it, StaleForm where it is another sheet's."""
    found = {str(row[0]): str(row[1]) for row in sealed if len(row) == 2}
    if found.get("form") != FORM or found.keys() != form.identity.keys() | {"checksum"}:
        raise TamperedForm("file: its hidden page is not as it was written")
    for name in ("assessment", "member", "round"):
        if found[name] != form.identity[name]:
            raise StaleForm(f"file: it is a sheet of another {name}; fetch the present one")
    if found != form.identity | {"checksum": form.checksum}:
        raise TamperedForm("file: its checksum does not fit what it holds")


def _choices(page: list[Row], form: Form) -> Iterator[tuple[str, int]]:
    expected = _written(form)
    for number, row in enumerate(_padded(page, len(expected)), 1):
        *texts, asks = expected[number - 1] if number <= len(expected) else ("", "", "", "", None)
        given, beyond = row[CHOICE], row[CHOICE + 2 :]
        if row[:CHOICE] != texts[:CHOICE] or any(cell != "" for cell in beyond):
            raise TamperedForm(f"file: row {number} is not as it was written")
        if asks is None and given != texts[CHOICE]:
            raise TamperedForm(f"file: row {number} takes no choice")
        if asks is not None and given != "":
            yield asks.code, _choice(asks, given)


def _written(form: Form) -> list[tuple[Any, Any, Any, Any, Criterion | None]]:
    """Each row as it was written: code, text, points, what stands in the choices' column, what it asks."""
    head: list[tuple[Any, Any, Any, Any, Criterion | None]] = [
        (text, "", "", "", None) for text in form.head
    ]
    code, text, points, choice, _ = HEADINGS
    body = [
        (line.code, line.text, "" if line.points is None else line.points, "", line.asks)
        for line in form.lines()
    ]
    return [*head, (code, text, points, choice, None), *body]


def _padded(page: list[Row], least: int) -> Iterator[Row]:
    for row in [*page, *([[]] * (least - len(page)))]:
        yield [*row, *([""] * (CHOICE + 2 - len(row)))]


def _choice(criterion: Criterion, given: Any) -> int:
    """A list's choice may come back as text. Raises UnknownOption."""
    if isinstance(given, str) and re.fullmatch(r"\d{1,3}", given, re.ASCII):
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int) or given not in criterion.scale:
        raise UnknownOption(f"criterion {criterion.code} was given {given!r}; {criterion.asks()}")
    return given
