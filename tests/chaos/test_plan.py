"""The plan follows from the seed, deals every kind, and tries every fault point on a process that passes it."""

from itertools import islice

import pytest

from chaos.ground import NAMES
from chaos.plan import DECK, KINDS, REACHED_BY, plan, within
from chassis.fault_points import POINTS, parsed


def test_the_same_seed_gives_the_same_plan_and_another_another() -> None:
    first, again = (within(7, NAMES, every=5, seconds=300) for _ in range(2))

    assert first == again
    assert first != within(8, NAMES, every=5, seconds=300)


@pytest.mark.parametrize("seed", range(5))
def test_every_kind_is_dealt_before_a_deck_is_dealt_anew(seed: int) -> None:
    dealt = islice(plan(seed, NAMES, every=5), len(DECK))

    assert {strike.kind for strike in dealt} == set(KINDS)


@pytest.mark.parametrize("seed", range(5))
def test_a_quarter_of_an_hour_tries_every_fault_point_where_it_is_passed(seed: int) -> None:
    strikes = within(seed, NAMES, every=6, seconds=900)

    faults = [each for strike in strikes if strike.kind == "die-at-points" for each in strike.whom]
    tried = [(name.split()[0], parsed(fault)[0]) for name, _, fault in map(_halves, faults)]
    assert {point for _, point in tried} == set(POINTS)
    assert all(kind in REACHED_BY[point.partition(".")[0]] for kind, point in tried)


def _halves(fault: str) -> tuple[str, str, str]:
    return fault.partition("@")
