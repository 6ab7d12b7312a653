"""Where a case may stand, what may follow, and where a council's score leaves it."""

from enum import StrEnum

from regulation.decision import Pack
from regulation.refusals import UnknownLevel
from services.certification.domain.score import Score


class Status(StrEnum):
    """Where a case stands; TRANSITIONS tells what may follow.

    A case is closed when nothing has to follow: too few stars, or a national result below the
    star that was hoped for, which the authority may still recognise.
    """

    WITH_COUNCIL = "with-council"
    AWAITS_DECISION = "awaits-decision"
    AWAITS_REFERRAL = "awaits-referral"
    REFERRED = "referred"
    CERTIFIED = "certified"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


SCORED = frozenset(
    {Status.WITH_COUNCIL, Status.AWAITS_DECISION, Status.AWAITS_REFERRAL, Status.CLOSED}
)
"""Where a council's score leads, and leads again until somebody has acted upon it."""

TRANSITIONS = {
    Status.WITH_COUNCIL: SCORED | {Status.WITHDRAWN},
    Status.AWAITS_DECISION: SCORED | {Status.CERTIFIED, Status.WITHDRAWN},
    Status.AWAITS_REFERRAL: SCORED | {Status.REFERRED, Status.WITHDRAWN},
    Status.REFERRED: frozenset({Status.AWAITS_DECISION, Status.CLOSED, Status.WITHDRAWN}),
    Status.CLOSED: SCORED | {Status.CERTIFIED, Status.WITHDRAWN},
    Status.CERTIFIED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}

AWAITS = {
    Status.WITH_COUNCIL: "council",
    Status.AWAITS_DECISION: "decision",
    Status.AWAITS_REFERRAL: "referral",
    Status.REFERRED: "national-result",
}


def standing_after(pack: Pack, score: Score) -> Status:
    """Where a council's score leaves a case. Raises UnknownLevel."""
    outcome = score.outcome
    if score.level not in pack.councils:
        raise UnknownLevel(f"{pack.id} has no council at level {score.level!r}")
    if outcome.act == "close":
        return Status.CLOSED
    if outcome.level not in pack.levels:
        raise UnknownLevel(f"{pack.id} has no level {outcome.level!r}")
    if outcome.act == "certify":
        return Status.AWAITS_DECISION
    return Status.WITH_COUNCIL if outcome.level in pack.councils else Status.AWAITS_REFERRAL
