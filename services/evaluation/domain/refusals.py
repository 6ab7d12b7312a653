"""On what grounds an act on an assessment is refused."""

from regulation.refusals import NotAllowed, NotFound, Refusal, Unfit


class UnknownAssessment(NotFound):
    """There is no such assessment."""

    slug = "unknown-assessment"


class NoMinutes(NotFound):
    """There are minutes only of what was concluded."""

    slug = "no-minutes"


class NotAdmitted(Refusal):
    """The dossier is not in a round yet."""

    slug = "not-admitted"


class AlreadyAdmitted(Refusal):
    """A dossier is taken into one round of a council."""

    slug = "already-admitted"


class NotConcluded(Refusal):
    """Only what a council has concluded is assessed anew."""

    slug = "not-concluded"


class AssessmentEnded(Refusal):
    """The assessment is concluded, or its dossier withdrawn."""

    slug = "assessment-ended"


class OtherCouncil(Unfit):
    """The round belongs to the council of another level or area."""

    slug = "other-council"


class NotDeclared(Refusal):
    """A member declares conflicts of interest before he sees anything of the dossier."""

    slug = "not-declared"


class ConflictOfInterest(NotAllowed):
    """A member in conflict takes no part in this assessment."""

    slug = "conflict-of-interest"


class ConflictStands(Refusal):
    """A declared conflict is not taken back."""

    slug = "conflict-stands"


class AdvisoryReportMissing(Refusal):
    """The council's regulation asks for the advisory team's report first."""

    slug = "advisory-report-missing"


class SupplementOutstanding(Refusal):
    """The producer has been asked for something that has not come."""

    slug = "supplement-outstanding"


class NoSupplementAsked(Refusal):
    """Nothing is outstanding."""

    slug = "no-supplement-asked"


class NotSeated(Refusal):
    """A substitute scores only in the place of a member who does not, a member only when present."""

    slug = "not-seated"


class SheetsOpen(Refusal):
    """The sheets are open: nothing that they rest on is changed any more."""

    slug = "sheets-open"


class SheetsNotOpen(Refusal):
    """Sheets are seen, and a conclusion drawn, only when all present members have submitted theirs."""

    slug = "sheets-not-open"


class SpreadOverLimit(Refusal):
    """Members' totals lie too far apart: they discuss and score again."""

    slug = "spread-over-limit"


class ScoresHere(NotAllowed):
    """Whoever scores on a council does not run its procedure."""

    slug = "scores-here"


class GatesByMean(Unfit):
    """The council's regulation judges minimums by the mean, not by agreed options."""

    slug = "gates-by-mean"


class OutsideArea(NotAllowed):
    """The assessment lies outside the caller's area."""

    slug = "outside-area"
