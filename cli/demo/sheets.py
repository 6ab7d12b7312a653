"""How members score a sample product so that its rating comes out at a given star."""

from collections.abc import Iterator

from regulation.criteria import CriteriaSet, Criterion

AIM = {0: 41, 3: 60, 4: 78, 5: 93}
"""Star → the total that a middling member gives; 0 is a product under 50 points."""


def sheet(criteria_set: CriteriaSet, star: int, member: int) -> dict[str, int]:
    """One member's choices: criterion → option number (or points). `member` 0, 1, 2 … differ by a few points."""
    aim = AIM[star] + (member % 3 - 1)
    if all(criterion.kind == "points" for criterion in criteria_set.criteria):
        return _part_totals(criteria_set, aim)
    return _choices(criteria_set, star, aim)


def _part_totals(criteria_set: CriteriaSet, aim: int) -> dict[str, int]:
    points, left = {}, aim
    for criterion in criteria_set.criteria[:-1]:
        points[criterion.code] = criterion.max * aim // 100
        left -= points[criterion.code]
    points[criteria_set.criteria[-1].code] = left
    return points


def _choices(criteria_set: CriteriaSet, star: int, aim: int) -> dict[str, int]:
    """The least that the star's gates ask, then one option up here and there until the total is reached."""
    chosen = {criterion.code: _least(criterion, star) for criterion in criteria_set.criteria}
    total = sum(chosen.values())
    for criterion, points in _steps(criteria_set):
        if total >= aim:
            break
        gain = points - chosen[criterion.code]
        if 0 < gain <= aim - total:
            chosen[criterion.code] = points
            total += gain
    return {
        criterion.code: _option(criterion, chosen[criterion.code])
        for criterion in criteria_set.criteria
    }


def _least(criterion: Criterion, star: int) -> int:
    gate = criterion.gates.get(star, 0)
    return min(points for points in criterion.scale.values() if points >= gate)


def _steps(criteria_set: CriteriaSet) -> Iterator[tuple[Criterion, int]]:
    """Every option of every criterion, the low ones first, over and over until the fine ones fit."""
    highest = max(criterion.max for criterion in criteria_set.criteria)
    for _ in range(2):
        for points in range(1, highest + 1):
            for criterion in criteria_set.criteria:
                if points in criterion.scale.values():
                    yield criterion, points


def _option(criterion: Criterion, points: int) -> int:
    """An option that gives these points, in the first case list where there are two."""
    return next(no for no, worth in criterion.scale.items() if worth == points)
