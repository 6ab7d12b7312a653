"""A unit's code from its code or its name as printed: `TP. Thanh Hoá`, `Bỉm Sơn`, `Xã Hà Long, Huyện Hà Trung`."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date

from regulation.refusals import UnknownUnit
from regulation.territory import Territory, Unit, territory

KINDS = re.compile(
    r"^((thành phố|thị xã|thị trấn|huyện|quận|phường|xã|đặc khu|tỉnh|tp|tx|tt)\s+"
    r"|(tp|tx|tt|h|q|p|x)\.\s*)"
)
"""What a name may begin with, in full or as printed in tables."""

TONES = "\u0300\u0301\u0303\u0309\u0323"


class AmbiguousUnit(UnknownUnit):
    """Several units go by that name."""

    slug = "ambiguous-unit"


def commune(text: str, *, province: str, on: date) -> str:
    """The code of a commune of the province on that day. Raises UnknownUnit."""
    units = territory(on)
    return _find(text, _below(units, province, "commune"), units).code


def planning_area(text: str, *, province: str, year: int) -> str:
    """The code of a district of the province, or of a commune where a year had no districts. Raises UnknownUnit."""
    first, last = territory(date(year, 1, 1)), territory(date(year, 12, 31))
    districts = list(_below(first, province, "district"))
    try:
        return _find(text, districts, first).code
    except UnknownUnit:
        if districts and first is last:
            raise
    return _find(text, _below(last, province, "commune"), last).code


def communes(province: str, on: date) -> Iterator[tuple[str, str]]:
    """Code and name of every commune of the province on that day, the name with the district's where there is one."""
    units = territory(on)
    for unit in _below(units, province, "commune"):
        above = units.unit(unit.parent) if unit.parent else unit
        yield unit.code, unit.name if above.code == province else f"{unit.name}, {above.name}"


def planning_areas(province: str, year: int) -> list[str]:
    """The names of the areas that a year's plan is made for."""
    first, last = territory(date(year, 1, 1)), territory(date(year, 12, 31))
    districts = list(_below(first, province, "district"))
    return [unit.name for unit in districts or _below(last, province, "commune")]


def _below(units: Territory, code: str, level: str) -> Iterator[Unit]:
    for unit in units.children(code):
        if unit.level == level:
            yield unit
        else:
            yield from _below(units, unit.code, level)


def _find(text: str, among: Iterable[Unit], units: Territory) -> Unit:
    candidates = list(among)
    for unit in candidates:
        if unit.code == text:
            return unit
    name, _, above = (part.strip() for part in text.partition(","))
    named = [unit for unit in candidates if _key(unit.name) == _key(name)]
    named = named or [unit for unit in candidates if _bare(unit.name) == _bare(name)]
    named = named or [unit for unit in candidates if _plain(unit.name) == _plain(name)]
    if above:
        named = [
            unit
            for unit in named
            if unit.parent and _bare(units.unit(unit.parent).name) == _bare(above)
        ]
    if not named:
        raise UnknownUnit(f"there is no unit {text!r} here")
    if len(named) > 1:
        codes = ", ".join(unit.code for unit in named)
        raise AmbiguousUnit(
            f"{text!r} may be {codes}: give the code, or the name with the unit above it"
        )
    return named[0]


def _bare(name: str) -> str:
    """The name without what kind of unit it is."""
    return _key(KINDS.sub("", unicodedata.normalize("NFC", name).casefold().strip()))


def _plain(name: str) -> str:
    """The bare name without any mark: printed tables drop some."""
    letters = unicodedata.normalize("NFD", _bare(name).replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _key(name: str) -> str:
    """A name for comparing: `Hoá` and `Hóa` are one, the tone is set after its syllable."""
    return " ".join(_syllable(each) for each in name.casefold().replace("-", " ").split())


def _syllable(syllable: str) -> str:
    letters = unicodedata.normalize("NFD", syllable)
    tones = "".join(letter for letter in letters if letter in TONES)
    rest = "".join(letter for letter in letters if letter not in TONES)
    return unicodedata.normalize("NFC", rest) + tones
