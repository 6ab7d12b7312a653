"""One member's score sheet: a draft of his own until he submits it, then locked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from regulation import rating
from regulation.criteria import CriteriaSet
from regulation.refusals import NotFound, Refusal, Unfit


class NoSheet(NotFound):
    """The member has not begun a sheet in this round of sheets."""

    slug = "no-sheet"


class SheetLocked(Refusal):
    """A submitted sheet is not changed any more."""

    slug = "sheet-locked"


class OtherCriteriaSet(Unfit):
    """A sheet is filled in on the dossier's own criteria set."""

    slug = "other-criteria-set"


@dataclass(slots=True, kw_only=True)
class ScoreSheet:
    """A member's ticks in one round of sheets (1, and more after a spread over the limit)."""

    id: UUID
    assessment_id: UUID
    member: str
    round: int
    choices: dict[str, int] = field(default_factory=dict)
    submitted_at: datetime | None = None
    version: int = 0

    @property
    def is_submitted(self) -> bool:
        """Whether it is locked."""
        return self.submitted_at is not None

    def fill_in(self, choices: Mapping[str, int], criteria_set: CriteriaSet) -> None:
        """Put these ticks in place of what was there; criteria left out are not ticked.

        Raises SheetLocked, UnknownCriterion, UnknownOption.
        """
        self._require_draft()
        for code, no in choices.items():
            criteria_set.criterion(code).require(no)
        self.choices = dict(choices)

    def submit(self, *, at: datetime) -> None:
        """Lock it. Raises SheetLocked."""
        self._require_draft()
        self.submitted_at = at

    def _require_draft(self) -> None:
        if self.is_submitted:
            raise SheetLocked("your sheet is submitted and locked")

    def for_rating(self) -> rating.Sheet:
        """As the rating takes it."""
        return rating.Sheet(member=self.member, choices=self.choices)

    def points(self, criteria_set: CriteriaSet) -> int:
        """What it comes to."""
        return sum(criteria_set.scales[code][no] for code, no in self.choices.items())
