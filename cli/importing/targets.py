"""Rows of targets as one request: a year's plan as a whole."""

from collections.abc import Iterable, Sequence
from typing import Any

from cli.importing.areas import planning_area
from cli.importing.desk import Desk, RowRefused
from cli.importing.reading import Row
from regulation.acting import Grant, Role
from regulation.refusals import Refusal

STARS = ("3", "4", "5")
SUMS = ("tổng", "cộng", "sum", "total")
"""How the last line of a printed plan begins: no area, but the sum of all."""

Refused = dict[int, RowRefused]
"""Row number → why it is refused."""


class Targets:
    """Imports a year's plan. A row is right when the service takes the plan with it."""

    def __init__(self, desk: Desk, province: str, year: int, source: str) -> None:
        self._desk = desk
        self._province = province
        self._year = year
        self._source = source

    def read(self, rows: Iterable[Row]) -> tuple[dict[int, dict[str, Any]], Refused]:
        """Row number → an area's targets; and the rows that say nothing of the kind."""
        read: dict[int, dict[str, Any]] = {}
        refused: Refused = {}
        for row in rows:
            try:
                if not self._is_sum(row):
                    read[row.number] = self._target(row)
                elif not refused:
                    _require_sum(row, list(read.values()))
            except RowRefused as error:
                refused[row.number] = error
        return read, refused

    def enter(self, read: dict[int, dict[str, Any]]) -> Refused:
        """Enter the plan; the rows that the service refuses, which it names one at a time. Empty when it was taken."""
        left, refused = dict(read), Refused()
        while left:
            try:
                self._put(list(left.values()))
            except RowRefused as error:
                number = _number(error, list(left))
                refused[number] = error
                del left[number]
            else:
                break
        return refused

    def _put(self, rows: Sequence[dict[str, Any]]) -> None:
        grant = Grant(role=Role.OCOP_OFFICER, area=self._province)
        body = {"source": self._source, "rows": rows}
        self._desk.ask("PUT", f"/reporting/targets/{self._year}", body, grant)

    def _is_sum(self, row: Row) -> bool:
        """Whether it begins like a sum and is no area: there are communes called Cộng Hòa."""
        if not row.values.get("area", "").casefold().startswith(SUMS):
            return False
        try:
            self._area(row)
        except RowRefused:
            return True
        return False

    def _area(self, row: Row) -> str:
        text = row.values.get("area", "")
        try:
            return planning_area(text, province=self._province, year=self._year)
        except Refusal as error:
            raise RowRefused(f"area: {error}", "area") from error

    def _target(self, row: Row) -> dict[str, Any]:
        area = self._area(row)
        stars = {star: _count(row, star) for star in STARS}
        if "total" in row.values and _count(row, "total") != sum(stars.values()):
            raise RowRefused(
                f"total: {row.values['total']}, but its stars add up to {sum(stars.values())}",
                "total",
            )
        return {"area": area, "stars": stars}


def _require_sum(row: Row, read: Sequence[dict[str, Any]]) -> None:
    """The printed sums are those of the rows before. Raises RowRefused."""
    for star in STARS:
        added = sum(each["stars"][star] for each in read)
        if star in row.values and _count(row, star) != added:
            raise RowRefused(
                f"{star}: the sum is {row.values[star]}, but the rows add up to {added}", star
            )


def _count(row: Row, name: str) -> int:
    """A whole number from 0; an empty cell is 0. Raises RowRefused."""
    text = row.values.get(name, "0")
    if not text.isascii() or not text.isdigit():
        raise RowRefused(f"{name}: {text!r} is no whole number from 0", name)
    return int(text)


def _number(error: RowRefused, numbers: Sequence[int]) -> int:
    """Which row the service means by `rows.3.area`. Raises the refusal itself when it is not about a row."""
    parts = error.field.split(".")
    if parts[0] != "rows" or not parts[1:] or not parts[1].isdigit():
        raise error
    return numbers[int(parts[1])]
