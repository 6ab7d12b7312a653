"""Working days of Vietnam: Monday to Friday without the public holidays."""

from collections.abc import Collection
from datetime import date, timedelta

SATURDAY = 5


def add_working_days(start: date, days: int, *, holidays: Collection[date]) -> date:
    """The day on which `days` working days have passed, the day after `start` being the first.

    `holidays` are the days off besides Saturday and Sunday; the caller knows them. 0 days is
    `start` itself. Raises ValueError for a negative number.
    """
    if days < 0:
        raise ValueError(f"{days} working days cannot pass")
    day = start
    while days:
        day += timedelta(days=1)
        if is_working_day(day, holidays=holidays):
            days -= 1
    return day


def is_working_day(day: date, *, holidays: Collection[date]) -> bool:
    return day.weekday() < SATURDAY and day not in holidays
