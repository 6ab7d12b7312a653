"""Who sees what of an assessment: nobody another member's sheet before opening, no member anything before declaring."""

from enum import StrEnum

from regulation.acting import Actor, Role
from services.evaluation.domain.assessment import Assessment
from services.evaluation.domain.council import Council
from services.evaluation.domain.refusals import (
    ConflictOfInterest,
    NotDeclared,
    OutsideArea,
    SheetsNotOpen,
)

OFFICIALS = (Role.SECRETARY, Role.OCOP_OFFICER, Role.AUTHORITY)


class Sight(StrEnum):
    """How much of an assessment somebody is shown; `brief` is what a member needs to declare a conflict by."""

    BRIEF = "brief"
    MEMBER = "member"
    OFFICIAL = "official"


def sight(assessment: Assessment, council: Council | None, actor: Actor) -> Sight:
    """How much the actor sees. Whoever scores here is treated as a member, whatever office he holds besides.

    Raises OutsideArea.
    """
    if council is not None and council.seats_somebody(actor.id):
        return _of_member(assessment, council, actor)
    place = assessment.product.place
    if any(actor.holds(role, place.district, place.province) for role in OFFICIALS):
        return Sight.OFFICIAL
    raise OutsideArea("this lies outside your area, or you do not sit on its council")


def _of_member(assessment: Assessment, council: Council, actor: Actor) -> Sight:
    try:
        assessment.interests.require_none(council, actor)
    except (ConflictOfInterest, NotDeclared):
        return Sight.BRIEF
    return Sight.MEMBER


def require_sees_sheets(assessment: Assessment, council: Council | None, actor: Actor) -> None:
    """Raises OutsideArea, ConflictOfInterest, NotDeclared, and SheetsNotOpen before the first opening."""
    seen = sight(assessment, council, actor)
    if seen is Sight.BRIEF and council is not None:
        assessment.interests.require_none(council, actor)
    if not assessment.openings:
        raise SheetsNotOpen("sheets are shown when all present members have submitted theirs")
