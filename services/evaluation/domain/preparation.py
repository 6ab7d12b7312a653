"""What the advisory team does before members score: it checks, asks the producer for supplements, and reports."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from services.evaluation.domain.council import Requirement
from services.evaluation.domain.facts import AdvisoryReport, Supplement
from services.evaluation.domain.refusals import (
    AdvisoryReportMissing,
    NoSupplementAsked,
    SupplementOutstanding,
)


@dataclass(slots=True, kw_only=True)
class Preparation:
    """The advisory team's work on one dossier (26/2026 Art. 7.3)."""

    report: AdvisoryReport | None = None
    supplements: tuple[Supplement, ...] = ()

    @property
    def awaits_supplement(self) -> bool:
        """Whether the clock stands still."""
        return any(supplement.received_on is None for supplement in self.supplements)

    def advise(self, report: AdvisoryReport) -> None:
        """Report; a later report takes the place of an earlier. Raises SupplementOutstanding."""
        self.require_nothing_outstanding()
        self.report = report

    def ask(self, what: str, on: date) -> None:
        """Ask the producer for something. Raises SupplementOutstanding."""
        self.require_nothing_outstanding()
        self.supplements += (Supplement(what=what, asked_on=on),)

    def receive(self, on: date) -> None:
        """What was asked has come. Raises NoSupplementAsked."""
        if not self.awaits_supplement:
            raise NoSupplementAsked("no supplement is outstanding")
        *before, last = self.supplements
        self.supplements = (*before, replace(last, received_on=on))

    def require_ready(self, requires: Collection[Requirement]) -> None:
        """Raises AdvisoryReportMissing where the regulation asks for one, SupplementOutstanding."""
        if Requirement.ADVISORY_REPORT in requires and self.report is None:
            raise AdvisoryReportMissing("the advisory team has not reported yet")
        self.require_nothing_outstanding()

    def require_nothing_outstanding(self) -> None:
        """Raises SupplementOutstanding."""
        if self.awaits_supplement:
            raise SupplementOutstanding("a supplement is outstanding")
