"""Who sits over one dossier."""

from fractions import Fraction

import pytest

from services.evaluation.domain.bench import (
    ChairAbsent,
    MemberInConflict,
    NoQuorum,
    UnfitAttendance,
    bench,
    require_can_attend,
)
from services.evaluation.domain.council import Council, Member, Presiding, Seat
from tests.builders.evaluation import a_council, members

VICE = Member(id="vice", role=Seat.VICE_CHAIR)


def stand_in(for_: str, id: str = "stand-in") -> Member:
    return Member(id=id, role=Seat.MEMBER, substitute_for=for_)


def everybody(council: Council, *absent: str) -> list[str]:
    return [seat.id for seat in council.seats if seat.id not in absent]


def test_everybody_is_expected_until_attendance_is_taken() -> None:
    council = a_council(3, more=[stand_in("member-2")])

    sitting = bench(council, conflicted=(), present=None)

    assert sitting.sitting == ("member-1", "member-2", "member-3")


def test_a_substitute_takes_the_seat_of_a_member_in_conflict() -> None:
    council = a_council(3, more=[stand_in("member-2")])

    sitting = bench(council, conflicted=["member-2"], present=None)

    assert sitting.sitting == ("member-1", "stand-in", "member-3")


def test_a_substitute_takes_the_seat_of_an_absent_member_when_present() -> None:
    council = a_council(3, more=[stand_in("member-2")])

    sitting = bench(council, conflicted=(), present=["member-1", "stand-in", "member-3"])

    assert sitting.sitting == ("member-1", "stand-in", "member-3")


def test_the_second_substitute_follows_where_the_first_is_in_conflict() -> None:
    council = a_council(3, more=[stand_in("member-2"), stand_in("member-2", "second")])

    sitting = bench(council, conflicted=["member-2", "stand-in"], present=None)

    assert sitting.sitting == ("member-1", "second", "member-3")


@pytest.mark.parametrize(
    ("seats", "absent", "enough"), [(4, 1, True), (4, 2, False), (9, 2, True), (9, 3, False)]
)
def test_three_quarters_of_the_seats_make_a_quorum(seats: int, absent: int, enough: bool) -> None:
    council = a_council(seats)
    gone = [f"member-{number}" for number in range(seats, seats - absent, -1)]

    sitting = bench(council, conflicted=(), present=everybody(council, *gone))

    assert sitting.has_quorum is enough


def test_a_quorum_is_counted_exactly() -> None:
    council = a_council(3, quorum_share=Fraction(2, 3))

    sitting = bench(council, conflicted=["member-3"], present=None)

    sitting.require_quorum()


def test_a_refused_quorum_says_what_is_there_and_what_is_needed() -> None:
    council = a_council(4)

    with pytest.raises(NoQuorum, match=r"2 of 4 seats are filled, 3/4 are needed"):
        bench(council, conflicted=["member-3", "member-4"], present=None).require_quorum()


def test_the_chair_is_present() -> None:
    council = a_council(5)

    with pytest.raises(ChairAbsent):
        bench(council, conflicted=(), present=everybody(council, "member-1")).require_quorum()


def test_a_regulation_may_do_without_the_chair() -> None:
    council = a_council(5, chair_required=False)

    bench(council, conflicted=(), present=everybody(council, "member-1")).require_quorum()


def test_the_chairs_substitute_presides() -> None:
    council = a_council(3, more=[stand_in("member-1")])

    bench(council, conflicted=["member-1"], present=None).require_quorum()


@pytest.mark.parametrize(
    ("presiding", "in_conflict", "absent"),
    [
        (Presiding.NEVER, False, False),
        (Presiding.ON_CONFLICT, True, False),
        (Presiding.ALWAYS, True, True),
    ],
)
def test_a_vice_chair_presides_as_the_regulation_says(
    presiding: Presiding, in_conflict: bool, absent: bool
) -> None:
    council = a_council(4, more=[VICE], presiding=presiding)
    others = everybody(council, "member-1")

    assert bench(council, conflicted=["member-1"], present=None).has_quorum is in_conflict
    assert bench(council, conflicted=(), present=others).has_quorum is absent


def test_no_vice_chair_presides_who_is_absent_himself() -> None:
    council = a_council(members=(*members(8), VICE), presiding=Presiding.ALWAYS)
    others = everybody(council, "member-1", "vice")

    assert not bench(council, conflicted=(), present=others).has_quorum


@pytest.mark.parametrize(
    ("present", "said"),
    [
        (["member-1", "stranger"], "stranger does not score"),
        (["member-2", "stand-in"], "have one seat"),
        (["member-2", "member-2"], "have one seat"),
    ],
)
def test_attendance_names_members_each_on_a_seat_of_his_own(present: list[str], said: str) -> None:
    council = a_council(3, more=[stand_in("member-2")])

    with pytest.raises(UnfitAttendance, match=said):
        require_can_attend(council, present, conflicted=())


def test_a_member_in_conflict_is_not_present() -> None:
    with pytest.raises(MemberInConflict):
        require_can_attend(a_council(), ["member-2"], conflicted=["member-2"])
