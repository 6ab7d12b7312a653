"""What is refused about a case: one class per ground, each with a slug that never changes."""

from regulation.refusals import NotFound, Refusal


class UnknownCase(NotFound):
    """No council's score was heard of such a dossier."""

    slug = "unknown-case"


class AlreadyDecided(Refusal):
    """A new score comes too late: somebody acted upon the last one."""

    slug = "already-decided"


class ScoreSuperseded(Refusal):
    """A council above has scored the dossier already, or it is assessed anew."""

    slug = "score-superseded"


class NotAwaitingDecision(Refusal):
    """An authority decides only what awaits its decision."""

    slug = "not-awaiting-decision"


class WrongLevel(Refusal):
    """Another level certifies that star under the dossier's pack."""

    slug = "wrong-level"


class NotAwaitingReferral(Refusal):
    """Only a candidate of the province's council goes to the ministry, once."""

    slug = "not-awaiting-referral"


class NotReferred(Refusal):
    """The ministry's council gives results on what was referred to it."""

    slug = "not-referred"


class ResultAlreadyRecorded(Refusal):
    """The ministry's result is recorded once."""

    slug = "result-already-recorded"


class NoNationalResult(Refusal):
    """There is no national result that could be recognised below its candidate star."""

    slug = "no-national-result"


class NoNewAssessment(Refusal):
    """The dossier's pack has nothing assessed anew after a national result."""

    slug = "no-new-assessment"
