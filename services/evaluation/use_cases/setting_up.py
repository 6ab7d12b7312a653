"""Councils and rounds are set up."""

from regulation.acting import Actor, Role
from services.evaluation.domain.council import Council, CouncilAtWork
from services.evaluation.domain.round import Round, RoundAtWork
from services.evaluation.use_cases.ports import Assessments, Councils, Rounds


def set_up_council(
    councils: Councils, assessments: Assessments, *, council: Council, by: Actor
) -> Council:
    """Enter a council and the regulation it works by; its area's secretary does.

    Raises NotAllowed, CouncilAtWork.
    """
    by.require(Role.SECRETARY, council.area)
    there = councils.find(council.id)
    if there is not None:
        by.require(Role.SECRETARY, there.area)
        if there == council:
            return there
        if assessments.use_council(council.id):
            raise CouncilAtWork("the council has dossiers before it and is not changed any more")
        council.version = there.version
    councils.save(council)
    return council


def set_up_round(
    councils: Councils, rounds: Rounds, assessments: Assessments, *, round_: Round, by: Actor
) -> Round:
    """Enter a round of a council.

    Raises NotAllowed, UnknownCouncil, RoundAtWork, CouncilNotValid.
    """
    council = councils.get(round_.council_id)
    by.require(Role.SECRETARY, council.area)
    council.require_valid(round_.starts_on)
    there = rounds.find(round_.id)
    if there is not None:
        by.require(Role.SECRETARY, councils.get(there.council_id).area)
        if there == round_:
            return there
        if assessments.use_round(round_.id):
            raise RoundAtWork("the round has dossiers in it and is not changed any more")
        round_.version = there.version
    rounds.save(round_)
    return round_
