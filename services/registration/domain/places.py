"""Where a case belongs: a commune with the units above it, as they were on the day of the act."""

from datetime import date

from regulation.acting import Place
from regulation.refusals import UnknownUnit
from regulation.territory import territory

COMMUNE = "commune"


def is_commune(code: str, on: date) -> bool:
    """Whether a commune-level unit had that code on that day."""
    try:
        return territory(on).unit(code).level == COMMUNE
    except UnknownUnit:
        return False


def place_of(commune: str, on: date) -> Place:
    """The commune with those above it on that day. Raises UnknownUnit."""
    if not is_commune(commune, on):
        raise UnknownUnit(f"commune: {commune!r} is no commune on {on}")
    above = {unit.level: unit.code for unit in territory(on).chain(commune)}
    return Place(
        province=above["province"], district=above.get("district"), commune=above[COMMUNE]
    )
