"""What it would take: the fewest criteria, raised the least, that lift a product to its next star."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from regulation.criteria import CriteriaSet, Criterion
from regulation.decision import Pack
from regulation.figures import decimal_text
from regulation.rating import BEST_STAR, Rating
from regulation.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One criterion to raise, for every member alike: from its mean points to an option's points."""

    criterion: str
    has: Fraction
    option: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """The way to `star`; no steps and no star where there is none above."""

    star: int | None
    steps: tuple[Step, ...]
    text: Text


def improvement(rating: Rating, *, pack: Pack, criteria_set: CriteriaSet) -> Improvement:
    """The nearest way from a rating to the next star.

    First every minimum that the next star asks and the product misses, each raised to the lowest
    option that meets it; then, while the mean falls short of the band, the criterion with the most
    room, the last one no further than needed. No other choice changes fewer criteria.
    """
    if rating.knocked_out or rating.star >= BEST_STAR:
        return Improvement(star=None, steps=(), text=_NOTHING)
    star = rating.star + 1
    points = {miss.criterion: Fraction(miss.needs) for miss in rating.gates_missed.get(star, ())}
    goals = {code: _least(criteria_set.criterion(code), need) for code, need in points.items()}
    floor = Fraction(next(band.low for band in pack.bands if band.star == star))
    short = floor - rating.mean - sum(_gain(rating, goals, code) for code in goals)
    for criterion in _by_room(criteria_set, rating, goals):
        if short <= 0:
            break
        at = Fraction(goals.get(criterion.code, rating.criteria[criterion.code]))
        goals[criterion.code] = _least(criterion, min(at + short, Fraction(criterion.max)))
        short -= goals[criterion.code] - at
    steps = tuple(
        _step(c, rating, goals[c.code]) for c in criteria_set.criteria if c.code in goals
    )
    return Improvement(star=star, steps=steps, text=_words(star, steps, criteria_set))


def _least(criterion: Criterion, need: Fraction) -> int:
    """The lowest points that can be had in a criterion and are not below `need`."""
    return min(points for points in criterion.scale.values() if points >= need)


def _gain(rating: Rating, goals: Mapping[str, int], code: str) -> Fraction:
    return goals[code] - rating.criteria[code]


def _by_room(
    criteria_set: CriteriaSet, rating: Rating, goals: Mapping[str, int]
) -> list[Criterion]:
    """Criteria by how much they can still give: those raised already first, they cost no further change."""

    def room(criterion: Criterion) -> tuple[bool, Fraction]:
        at = Fraction(goals.get(criterion.code, rating.criteria[criterion.code]))
        return criterion.code not in goals, at - criterion.max

    return sorted(criteria_set.criteria, key=room)


def _step(criterion: Criterion, rating: Rating, points: int) -> Step:
    option = next(no for no, worth in criterion.scale.items() if worth == points)
    has = rating.criteria[criterion.code]
    return Step(criterion=criterion.code, has=has, option=option, points=points)


_NOTHING = Text(vi="Không có hạng sao cao hơn để đạt.", en="There is no higher star to reach.")


def _words(star: int, steps: tuple[Step, ...], criteria_set: CriteriaSet) -> Text:
    raised = [(criteria_set.criterion(step.criterion), step) for step in steps]
    vi = "; ".join(
        f"{c.code} {c.title.vi}: từ {decimal_text(s.has).replace('.', ',')} lên {s.points} điểm"
        for c, s in raised
    )
    en = "; ".join(
        f"{c.code} {c.title.en}: from {decimal_text(s.has)} to {s.points} points"
        for c, s in raised
    )
    return Text(vi=f"Để đạt {star} sao: {vi}.", en=f"To reach {star} stars: {en}.")
