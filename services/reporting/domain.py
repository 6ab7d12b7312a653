"""Reporting's own words: how far a dossier has come, and what a year's plan is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from regulation.acting import Actor, Role
from regulation.refusals import NotFound, Unfit, UnknownUnit
from regulation.territory import Territory, Unit, territory

STARS = (3, 4, 5)
"""What is certified, and planned for."""

YEARS = (2018, 2100)
"""The programme began in 2018 (490/QĐ-TTg)."""


class Stage(StrEnum):
    """How far a dossier has come.

    SCORED is with a council or awaits a decision, CLOSED ended below three stars or knocked out, REFERRED is with the
    ministry.
    """

    SUBMITTED = "submitted"
    VERIFIED = "verified"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    SCORED = "scored"
    CLOSED = "closed"
    REFERRED = "referred"
    CERTIFIED = "certified"
    REVOKED = "revoked"
    EXPIRED = "expired"


WAY = (Stage.SUBMITTED, Stage.VERIFIED, Stage.SCORED, Stage.REFERRED, Stage.CERTIFIED)
"""The way of a dossier; the other stages are where it leaves the way."""


class UnknownPlan(NotFound):
    """No targets were entered for that year."""

    slug = "unknown-plan"


class UnfitYear(Unfit):
    """A year in which the programme does not run."""

    slug = "unfit-year"


class DuplicateArea(Unfit):
    """An area has one row in a year's plan."""

    slug = "duplicate-area"


class AreaOutsideProvince(Unfit):
    """A province plans for its own areas."""

    slug = "area-outside-province"


class NotAPlanningArea(Unfit):
    """A plan is made for districts while there are any, for communes afterwards."""

    slug = "not-a-planning-area"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """How many products of each star an area is to reach; `level` is district or commune."""

    area: str
    level: str
    stars: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A year's targets as a whole, and the document they come from."""

    year: int
    source: str
    targets: tuple[Target, ...]


def plan(
    year: int,
    source: str,
    rows: Iterable[tuple[str, Mapping[int, int]]],
    *,
    province: str,
    by: Actor,
) -> Plan:
    """A year's plan of `province`, entered by its OCOP agency; each row an area's code and its stars.

    Raises NotAllowed, UnfitYear, and with the row's number (from 0) UnknownUnit, NotAPlanningArea, AreaOutsideProvince,
    DuplicateArea.
    """
    by.require(Role.OCOP_OFFICER, province)
    require_year(year)
    found: dict[str, Target] = {}
    for number, (code, stars) in enumerate(rows):
        area = _area(year, code, province, f"rows.{number}.area")
        if area.code in found:
            raise DuplicateArea(f"rows.{number}.area: {code} has a row already")
        found[code] = Target(area=code, level=area.level, stars=stars)
    return Plan(year=year, source=source, targets=tuple(found.values()))


def require_year(year: int) -> None:
    """Raises UnfitYear."""
    if not YEARS[0] <= year <= YEARS[1]:
        raise UnfitYear(f"year: {year} lies outside {YEARS[0]} to {YEARS[1]}")


def _area(year: int, code: str, province: str, field: str) -> Unit:
    """The planning area of that code in the lists in force in that year: in 2025 there were two."""
    lists = (territory(date(year, 1, 1)), territory(date(year, 12, 31)))
    known = [(units, unit) for units in lists if (unit := _unit(units, code)) is not None]
    if not known:
        raise UnknownUnit(f"{field}: there was no unit {code!r} in {year}")
    planned = [(units, unit) for units, unit in known if unit.level == _planning_level(units)]
    if not planned:
        raise NotAPlanningArea(f"{field}: {known[0][1].name} ({code}) has no plan of its own")
    units, unit = planned[0]
    if units.chain(code)[-1].code != province:
        raise AreaOutsideProvince(
            f"{field}: {unit.name} ({code}) lies outside the province {province}"
        )
    return unit


def _unit(units: Territory, code: str) -> Unit | None:
    try:
        return units.unit(code)
    except UnknownUnit:
        return None


def _planning_level(units: Territory) -> str:
    """The level right below the province."""
    return units.children(units.provinces()[0].code)[0].level
