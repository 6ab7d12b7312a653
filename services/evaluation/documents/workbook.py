"""Writes an off-line score sheet as a workbook: locked but for the choices, with totals that live."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from regulation.criteria import Criterion
from services.evaluation.documents.form import CHOICE, HEADINGS, SEAL, SHEET, Form, Line

FACE = {"font_name": "Times New Roman", "font_size": 11, "valign": "top", "border": 1}
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "border": 0},
    "head": {"border": 0},
    "headings": {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#D9D9D9"},
    "part": {"bold": True, "bg_color": "#E4E4E4", "text_wrap": True},
    "section": {"bold": True, "text_wrap": True},
    "group": {"bold": True, "text_wrap": True},
    "criterion": {"italic": True, "text_wrap": True},
    "option": {"text_wrap": True},
    "total": {"bold": True},
    "choice": {"bold": True, "align": "center", "bg_color": "#FFF8DC", "locked": False},
}
WIDTHS = (9, 78, 9, 13, 10)
POINTS = "E"
"""The column of what a choice comes to."""


def workbook(form: Form, choices: Mapping[str, int]) -> bytes:
    """The sheet as an XLSX file, with these choices already in it."""
    content = BytesIO()
    book = Workbook(content, {"in_memory": True})
    looks = {name: book.add_format({**FACE, **look}) for name, look in LOOKS.items()}
    _page(book, looks, form, choices)
    _seal(book, form)
    book.close()
    return content.getvalue()


def _page(
    book: Workbook, looks: Mapping[str, Any], form: Form, choices: Mapping[str, int]
) -> None:
    page = book.add_worksheet(SHEET)
    for column, width in enumerate(WIDTHS):
        page.set_column(column, column, width)
    for row, text in enumerate(form.head):
        page.write_string(row, 0, text, looks["head" if row else "title"])
    top = len(form.head)
    page.set_row(top, 32)
    for column, text in enumerate(HEADINGS):
        page.write_string(top, column, text, looks["headings"])
    lines = list(form.lines())
    rows = {line.asks.code: top + 1 + at for at, line in enumerate(lines) if line.asks}
    for row, line in enumerate(lines, top + 1):
        _line(page, row, line, looks)
        if line.asks:
            _choice(page, row, line.asks, choices.get(line.asks.code), looks)
        elif line.kind != "option" and line.kind != "group":
            _sum(page, row, line, form, rows, choices, looks[line.kind])
    page.freeze_panes(top + 1, 0)
    page.protect("", {"select_locked_cells": True, "format_columns": True})
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)


def _line(page: Any, row: int, line: Line, looks: Mapping[str, Any]) -> None:
    look = looks[line.kind]
    page.write_string(row, 0, line.code, look)
    page.write_string(row, 1, line.text, look)
    for column in (CHOICE, CHOICE + 1):
        page.write_blank(row, column, None, look)
    if line.points is None:
        page.write_blank(row, 2, None, look)
    else:
        page.write_number(row, 2, line.points, look)


def _choice(
    page: Any, row: int, criterion: Criterion, chosen: int | None, looks: Mapping[str, Any]
) -> None:
    """The one cell that may be written into, and what it comes to."""
    if chosen is None:
        page.write_blank(row, CHOICE, None, looks["choice"])
    else:
        page.write_number(row, CHOICE, chosen, looks["choice"])
    page.data_validation(row, CHOICE, row, CHOICE, _allowed(criterion))
    worth = 0 if chosen is None else criterion.scale[chosen]
    page.write_formula(
        row, CHOICE + 1, _points(criterion, f"D{row + 1}"), looks["criterion"], worth
    )


def _allowed(criterion: Criterion) -> dict[str, Any]:
    said = {"error_title": f"Tiêu chí {criterion.code}", "ignore_blank": True}
    if criterion.kind == "points":
        return said | {
            "validate": "integer",
            "criteria": "between",
            "minimum": 0,
            "maximum": criterion.max,
            "error_message": f"Điền số nguyên từ 0 đến {criterion.max}.",
        }
    numbers = [option.no for option in criterion.options]
    return said | {
        "validate": "list",
        "source": numbers,
        "error_message": f"Chọn một trong các phương án {', '.join(map(str, numbers))}.",
    }


def _points(criterion: Criterion, cell: str) -> str:
    if criterion.kind == "points":
        return f"=N({cell})"
    numbers, points = zip(*criterion.scale.items(), strict=True)
    return f'=IF({cell}="",0,IFERROR(INDEX({_array(points)},MATCH({cell},{_array(numbers)},0)),0))'


def _array(numbers: Sequence[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"


def _sum(
    page: Any,
    row: int,
    line: Line,
    form: Form,
    rows: Mapping[str, int],
    choices: Mapping[str, int],
    look: Any,
) -> None:
    """What the criteria of a part or section, or all, come to together."""
    criteria = [c for c in form.criteria_set.criteria if _lies_under(c, line)]
    cells = ",".join(f"{POINTS}{rows[c.code] + 1}" for c in criteria)
    worth = sum(c.scale[choices[c.code]] for c in criteria if c.code in choices)
    page.write_formula(row, CHOICE + 1, f"=SUM({cells})", look, worth)


def _lies_under(criterion: Criterion, line: Line) -> bool:
    under = line.under
    if under is None:
        return True
    sections = under.sections if hasattr(under, "sections") else (under,)
    return any(criterion in section.criteria for section in sections)


def _seal(book: Workbook, form: Form) -> None:
    page = book.add_worksheet(SEAL)
    sealed = form.identity | {"checksum": form.checksum}
    for row, (name, value) in enumerate(sealed.items()):
        page.write_string(row, 0, name)
        page.write_string(row, 1, value)
    page.protect("")
    page.very_hidden()
