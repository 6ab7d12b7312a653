"""Administrative units as they were on a day: with districts until 30/06/2025, then without."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from regulation.refusals import UnknownUnit

UNITS = Path(__file__).parent / "units"
TWO_TIERS_FROM = date(2025, 7, 1)
LAST_DAY_OF_DISTRICTS = date(2025, 6, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A province (2-digit code), district (3) or commune-level unit (5) of the state's list.

    kind   tinh, thanh-pho; huyen, quan, thi-xa, thanh-pho; xa, phuong, thi-tran, dac-khu.
    parent code of the unit above; None for a province.
    valid_from, valid_to  the era's own bounds, not the day this very unit was set up.
    """

    code: str
    name: str
    kind: str
    level: str
    parent: str | None
    valid_from: date | None
    valid_to: date | None


class Territory:
    """The units of one era."""

    def __init__(self, era: str, units: Mapping[str, Unit]) -> None:
        self.era = era
        self._units = units
        below: dict[str | None, list[Unit]] = {}
        for unit in units.values():
            below.setdefault(unit.parent, []).append(unit)
        self._below = {code: tuple(children) for code, children in below.items()}

    def __len__(self) -> int:
        return len(self._units)

    def unit(self, code: str) -> Unit:
        """Raises UnknownUnit."""
        try:
            return self._units[code]
        except KeyError:
            raise UnknownUnit(f"there is no unit {code!r} in the list {self.era}") from None

    def provinces(self) -> tuple[Unit, ...]:
        return self._below[None]

    def children(self, code: str) -> tuple[Unit, ...]:
        """The units right below, in the order of their codes. Raises UnknownUnit."""
        return self._below.get(self.unit(code).code, ())

    def chain(self, code: str) -> tuple[Unit, ...]:
        """The unit and those above it, up to the province. Raises UnknownUnit."""
        unit = self.unit(code)
        return (unit,) if unit.parent is None else (unit, *self.chain(unit.parent))


def territory(on: date) -> Territory:
    """The units in force on that day.

    63 provinces, 705 districts, 10,599 communes before 01/07/2025 (as listed in 2023); from then
    on 34 provinces and 3,321 commune-level units (codes of Decision 19/2025/QĐ-TTg). One list
    stands for a whole era: smaller changes inside it are not followed, such as the district of
    Đông Sơn (gone before 2025) or Đồng Nai (a centrally-run city since 30/04/2026).
    """
    if on < TWO_TIERS_FROM:
        return _read("until-2025-06-30", None, LAST_DAY_OF_DISTRICTS)
    return _read("from-2025-07-01", TWO_TIERS_FROM, None)


@cache
def _read(era: str, valid_from: date | None, valid_to: date | None) -> Territory:
    with (UNITS / f"{era}.csv").open(encoding="utf-8", newline="") as file:
        units = {
            row["code"]: Unit(
                code=row["code"],
                name=row["name"],
                kind=row["kind"],
                level=row["level"],
                parent=row["parent"] or None,
                valid_from=valid_from,
                valid_to=valid_to,
            )
            for row in csv.DictReader(file)
        }
    return Territory(era, MappingProxyType(units))
