"""Days, figures, places and offices as a Vietnamese official document writes them (Decree 30/2020/NĐ-CP)."""

from datetime import date, datetime

from chassis.clock import VIET_NAM
from regulation.acting import Place
from regulation.refusals import UnknownUnit
from regulation.territory import LAST_DAY_OF_DISTRICTS, TWO_TIERS_FROM, Unit, territory

BLANK = "……………………"
"""Left to be written in by hand."""


def day(value: date | str | None) -> str:
    """28/05/2024, from a date or its ISO text; dots where there is none."""
    if value is None:
        return "…/…/……"
    return _date(value).strftime("%d/%m/%Y")


def long_day(value: date | str | None) -> str:
    """ngày 28 tháng 5 năm 2024: days below 10 and the months 1 and 2 with a leading zero; dots where there is none."""
    if value is None:
        return "ngày … tháng … năm ……"
    of = _date(value)
    month = f"{of.month:02d}" if of.month < 3 else str(of.month)
    return f"ngày {of.day:02d} tháng {month} năm {of.year}"


def moment(value: datetime | str) -> str:
    """09:30 ngày 28/05/2024, Viet Nam's time."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.astimezone(VIET_NAM).strftime("%H:%M ngày %d/%m/%Y")


def figure(value: object) -> str:
    """A figure with a decimal comma."""
    return str(value).replace(".", ",")


def blank(value: object) -> str:
    """The value, or dots to be written over."""
    return BLANK if value in (None, "") else str(value)


def unit_name(place: Place, level: str) -> str:
    """The official name of a place's unit at a level, in its own time: Tỉnh Thanh Hóa."""
    unit = _unit(place, level)
    return unit.name if unit else place.at(level) or BLANK


def short_name(place: Place, level: str) -> str:
    """The same without its kind, as it stands before a date: Thanh Hóa; numbered wards keep theirs."""
    unit = _unit(place, level)
    if unit is None:
        return place.at(level) or BLANK
    words = unit.name.split()[unit.kind.count("-") + 1 :]
    return unit.name if not words or words[0].isdigit() else " ".join(words)


def committee(place: Place, level: str) -> str:
    """The People's Committee of a place's unit at a level."""
    name = unit_name(place, level)
    return f"Ủy ban nhân dân {name[:1].lower()}{name[1:]}"


def in_capitals(office: str) -> str:
    """An office at the head of a document; the unit of a People's Committee stays on one line."""
    body, of, unit = office.upper().partition("NHÂN DÂN ")
    return f"{body}{of}{unit.replace(' ', chr(0xA0))}" if of else body


def whereabouts(place: Place) -> str:
    """The commune with the units above it."""
    levels = [level for level in ("commune", "district", "province") if place.at(level)]
    return ", ".join(unit_name(place, level) for level in levels)


def _unit(place: Place, level: str) -> Unit | None:
    """None where neither era's list knows the code."""
    code = place.at(level)
    on = LAST_DAY_OF_DISTRICTS if place.district else TWO_TIERS_FROM
    try:
        return territory(on).unit(code) if code else None
    except UnknownUnit:
        return None


def _date(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
