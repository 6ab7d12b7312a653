from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.calendar import add_working_days, is_working_day

FRIDAY = date(2026, 4, 24)
REUNIFICATION = date(2026, 4, 30)
LABOUR = date(2026, 5, 1)


def test_the_day_after_is_the_first():
    assert add_working_days(date(2026, 6, 1), 1, holidays=()) == date(2026, 6, 2)


def test_saturday_and_sunday_do_not_count():
    assert add_working_days(FRIDAY, 1, holidays=()) == date(2026, 4, 27)


def test_holidays_do_not_count():
    end = add_working_days(FRIDAY, 4, holidays={REUNIFICATION, LABOUR})

    assert end == date(2026, 5, 4)


def test_a_commune_has_fifteen_working_days_over_the_spring_holidays():
    end = add_working_days(FRIDAY, 15, holidays={REUNIFICATION, LABOUR})

    assert end == date(2026, 5, 19)


def test_no_days_are_the_day_itself_even_on_a_sunday():
    assert add_working_days(date(2026, 6, 7), 0, holidays=()) == date(2026, 6, 7)


def test_days_do_not_run_backwards():
    with pytest.raises(ValueError, match="-1 working days"):
        add_working_days(FRIDAY, -1, holidays=())


@given(
    st.dates(date(2019, 1, 1), date(2040, 1, 1)), st.integers(1, 60), st.sets(st.integers(0, 90))
)
def test_exactly_that_many_working_days_have_passed(start, days, off):
    holidays = {start + timedelta(days=each) for each in off}

    end = add_working_days(start, days, holidays=holidays)

    passed = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(is_working_day(day, holidays=holidays) for day in passed) == days
    assert is_working_day(end, holidays=holidays)
