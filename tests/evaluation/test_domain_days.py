"""How long an assessment has taken, and whether it came in time."""

from dataclasses import replace
from datetime import date

import pytest

from services.evaluation.domain.assessment import Assessment
from services.evaluation.domain.days import calendar, clock, requested_in_time
from tests.builders.evaluation import (
    CONCLUDED,
    NEW,
    TODAY,
    a_council,
    a_round,
    a_secretary,
    an_assessment,
    an_opened,
)

FRIDAY, MONDAY = date(2024, 5, 10), date(2024, 5, 13)


def working(day: date) -> bool:
    return day.weekday() < 5


def supplemented(asked: date, received: date | None) -> Assessment:
    assessment = an_assessment()
    assessment.ask_supplement("a", by=a_secretary(), on=asked, today=TODAY)
    if received is not None:
        assessment.receive_supplement(by=a_secretary(), on=received, today=TODAY)
    return assessment


@pytest.mark.parametrize(
    ("today", "days"), [(FRIDAY, 0), (date(2024, 5, 12), 0), (MONDAY, 1), (date(2024, 5, 17), 5)]
)
def test_the_day_after_the_communes_letter_is_the_first_working_day(
    today: date, days: int
) -> None:
    found = clock(an_assessment(), today=today, is_working=working)

    assert (found.since, found.working_days, found.stopped) == (FRIDAY, days, False)


def test_the_clock_stands_still_while_something_is_asked() -> None:
    assessment = supplemented(MONDAY, date(2024, 5, 15))

    found = clock(assessment, today=date(2024, 5, 17), is_working=working)

    assert (found.working_days, found.stopped) == (3, False)


def test_the_clock_stays_still_until_it_has_come() -> None:
    found = clock(supplemented(MONDAY, None), today=date(2024, 5, 17), is_working=working)

    assert (found.working_days, found.stopped) == (1, True)


def test_the_clock_ends_with_the_conclusion() -> None:
    assessment, council, scored = an_opened()
    assessment.conclude(
        council, scored, by=a_secretary(), agreed={}, knockouts=[], on=CONCLUDED, today=TODAY
    )

    found = clock(assessment, today=TODAY, is_working=working)

    assert found == clock(an_assessment(), today=CONCLUDED, is_working=working)


@pytest.mark.parametrize(
    ("number", "cut_off"), [(1, (date(2026, 4, 30), date(2026, 6, 30))), (3, None)]
)
def test_a_round_shows_the_cut_offs_of_the_pack_in_force(
    number: int, cut_off: tuple[date, date] | None
) -> None:
    council = a_council(level="province", area="38", valid_to=date(2026, 12, 31))
    days = {"starts_on": date(2026, 6, 1), "ends_on": date(2026, 6, 29)}

    found = calendar(a_round(council, year=2026, number=number, **days), council)

    shown = found and (found["requests_before"], found["done_before"])
    assert shown == cut_off


@pytest.mark.parametrize(("ends", "in_time"), [(29, True), (30, False)])
def test_a_round_is_over_before_its_day(ends: int, in_time: bool) -> None:
    council = a_council(level="province", area="38", valid_to=date(2026, 12, 31))
    days = {"starts_on": date(2026, 6, 1), "ends_on": date(2026, 6, ends)}

    found = calendar(a_round(council, year=2026, **days), council)

    assert found is not None
    assert found["in_time"] is in_time


def test_older_decisions_fix_no_cut_offs() -> None:
    council = a_council()

    assert calendar(a_round(council), council) is None
    assert requested_in_time(an_assessment(), a_round(council)) is None


def test_before_the_first_decision_there_was_no_calendar() -> None:
    council = a_council()
    days = {"starts_on": date(2018, 5, 1), "ends_on": date(2018, 5, 2)}

    assert calendar(a_round(council, **days), council) is None


@pytest.mark.parametrize(
    ("verified", "in_time"), [(date(2026, 4, 29), True), (date(2026, 4, 30), False)]
)
def test_a_commune_asks_before_the_cut_off(verified: date, in_time: bool) -> None:
    council = a_council(level="province", area="38", valid_to=date(2026, 12, 31))
    assessment = an_assessment(NEW, verified_on=verified)

    assert requested_in_time(assessment, a_round(council, year=2026)) is in_time
    assert requested_in_time(assessment, replace(a_round(council, year=2026), number=9)) is None


def test_the_clock_of_a_further_turn_starts_with_its_order() -> None:
    ordered = replace(an_assessment(NEW), turn=2, opened_on=MONDAY)

    found = clock(ordered, today=date(2024, 5, 15), is_working=working)

    assert (found.since, found.working_days) == (MONDAY, 2)
