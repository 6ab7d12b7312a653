"""A place in a row's columns."""

from typing import Protocol

from regulation.acting import Place


class Placed(Protocol):
    """A row that lies somewhere."""

    province: str
    district: str | None
    commune: str


def place(row: Placed) -> Place:
    """Where the row's case belongs."""
    return Place(province=row.province, district=row.district, commune=row.commune)
