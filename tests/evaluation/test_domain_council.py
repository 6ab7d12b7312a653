"""What a council is made up of, and what its regulation makes of a spread."""

from datetime import date

import pytest

from regulation.acting import Role
from regulation.refusals import NotAllowed
from services.evaluation.domain.council import (
    CouncilNotValid,
    Member,
    NotAMember,
    OnSpread,
    Regulation,
    Seat,
    UnfitCouncil,
)
from services.evaluation.domain.round import RoundOver, UnfitRound
from tests.builders.evaluation import a_council, a_member, a_round, an_actor, members

SECRETARY = Member(id="secretary", role=Seat.SECRETARY)


def test_a_secretary_and_substitutes_hold_no_seat() -> None:
    substitute = Member(id="stand-in", role=Seat.MEMBER, substitute_for="member-2")

    council = a_council(3, more=[SECRETARY, substitute])

    assert [seat.id for seat in council.seats] == ["member-1", "member-2", "member-3"]
    assert [scorer.id for scorer in council.scorers] == [
        "member-1",
        "member-2",
        "member-3",
        "stand-in",
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([Member(id="member-1", role=Seat.MEMBER)], "member-1 is named twice"),
        ([Member(id="other", role=Seat.CHAIR)], "one chair, this one has 2"),
        ([Member(id="other", role=Seat.MEMBER, substitute_for="nobody")], "for nobody"),
        ([SECRETARY, Member(id="x", role=Seat.MEMBER, substitute_for="secretary")], "for nobody"),
        ([Member(id="x", role=Seat.SECRETARY, substitute_for="member-2")], "for nobody"),
    ],
)
def test_a_council_that_is_not_made_up_as_one_is_refused(more: list[Member], said: str) -> None:
    with pytest.raises(UnfitCouncil, match=said):
        a_council(3, more=more)


def test_a_council_without_a_chair_is_refused() -> None:
    with pytest.raises(UnfitCouncil, match="one chair, this one has 0"):
        a_council(members=members(3)[1:])


def test_a_council_does_not_end_before_it_begins() -> None:
    with pytest.raises(UnfitCouncil, match="valid_to"):
        a_council(valid_from=date(2024, 5, 2), valid_to=date(2024, 5, 1))


@pytest.mark.parametrize("on", [date(2023, 12, 31), date(2025, 1, 1)])
def test_a_council_acts_within_its_validity_only(on: date) -> None:
    with pytest.raises(CouncilNotValid, match=r"2024-01-01 to 2024-12-31"):
        a_council().require_valid(on)


@pytest.mark.parametrize("on", [date(2024, 1, 1), date(2024, 12, 31)])
def test_the_first_and_last_day_of_its_validity_belong_to_it(on: date) -> None:
    a_council().require_valid(on)


def test_only_a_member_of_this_council_scores() -> None:
    council = a_council(3, more=[SECRETARY])

    with pytest.raises(NotAMember):
        council.scorer(a_member(7))
    with pytest.raises(NotAMember):
        council.scorer(an_actor(Role.MEMBER, id="secretary"))


def test_a_member_acts_with_the_right_of_a_member_in_the_councils_area() -> None:
    with pytest.raises(NotAllowed):
        a_council().scorer(a_member(1, "401"))


@pytest.mark.parametrize(
    ("regulation", "spread", "before", "asked"),
    [
        (Regulation(), 10, 0, False),
        (Regulation(), 11, 0, True),
        (Regulation(), 11, 7, True),
        (Regulation(spread_limit=5), 6, 0, True),
        (Regulation(on_spread=OnSpread.NOTE), 40, 0, False),
        (Regulation(max_rescores=1), 40, 0, True),
        (Regulation(max_rescores=1), 40, 1, False),
    ],
)
def test_members_score_again_when_totals_lie_farther_apart_than_the_limit(
    regulation: Regulation, spread: int, before: int, asked: bool
) -> None:
    assert regulation.asks_rescore(spread, before=before) is asked


def test_a_round_does_not_end_before_it_starts() -> None:
    with pytest.raises(UnfitRound):
        a_round(a_council(), ends_on=date(2024, 5, 14))


def test_nothing_is_taken_into_a_round_that_has_ended() -> None:
    round_ = a_round(a_council())

    round_.require_takes(round_.ends_on)
    with pytest.raises(RoundOver):
        round_.require_takes(date(2024, 6, 16))
