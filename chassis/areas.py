"""Which rows lie in the areas of somebody's offices."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, false, or_

DIGITS = {"commune": 5, "district": 3, "province": 2}
"""How long the code of an area of each kind is."""


def lies_in(areas: Collection[str], *columns: Any) -> ColumnElement[bool]:
    """One of these columns, named as in DIGITS, holds one of these areas.

    Only a column whose codes are among the areas is looked at: where all are of one kind, its index serves.
    """
    asked = ((column, _as_long_as(DIGITS[column.name], areas)) for column in columns)
    return or_(false(), *(column.in_(codes) for column, codes in asked if codes))


def _as_long_as(digits: int, areas: Collection[str]) -> list[str]:
    return sorted(area for area in areas if len(area) == digits)
