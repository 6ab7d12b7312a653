"""Sheets on paper and off-line: whose somebody may take or bring, and what bringing one would change."""

from collections.abc import Sequence
from uuid import UUID

from regulation.acting import Actor, Grant, Role
from regulation.refusals import NotAllowed
from services.evaluation.domain.assessment import Assessment
from services.evaluation.domain.bench import MemberInConflict
from services.evaluation.domain.council import Council, Member, NotAMember
from services.evaluation.domain.sheet import ScoreSheet
from services.evaluation.use_cases.ports import Sheets


def sheet_holder(
    council: Council, assessment: Assessment, *, by: Actor, named: str | None
) -> Member:
    """Whose sheet the actor may take or bring: his own; the secretary's also that of a member he names.

    Raises NotAllowed, NotAMember, MemberInConflict, and what `Interests.require_none` raises.
    """
    if council.seats_somebody(by.id) or named is None:
        if named not in (None, by.id):
            raise NotAllowed("member: whoever scores on this council has his own sheet only")
        return assessment.interests.require_none(council, by)
    by.require(Role.SECRETARY, council.area)
    member = next((each for each in council.scorers if each.id == named), None)
    if member is None:
        raise NotAMember(f"member: {named} does not score on this council")
    if member.id in assessment.interests.conflicted(council):
        raise MemberInConflict(f"member: {named} is in conflict over this dossier")
    return member


def in_place_of(member: Member, council: Council, by: Actor) -> Actor:
    """The actor whose hand fills the sheet in: himself, or the member for whom the secretary writes."""
    if by.id == member.id:
        return by
    return Actor(id=member.id, grants=(Grant(role=Role.MEMBER, area=council.area),))


class Untouched:
    """Sheets as they are kept, of which none is saved: shows what an act would do."""

    def __init__(self, sheets: Sheets) -> None:
        self._sheets = sheets

    def of_member(self, assessment_id: UUID, member: str, round_: int) -> ScoreSheet | None:
        """As it is kept."""
        return self._sheets.of_member(assessment_id, member, round_)

    def of_round(self, assessment_id: UUID, round_: int) -> Sequence[ScoreSheet]:
        """As they are kept."""
        return self._sheets.of_round(assessment_id, round_)

    def of_assessment(self, assessment_id: UUID) -> Sequence[ScoreSheet]:
        """As they are kept."""
        return self._sheets.of_assessment(assessment_id)

    def save(self, sheet: ScoreSheet) -> None:
        """Nothing is saved."""
