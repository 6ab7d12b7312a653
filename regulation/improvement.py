"""What it would take: the fewest criteria, raised the least, that lift a product to its next star."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from regulation.criteria import CriteriaSet, Criterion
from regulation.decision import Pack
from regulation.figures import decimal_text
from regulation.gates import GateMiss
from regulation.nearest import nearest
from regulation.rating import BEST_STAR, Rating
from regulation.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One criterion to raise, for every member alike: from the points it has to `points`, by any of `options`.

    `has` are the mean points, or those of the option that the council agreed on. `label` says what the first of the
    options asks for; None where whole points are entered.
    """

    criterion: Criterion
    has: Fraction
    points: int
    options: tuple[int, ...]
    label: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """The way to `star`; no steps and no star where there is none above."""

    star: int | None
    steps: tuple[Step, ...]
    text: Text


def improvement(rating: Rating, *, pack: Pack, criteria_set: CriteriaSet) -> Improvement:
    """The nearest way from a rating to the next star.

    Every minimum that the next star asks and the product misses is raised to an option that meets it, and the mean to
    the band's floor. No other way changes fewer criteria, and none of as few adds fewer points.
    """
    if rating.knocked_out:
        return Improvement(star=None, steps=(), text=_OUT)
    if rating.star >= BEST_STAR:
        return Improvement(star=None, steps=(), text=_NOTHING)
    star = rating.star + 1
    steps = tuple(_steps(rating, star, pack, criteria_set))
    return Improvement(star=star, steps=steps, text=_words(star, steps))


def as_json(way: Improvement) -> dict[str, Any]:
    """The improvement as `ocop rate --json` prints it; figures as in the rating."""
    return {
        "star": way.star,
        "steps": [
            {
                "criterion": step.criterion.code,
                "has": decimal_text(step.has),
                "points": step.points,
                "options": list(step.options),
                "label": step.label and {"vi": step.label.vi, "en": step.label.en},
            }
            for step in way.steps
        ],
        "text": {"vi": way.text.vi, "en": way.text.en},
    }


def _steps(rating: Rating, star: int, pack: Pack, criteria_set: CriteriaSet) -> Iterator[Step]:
    """Gains are counted in points of all members together, so that they are whole."""
    members = len(rating.member_totals)
    misses = {miss.criterion: miss for miss in rating.gates_missed.get(star, ())}
    musts = [each for each in criteria_set.criteria if each.code in misses]
    mays = [each for each in criteria_set.criteria if _raises(each, rating, None)]
    mays = [each for each in mays if each.code not in misses]
    ways = [_raises(each, rating, misses.get(each.code)) for each in (*musts, *mays)]
    gains = [tuple(way) for way in ways]
    need = (_floor(pack, star) - rating.mean) * members
    taken = nearest(gains[: len(musts)], gains[len(musts) :], int(max(need, Fraction(0))))
    points = {
        criterion.code: way[gain]
        for criterion, way, gain in zip((*musts, *mays), ways, taken, strict=True)
        if gain is not None
    }
    for criterion in criteria_set.criteria:
        if criterion.code in points:
            miss = misses.get(criterion.code)
            has = miss.has if miss else rating.criteria[criterion.code]
            yield _step(criterion, has, points[criterion.code])


def _floor(pack: Pack, star: int) -> int:
    return next(band.low for band in pack.bands if band.star == star)


def _raises(criterion: Criterion, rating: Rating, miss: GateMiss | None) -> dict[int, int]:
    """What a criterion may gain → the least points that give it; the options of a missed minimum all meet it.

    A minimum that an agreed option missed may ask less than the members' mean: meeting it gains nothing.
    """
    has = rating.criteria[criterion.code]
    members = len(rating.member_totals)
    fit = {
        points
        for points in criterion.scale.values()
        if (points >= miss.needs if miss else points > has)
    }
    raises: dict[int, int] = {}
    for points in sorted(fit):
        raises.setdefault(max(int((points - has) * members), 0), points)
    return raises


def _step(criterion: Criterion, has: Fraction, points: int) -> Step:
    options = tuple(no for no, worth in criterion.scale.items() if worth == points)
    label = None if criterion.kind == "points" else criterion.option(options[0]).label
    return Step(criterion=criterion, has=has, points=points, options=options, label=label)


_NOTHING = Text(vi="Không có hạng sao cao hơn để đạt.", en="There is no higher star to reach.")
_OUT = Text(
    vi="Sản phẩm bị loại: thêm điểm không làm thay đổi kết quả.",
    en="The product is knocked out: more points do not change that.",
)


def _words(star: int, steps: tuple[Step, ...]) -> Text:
    vi = "; ".join(
        f"{each.criterion.code} {each.criterion.title.vi}: từ {_comma(each.has)} lên "
        f"{each.points} điểm{_quoted(each, 'vi')}"
        for each in steps
    )
    en = "; ".join(
        f"{each.criterion.code} {each.criterion.title.en}: from {decimal_text(each.has)} to "
        f"{each.points} point{'' if each.points == 1 else 's'}{_quoted(each, 'en')}"
        for each in steps
    )
    return Text(vi=f"Để đạt {star} sao: {vi}.", en=f"To reach {star} stars: {en}.")


def _quoted(step: Step, lang: str) -> str:
    return f" ({step.label.in_(lang)})" if step.label else ""


def _comma(points: Fraction) -> str:
    return decimal_text(points).replace(".", ",")
