"""A product idea: proposed by a producer, selected into a year's list by the OCOP agency."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from regulation.acting import Actor, Place, Role
from regulation.days import require_order
from regulation.refusals import NotFound, Refusal


class IdeaStatus(StrEnum):
    """proposed → selected"""

    PROPOSED = "proposed"
    SELECTED = "selected"


class UnknownIdea(NotFound):
    """There is no such idea."""

    slug = "unknown-idea"


class IdeaAlreadySelected(Refusal):
    """An idea enters one year's list, once."""

    slug = "idea-already-selected"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaWasSelected:
    """News: the idea is on the year's list."""

    idea: "Idea"
    on: date


@dataclass(slots=True, kw_only=True)
class Idea:
    """A product idea of one subject."""

    id: UUID
    subject_id: UUID
    title: str
    place: Place
    proposed_on: date
    year: int | None = None
    status: IdeaStatus = IdeaStatus.PROPOSED
    version: int = 0
    news: list[IdeaWasSelected] = field(default_factory=list, repr=False)

    def select(self, *, by: Actor, year: int, on: date, today: date) -> None:
        """Take the idea into a year's list; the agency of the idea's district or province may.

        Raises NotAllowed, IdeaAlreadySelected, DateInFuture, DateBeforeLastAct.
        """
        by.require(Role.OCOP_OFFICER, self.place.district, self.place.province)
        if self.status is not IdeaStatus.PROPOSED:
            raise IdeaAlreadySelected(f"the idea was selected for {self.year}")
        require_order(on, today=today, last=self.proposed_on)
        self.status = IdeaStatus.SELECTED
        self.year = year
        self.news.append(IdeaWasSelected(idea=self, on=on))
