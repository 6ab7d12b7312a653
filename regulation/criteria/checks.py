"""Whether a criteria set adds up: its codes, options, gates and points."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from regulation.criteria.shape import CriteriaSet, Criterion, Part, Section
from regulation.refusals import BrokenPack

CERTIFIED_STARS = (3, 4, 5)


def check(criteria_set: CriteriaSet, *, path: str) -> None:
    """Refuses a set that contradicts itself; sums are asked only of a set marked complete.

    Raises BrokenPack, its message "path: part/section/criterion: the fault".
    """
    for fault in _faults(criteria_set):
        raise BrokenPack(f"{path}: {fault}")


def _faults(criteria_set: CriteriaSet) -> Iterator[str]:
    yield from _twins(criteria_set)
    for part in criteria_set.parts:
        for section in part.sections:
            for criterion in section.criteria:
                where = f"{part.code}/{section.code}/{criterion.code}"
                yield from _after(where, _option_faults(criterion))
                yield from _after(where, _gate_faults(criterion))
    if criteria_set.complete:
        yield from _sum_faults(criteria_set)


def _after(where: str, faults: Iterable[str]) -> Iterator[str]:
    return (f"{where}: {fault}" for fault in faults)


def _twins(criteria_set: CriteriaSet) -> Iterator[str]:
    criteria = [criterion.code for criterion in criteria_set.criteria]
    codes = {
        "part": [part.code for part in criteria_set.parts],
        "section": [section.code for part in criteria_set.parts for section in part.sections],
        "criterion": criteria,
        "knock-out": [*criteria, *(ground.code for ground in criteria_set.disqualifiers)],
    }
    for what, named in codes.items():
        for code, times in Counter(named).items():
            if times > 1:
                yield f"{what} {code} stands twice"


def _option_faults(criterion: Criterion) -> Iterator[str]:
    numbers = [option.no for option in criterion.options]
    if criterion.kind == "points":
        if numbers:
            yield "a criterion of points has no options"
    elif not numbers or numbers != list(range(1, len(numbers) + 1)):
        yield f"its options are numbered {numbers}, they must run 1, 2, 3 …"
    for option in criterion.options:
        if not 0 <= option.points <= criterion.max:
            points = f"option {option.no} has {option.points} points"
            yield f"{points}, the criterion at most {criterion.max}"
    for lower, higher in pairwise(criterion.options):
        if lower.case == higher.case and lower.points > higher.points:
            yield f"option {higher.no} has fewer points than option {lower.no}"


def _gate_faults(criterion: Criterion) -> Iterator[str]:
    strangers = [star for star in criterion.gates if star not in CERTIFIED_STARS]
    if strangers:
        yield f"there is a gate for {strangers[0]} stars, gates are for 3, 4 and 5"
        return
    asked = 0
    for star in CERTIFIED_STARS:
        least = criterion.gates.get(star, 0)
        if least < asked:
            yield f"the gate for {star} stars asks {least} points, for {star - 1} stars {asked}"
        elif star in criterion.gates and (least < 1 or least not in criterion.scale.values()):
            yield f"the gate for {star} stars asks {least} points, which no option has"
        asked = least


def _sum_faults(criteria_set: CriteriaSet) -> Iterator[str]:
    if not criteria_set.parts:
        yield "it is marked complete and has no parts"
    for part in criteria_set.parts:
        for section in part.sections:
            where = f"{part.code}/{section.code}"
            yield from _after(where, _section_sum_faults(section))
        yield from _after(part.code, _part_sum_faults(part))


def _part_sum_faults(part: Part) -> Iterator[str]:
    total = sum(section.max for section in part.sections)
    if total != part.max:
        yield f"its sections add up to {total} points, the part says {part.max}"


def _section_sum_faults(section: Section) -> Iterator[str]:
    for criterion in section.criteria:
        best = max(criterion.scale.values())
        if best != criterion.max:
            yield f"{criterion.code}: its best option has {best} points, not {criterion.max}"
    for group in {criterion.group for criterion in section.criteria} - {None}:
        total = sum(criterion.max for criterion in section.criteria if criterion.group == group)
        if group is not None and group.max is not None and total != group.max:
            yield f"{group.code}: its criteria add up to {total} points, not {group.max}"
    total = sum(criterion.max for criterion in section.criteria)
    if total != section.max:
        yield f"its criteria add up to {total} points, the section says {section.max}"
