"""Exact figures written as decimals that never tell more, or less, than they are."""

from collections.abc import Callable
from fractions import Fraction

PLACES = 4


def _always(_: Fraction) -> bool:
    return True


def decimal_text(value: Fraction, *, shows: Callable[[Fraction], bool] = _always) -> str:
    """`value` as a decimal with a point: exact where it ends, else four places, half to even.

    `shows` says whether a rounded value still tells the truth (a mean under 70 must not be
    displayed as 70); places are added until it does.
    """
    places = _places_until_it_ends(value.denominator)
    if places is not None:
        return _written(value, places)
    places = PLACES
    while not shows(round(value, places)):
        places += 1
    return _written(round(value, places), places)


def _places_until_it_ends(denominator: int) -> int | None:
    places = 0
    while 10**places % denominator and places < denominator.bit_length():
        places += 1
    return None if 10**places % denominator else places


def _written(value: Fraction, places: int) -> str:
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"
