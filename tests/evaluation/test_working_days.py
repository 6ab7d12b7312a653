"""Which days people work in Viet Nam."""

from datetime import date
from pathlib import Path

import pytest

from chassis.database import Database
from services.evaluation.working_days import FILE, BrokenDays, of_office
from tests.builders.evaluation import Desk


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2024, 5, 10), True),
        (date(2024, 5, 11), False),
        (date(2024, 9, 2), False),
        (date(2024, 4, 18), False),
        (date(2024, 2, 12), False),
    ],
    ids=["a Friday", "a Saturday", "National Day", "Hung Kings", "Tet"],
)
def test_public_holidays_and_weekends_are_off(tmp_path: Path, day: date, worked: bool) -> None:
    assert of_office(tmp_path)(day) is worked


def test_an_offices_list_of_swapped_days_stands_over_the_rest(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("2024-04-29,off\n\n2024-05-04, work\n")

    days = of_office(tmp_path)

    assert days(date(2024, 4, 29)) is False
    assert days(date(2024, 5, 4)) is True
    assert days(date(2024, 5, 6)) is True


@pytest.mark.parametrize("line", ["2024-04-31,off", "2024-04-29", "2024-04-29,holiday", "x,off"])
def test_a_list_that_cannot_be_read_is_named_at_start(
    tmp_path: Path, sqlite: Database, line: str
) -> None:
    (tmp_path / FILE).write_text(f"2024-04-29,off\n{line}\n")

    with pytest.raises(BrokenDays, match="line 2"):
        Desk(sqlite, tmp_path)
