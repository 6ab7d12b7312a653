"""Whom data shows to be in conflict, on which ground, before anybody was asked."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from regulation.acting import Role
from services.evaluation.domain.bench import MemberInConflict
from services.evaluation.domain.council import Council, Member, Seat
from services.evaluation.domain.interests import Conflict, Ground, Interests, Ties
from services.evaluation.domain.refusals import ConflictOfInterest
from services.evaluation.domain.sight import Sight, sight
from services.evaluation.use_cases import sheet_holder
from tests.builders.evaluation import (
    AT,
    a_council,
    a_member,
    a_secretary,
    an_actor,
    an_admitted,
    members,
)

SUBJECT, SISTER, STRANGER = uuid4(), uuid4(), uuid4()
TIES = Ties(representative="k-person", subjects=frozenset({SISTER}))


def with_member(number: int = 2, **changes: object) -> Council:
    """A council of four, one of whom is changed."""
    seats = list(members(4))
    seats[number - 1] = replace(seats[number - 1], **changes)
    return a_council(members=tuple(seats))


def interests(ties: Ties = TIES) -> Interests:
    return Interests(subject_id=SUBJECT, ties=ties)


@pytest.mark.parametrize(
    ("known", "ground"),
    [
        ({"person": "k-person"}, Ground.SAME_PERSON),
        ({"interests": frozenset({SUBJECT})}, Ground.SAME_SUBJECT),
        ({"interests": frozenset({SISTER})}, Ground.SAME_REPRESENTATIVE),
        ({"person": "k-person", "interests": frozenset({SISTER, SUBJECT})}, Ground.SAME_PERSON),
    ],
)
def test_data_shows_a_conflict_and_its_ground(known: dict[str, object], ground: Ground) -> None:
    found = interests().conflicts(with_member(**known))

    assert found == {"member-2": Conflict(ground=ground.value, by_data=True)}


@pytest.mark.parametrize(
    "known", [{}, {"person": "k-other"}, {"interests": frozenset({STRANGER})}]
)
def test_others_are_not_in_conflict(known: dict[str, object]) -> None:
    assert interests().conflicts(with_member(**known)) == {}


def test_who_is_not_known_is_the_same_as_nobody() -> None:
    council = with_member(person=None)

    assert interests(Ties()).conflicts(council) == {}
    assert interests(Ties()).conflicts(with_member(person="k-person")) == {}


@pytest.mark.parametrize(
    ("subject", "ground"), [(SUBJECT, "same-subject"), (SISTER, "same-representative")]
)
def test_whoever_acts_for_the_subject_or_its_sister_is_in_conflict_whatever_he_says(
    subject: UUID, ground: str
) -> None:
    producer = an_actor(Role.MEMBER, id="member-2", producer=str(subject))
    council, mine = a_council(), interests()
    with pytest.raises(ConflictOfInterest):
        mine.require_none(council, producer)

    said = mine.declare(members(2)[1], producer, conflict=False, ground=None, at=AT)

    assert (said.conflict, said.ground, said.by_data) == (True, ground, True)


def test_a_substitute_is_treated_alike() -> None:
    stands_in = Member(id="sub", role=Seat.MEMBER, substitute_for="member-2", person="k-person")

    found = interests().conflicts(a_council(more=[stands_in]))

    assert found["sub"].ground == "same-person"


@pytest.mark.parametrize("known", [{"person": "k-person"}, {"interests": frozenset({SISTER})}])
def test_who_is_shown_to_be_in_conflict_neither_sees_nor_scores_nor_attends_nor_has_a_sheet(
    known: dict[str, object],
) -> None:
    council = with_member(**known)
    assessment, _ = an_admitted(council, subject_id=SUBJECT)
    assessment.interests.ties = TIES
    him = a_member(2)
    assessment.declare(council, by=him, conflict=False, ground=None, at=AT)

    assert sight(assessment, council, him) is Sight.BRIEF
    assert "member-2" not in assessment.bench(council).sitting
    with pytest.raises(ConflictOfInterest):
        assessment.require_may_score(council, him)
    with pytest.raises(ConflictOfInterest):
        sheet_holder(council, assessment, by=him, named=None)
    with pytest.raises(MemberInConflict):
        sheet_holder(council, assessment, by=a_secretary(), named="member-2")
    everybody = [member.id for member in council.scorers]
    day = assessment.last_on
    with pytest.raises(MemberInConflict):
        assessment.attend(council, everybody, by=a_secretary(), on=day, today=day)


def test_every_ground_has_its_words_in_both_languages() -> None:
    for lang in ("vi", "en"):
        assert len({ground.text.in_(lang) for ground in Ground}) == len(Ground)
