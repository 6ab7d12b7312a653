"""What a council made of a product, and what the ministry's council made of it after that."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from regulation.decision import NATIONAL, Pack
from regulation.procedure import Outcome, outcome
from regulation.refusals import Unfit

FULL = 100


class MeanOutOfRange(Unfit):
    """A mean lies between 0 and 100 points."""

    slug = "mean-out-of-range"


class StarAboveMean(Unfit):
    """A star cannot lie above the band that holds the mean."""

    slug = "star-above-mean"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A council's closed assessment. `mean` is the decimal text as it was said."""

    assessment_id: UUID
    level: str
    mean: str
    star: int
    on: date
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalResult:
    """The result of the ministry's council, by the document that brought it to the province."""

    mean: Decimal
    star: int
    document: str
    on: date

    def outcome(self, pack: Pack) -> Outcome:
        """What the pack makes of it. Raises MeanOutOfRange, StarAboveMean."""
        mean = Fraction(self.mean)
        if not 0 <= mean <= FULL:
            raise MeanOutOfRange(f"mean: {self.mean} does not lie between 0 and {FULL}")
        if self.star > pack.band(mean):
            raise StarAboveMean(f"star: a mean of {self.mean} is worth {pack.band(mean)} stars")
        return outcome(pack, level=NATIONAL, rating_star=self.star, mean=mean)
