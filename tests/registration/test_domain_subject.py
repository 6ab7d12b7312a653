from datetime import date

import pytest

from regulation.days import DateBeforeLastAct, DateInFuture
from regulation.refusals import NotAllowed, UnknownUnit
from services.registration.domain.filing import is_filer
from services.registration.domain.places import is_commune, place_of
from tests.builders.registration import (
    COMMUNE,
    ELSEWHERE,
    ERAS,
    GONE,
    NOW,
    TODAY,
    a_producer,
    a_subject,
    an_officer,
    particulars,
    the_agency,
)

BEFORE = ERAS["QD148-2023"]
DAY = date(2026, 7, 1)
OLD_PLACE = place_of(GONE, BEFORE.day)


def test_a_place_has_its_district_only_while_there_were_districts():
    before, now = place_of(COMMUNE, date(2025, 6, 30)), place_of(COMMUNE, date(2025, 7, 1))

    assert (before.district, now.district) == ("380", None)


@pytest.mark.parametrize("code", ["38", "380", "00000", "", "1475８"])
def test_what_is_no_commune_on_that_day_has_no_place(code):
    with pytest.raises(UnknownUnit, match="commune: "):
        place_of(code, BEFORE.day)


def test_a_commune_may_end():
    assert is_commune(GONE, date(2024, 1, 1))
    assert not is_commune(GONE, date(2026, 1, 1))


def test_only_the_producer_and_its_commune_file_for_it():
    subject = a_subject()
    strangers = [
        a_producer(a_subject().id),
        an_officer(ELSEWHERE),
        the_agency(COMMUNE),
    ]

    may = [
        is_filer(who, subject_id=subject.id, commune=COMMUNE)
        for who in (a_producer(subject.id), an_officer(), *strangers)
    ]

    assert may == [True, True, *[False] * len(strangers)]


def test_its_producer_corrects_a_subject():
    subject = a_subject()

    changed = subject.change(
        particulars(phone="02373852123", public_name="HTX Chè"),
        by=a_producer(subject.id),
        on=DAY,
        today=TODAY,
    )

    assert changed == ("public_name", "phone")
    assert subject.particulars.phone == "02373852123"
    assert subject.last_on == DAY


def test_the_same_again_changes_nothing_whatever_its_day():
    subject = a_subject()

    changed = subject.change(particulars(), by=an_officer(), on=date(2020, 1, 1), today=TODAY)

    assert changed == ()
    assert subject.last_on == date(2026, 6, 1)


def test_its_commune_hands_a_subject_over_to_another():
    subject = a_subject()
    moved = particulars(place=place_of(ELSEWHERE, DAY))

    changed = subject.change(moved, by=an_officer(), on=DAY, today=TODAY)

    assert changed == ("place",)
    assert subject.place.commune == ELSEWHERE


@pytest.mark.parametrize("commune", [ELSEWHERE, "15001"])
def test_no_other_commune_takes_a_subject(commune):
    subject = a_subject()
    moved = particulars(place=place_of(commune, DAY))

    with pytest.raises(NotAllowed):
        subject.change(moved, by=an_officer(commune), on=DAY, today=TODAY)

    assert subject.place == NOW.place


def test_a_subject_whose_commune_is_gone_is_taken_in_by_the_one_it_now_lies_in():
    subject = a_subject(place=OLD_PLACE, last_on=BEFORE.day)

    changed = subject.change(particulars(), by=an_officer(), on=DAY, today=TODAY)

    assert changed == ("place",)
    assert subject.place == NOW.place


def test_a_gone_commune_opens_a_subject_to_no_third():
    subject = a_subject(place=OLD_PLACE, last_on=BEFORE.day)

    with pytest.raises(NotAllowed):
        subject.change(particulars(), by=an_officer(ELSEWHERE), on=DAY, today=TODAY)


def test_a_backdated_change_takes_no_living_subject():
    """What counts is whether its commune exists today, not on the day that the caller names."""
    newest = a_subject()
    claimed = particulars(place=place_of(GONE, BEFORE.day))

    with pytest.raises(NotAllowed):
        newest.change(claimed, by=an_officer(GONE), on=BEFORE.day, today=TODAY)


def test_changes_run_forward_in_time():
    subject = a_subject()
    wanted = particulars(public_name="Khác")

    with pytest.raises(DateBeforeLastAct):
        subject.change(wanted, by=an_officer(), on=date(2026, 5, 31), today=TODAY)
    with pytest.raises(DateInFuture):
        subject.change(wanted, by=an_officer(), on=date(2026, 11, 21), today=TODAY)
    assert subject.particulars == particulars()


def test_a_subject_of_before_days_were_kept_may_change_on_any_day():
    subject = a_subject(last_on=None)

    subject.change(particulars(phone=None), by=an_officer(), on=date(2025, 8, 1), today=TODAY)

    assert subject.last_on == date(2025, 8, 1)


def test_where_a_subject_lies_depends_on_the_day():
    subject = a_subject()

    assert subject.place_on(BEFORE.day) == BEFORE.place
    assert subject.place_on(DAY) == NOW.place


def test_a_subject_of_a_commune_that_is_gone_lies_nowhere():
    subject = a_subject(place=OLD_PLACE, last_on=BEFORE.day)

    with pytest.raises(UnknownUnit, match=f"commune {GONE} .* change the subject first"):
        subject.place_on(DAY)
