"""The day of an act: not ahead of today, not before the last act."""

from datetime import date

import pytest

from regulation.days import DateBeforeLastAct, DateInFuture, require_order

TODAY, LAST = date(2024, 5, 20), date(2024, 5, 6)


@pytest.mark.parametrize("on", [LAST, date(2024, 5, 10), TODAY])
def test_an_act_lies_between_the_last_one_and_today(on: date) -> None:
    require_order(on, today=TODAY, last=LAST)


def test_an_act_is_not_entered_before_it_took_place() -> None:
    with pytest.raises(DateInFuture, match="decided_on: 2024-05-21 lies in the future"):
        require_order(date(2024, 5, 21), today=TODAY, last=LAST, field="decided_on")


def test_acts_on_one_case_run_forward() -> None:
    with pytest.raises(DateBeforeLastAct, match="on: 2024-05-05 lies before the last act of"):
        require_order(date(2024, 5, 5), today=TODAY, last=LAST)


def test_the_first_act_has_nothing_before_it() -> None:
    require_order(date(2019, 1, 1), today=TODAY, last=None)
