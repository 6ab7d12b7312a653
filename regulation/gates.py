"""Gates: the least points that a star asks in single criteria, whatever the total."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from regulation.criteria import CriteriaSet


@dataclass(frozen=True, slots=True, kw_only=True)
class GateMiss:
    """A criterion short of what a star asks: `has` mean or agreed points, `needs` the minimum."""

    criterion: str
    needs: int
    has: Fraction


def gates_missed(
    criteria_set: CriteriaSet, *, sums: Mapping[str, int], members: int, agreed: Mapping[str, int]
) -> dict[int, tuple[GateMiss, ...]]:
    """Star (3, 4, 5) → the minimums missed, in the order of the sheet; only stars that miss any.

    `sums` holds each criterion's points added up over all `members`, `agreed` the points of the
    options that the council agreed on, which decide in place of the mean (26/2026 Annex II marks
    the options *** **** *****; how members' different ticks are weighed it does not say).
    """
    missed: dict[int, tuple[GateMiss, ...]] = {}
    for star, gates in criteria_set.gates:
        short = tuple(
            GateMiss(criterion=code, needs=least, has=_has(code, sums, members, agreed))
            for code, least in gates
            if (agreed[code] < least if code in agreed else sums[code] < least * members)
        )
        if short:
            missed[star] = short
    return missed


def _has(code: str, sums: Mapping[str, int], members: int, agreed: Mapping[str, int]) -> Fraction:
    return Fraction(agreed[code]) if code in agreed else Fraction(sums[code], members)
