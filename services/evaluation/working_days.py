"""Which days people work in Viet Nam: public holidays as known, and an office's own list of swapped days over them."""

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from holidays import country_holidays

from regulation.calendar import is_working_day

FILE = "working-days.csv"
"""In the data folder: `day,kind` a line, kind `off` or `work`; the government announces swapped days year by year."""

KINDS = {"off": False, "work": True}


class BrokenDays(ValueError):
    """The office's list cannot be read; the text names the line."""


class WorkingDays:
    """Answers whether a day is worked; `overridden` (day → worked) stands over everything else."""

    def __init__(self, overridden: Mapping[date, bool]) -> None:
        self._overridden = overridden

    def __call__(self, day: date) -> bool:
        """Monday to Friday without public holidays, unless the office's list says otherwise."""
        found = self._overridden.get(day)
        return is_working_day(day, holidays=_public(day.year)) if found is None else found


@cache
def _public(year: int) -> frozenset[date]:
    return frozenset(country_holidays("VN", years=year))


def of_office(data: Path) -> WorkingDays:
    """With the list in the data folder, if there is one. Raises BrokenDays."""
    path = data / FILE
    if not path.exists():
        return WorkingDays({})
    with path.open(newline="", encoding="utf-8") as lines:
        return WorkingDays(
            dict(_day(number, row) for number, row in enumerate(csv.reader(lines), 1) if row)
        )


def _day(number: int, row: list[str]) -> tuple[date, bool]:
    try:
        day, kind = row
        return date.fromisoformat(day.strip()), KINDS[kind.strip()]
    except (ValueError, KeyError):
        raise BrokenDays(
            f"{FILE}, line {number}: day,kind is expected, kind off or work"
        ) from None
