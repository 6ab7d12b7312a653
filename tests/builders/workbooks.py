"""Off-line score sheets as a spreadsheet program, or somebody with other intentions, writes them."""

import re
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from uuid import UUID

from services.evaluation.documents.form import Form
from tests.builders.sitting import NEW_SET

FIRST_ROW = 8
"""Of the lines below the headings, as a spreadsheet counts."""


def a_form(**changes: Any) -> Form:
    given: dict[str, Any] = {
        "assessment_id": UUID(int=1),
        "member": "member-1",
        "round": 1,
        "criteria_set": NEW_SET,
        "product_name": "Mắm tép (mẫu)",
        "producer": "Hợp tác xã (mẫu)",
    }
    return Form(**given | changes)


def changed(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """The workbook with one of its parts written otherwise."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()) if name == part else text)
    return made.getvalue()


def filled(content: bytes, choices: Mapping[str, object]) -> bytes:
    """The workbook with numbers, or texts, in its open cells."""
    rows = {
        line.asks.code: row
        for row, line in enumerate(a_form().lines(), FIRST_ROW)
        if line.asks is not None
    }

    def write(page: str) -> str:
        for code, value in choices.items():
            page = _written(page, f"D{rows[code]}", value)
        return page

    return changed(content, "xl/worksheets/sheet1.xml", write)


def _written(page: str, place: str, value: object) -> str:
    inside = f"><v>{value}</v></c>"
    if isinstance(value, str):
        inside = f' t="inlineStr"><is><t>{value}</t></is></c>'
    before, there, after = re.split(rf'(r="{place}" s="\d+"(?:/>|>.*?</c>))', page, maxsplit=1)
    assert there
    return f'{before}r="{place}"{inside}{after}'


def with_a_cell_at(place: str) -> Callable[[str], str]:
    """Adds a cell to a page."""
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    added = f'<row r="{row}"><c r="{place}"><v>1</v></c></row></sheetData>'
    return lambda page: page.replace("</sheetData>", added)
