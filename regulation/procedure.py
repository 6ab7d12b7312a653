"""The way a dossier takes under a pack: who scores first, who decides, when a certificate ends."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from regulation.decision import NATIONAL, Pack
from regulation.refusals import UnknownLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What follows from a rating: certify at `level`, refer to `level`, or close (no level)."""

    act: Literal["certify", "refer", "close"]
    level: str | None
    star: int


def first_council(pack: Pack) -> str:
    """The level whose council scores a dossier first."""
    return pack.councils[0]


def outcome(pack: Pack, *, level: str, rating_star: int, mean: Fraction) -> Outcome:
    """What follows when the council at `level` has given that star and mean.

    0 to 2 stars close without a certificate. A star certified above `level` goes one level up if
    the mean reaches what the pack asks for referral; every other star is decided by the level
    that certifies it, which may lie below (148/2023: the district decides 3 stars).

    Raises UnknownLevel for a level without a council under the pack.
    """
    _require_council(pack, level)
    authority = pack.authority(rating_star)
    if authority is None:
        return Outcome(act="close", level=None, star=rating_star)
    if _stands_above(pack, authority, level) and _is_referred(pack, level, mean):
        return Outcome(act="refer", level=_next_council(pack, level), star=rating_star)
    return Outcome(act="certify", level=authority, star=rating_star)


def expires(pack: Pack, issued: date) -> date:
    """The day a certificate issued on that day ends: calendar months on, at most the month's end.

    36 months of calendar (26/2026 Art. 4.3; 1048/2019 and 148/2023 the same).
    """
    years, month = divmod(issued.month - 1 + pack.validity_months, 12)
    year, month = issued.year + years, month + 1
    return date(year, month, min(issued.day, monthrange(year, month)[1]))


def reevaluation_window(pack: Pack, expires: date) -> tuple[date, date] | None:
    """First and last day to file for re-evaluation; None where the pack sets no window.

    180 to 120 days before expiry (26/2026 Art. 7.6a).
    """
    if pack.reevaluation is None:
        return None
    return (
        expires - timedelta(days=pack.reevaluation.opens),
        expires - timedelta(days=pack.reevaluation.closes),
    )


def extended_expiry(pack: Pack, expires: date) -> date | None:
    """How long a certificate may live past its end where the window could not be kept.

    At most 180 days, and only until the result is there (26/2026 Art. 12.3); None where the pack
    has no such rule.
    """
    if pack.transition is None:
        return None
    return expires + timedelta(days=pack.transition.extension_days)


def _require_council(pack: Pack, level: str) -> None:
    if level not in pack.councils and level != NATIONAL:
        raise UnknownLevel(f"{pack.id} has no council at level {level!r}")


def _stands_above(pack: Pack, authority: str, level: str) -> bool:
    return pack.levels.index(authority) > pack.levels.index(level)


def _is_referred(pack: Pack, level: str, mean: Fraction) -> bool:
    return level in pack.referral and mean >= Fraction(pack.referral[level])


def _next_council(pack: Pack, level: str) -> str | None:
    above = pack.next_level(level)
    while above is not None and above not in pack.councils and above != NATIONAL:
        above = pack.next_level(above)
    return above
