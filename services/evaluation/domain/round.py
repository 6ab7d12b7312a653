"""A round (đợt) of evaluation: the days in which a council takes dossiers in and concludes on them."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from regulation.refusals import NotFound, Refusal, Unfit


class UnknownRound(NotFound):
    """There is no such round."""

    slug = "unknown-round"


class UnfitRound(Unfit):
    """The round's days do not fit each other or its council."""

    slug = "unfit-round"


class RoundOver(Refusal):
    """Nothing is taken into a round that has ended."""

    slug = "round-over"


class RoundAtWork(Refusal):
    """A round that has taken a dossier in is not changed any more."""

    slug = "round-at-work"


@dataclass(slots=True, kw_only=True)
class Round:
    """One round of one council. Raises UnfitRound."""

    id: UUID
    council_id: UUID
    name: str
    year: int
    number: int
    starts_on: date
    ends_on: date
    version: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise UnfitRound("ends_on: it lies before starts_on")

    def require_takes(self, on: date) -> None:
        """Raises RoundOver."""
        if on > self.ends_on:
            raise RoundOver(f"on: the round ended on {self.ends_on}")
