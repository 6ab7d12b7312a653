"""What sheets come to: the rating as plain data, the law's outcome, and where it hangs on little."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from regulation import procedure
from regulation.criteria import CriteriaSet
from regulation.figures import decimal_text
from regulation.improvement import Improvement, improvement
from regulation.packs import Pack
from regulation.rating import Rating, Sheet, as_json, rate
from services.evaluation.domain.facts import Conclusion, Knockout, Warning

CLOSE = Fraction(1, 2)
"""Points from a band's edge within which one member's single tick could decide."""


def conclude(
    criteria_set: CriteriaSet,
    sheets: Sequence[Sheet],
    *,
    pack: Pack,
    level: str,
    agreed: Mapping[str, int],
    knockouts: Sequence[Knockout],
    on: date,
) -> Conclusion:
    """Rate the sheets and say what follows. Raises what `regulation.rating.rate` raises."""
    codes = [knockout.code for knockout in knockouts]
    rating = rate(criteria_set, sheets, pack=pack, knockouts=codes, agreed=agreed)
    return Conclusion(
        on=on,
        star=rating.star,
        mean=rating.mean,
        result=plain(rating),
        sheets=tuple(sheets),
        agreed=dict(agreed),
        knockouts=tuple(knockouts),
        outcome=procedure.outcome(pack, level=level, rating_star=rating.star, mean=rating.mean),
        warnings=tuple(_warnings(rating, criteria_set, sheets, pack, agreed)),
    )


def recompute(conclusion: Conclusion, criteria_set: CriteriaSet, pack: Pack) -> dict[str, Any]:
    """The result computed anew from what was stored; equal to `conclusion.result`, or something is wrong."""
    return plain(_rated(conclusion, criteria_set, pack))


def next_star(conclusion: Conclusion, criteria_set: CriteriaSet, pack: Pack) -> Improvement:
    """What it would take to reach the next star, from what was stored."""
    rating = _rated(conclusion, criteria_set, pack)
    return improvement(rating, pack=pack, criteria_set=criteria_set)


def _rated(conclusion: Conclusion, criteria_set: CriteriaSet, pack: Pack) -> Rating:
    codes = [knockout.code for knockout in conclusion.knockouts]
    return rate(
        criteria_set, conclusion.sheets, pack=pack, knockouts=codes, agreed=conclusion.agreed
    )


def plain(rating: Rating) -> dict[str, Any]:
    """The whole rating as JSON values: what `ocop rate` prints, exact figures and subtotals beside it."""
    return as_json(rating) | {
        "exact_mean": str(rating.mean),
        "sections": {code: decimal_text(points) for code, points in rating.sections.items()},
        "criteria": {code: decimal_text(points) for code, points in rating.criteria.items()},
        "gates": {
            str(star): [
                {"criterion": miss.criterion, "needs": miss.needs, "has": decimal_text(miss.has)}
                for miss in misses
            ]
            for star, misses in rating.gates_missed.items()
        },
        "knockouts": list(rating.knockouts),
        "member_totals": dict(rating.member_totals),
        "spread": rating.spread,
    }


def _warnings(
    rating: Rating,
    criteria_set: CriteriaSet,
    sheets: Sequence[Sheet],
    pack: Pack,
    agreed: Mapping[str, int],
) -> Iterator[Warning]:
    if rating.knocked_out:
        return
    yield from _near_bands(rating, pack)
    yield from _one_gate_short(rating)
    yield from _gates_held(rating, criteria_set, sheets, agreed)


def _near_bands(rating: Rating, pack: Pack) -> Iterator[Warning]:
    """Half a point up or down would put the mean into another band."""
    for band in pack.bands[1:]:
        by = rating.mean - band.low
        if -CLOSE <= by < CLOSE:
            yield Warning(kind="band", star=band.star, by=by)


def _one_gate_short(rating: Rating) -> Iterator[Warning]:
    """The mean is high enough for the next star, and a single minimum stands in the way."""
    misses = rating.gates_missed.get(rating.star + 1, ())
    if rating.band > rating.star and len(misses) == 1:
        (miss,) = misses
        by = miss.has - miss.needs
        yield Warning(kind="gate-missed", star=rating.star + 1, by=by, criterion=miss.criterion)


def _gates_held(
    rating: Rating, criteria_set: CriteriaSet, sheets: Sequence[Sheet], agreed: Mapping[str, int]
) -> Iterator[Warning]:
    """The star's minimum is met by less than half a point, although members ticked below it."""
    for star, gates in criteria_set.gates:
        for code, least in gates if star == rating.star else ():
            by = rating.criteria[code] - least
            scale = criteria_set.scales[code]
            ticked = [scale.get(sheet.choices.get(code, -1), 0) for sheet in sheets]
            if code not in agreed and 0 <= by < CLOSE and min(ticked) < least:
                yield Warning(kind="gate-held", star=star, by=by, criterion=code)
