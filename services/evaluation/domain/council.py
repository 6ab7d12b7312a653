"""A council and the regulation it works by: who has a seat, how many make a quorum, how sheets become one result."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from regulation.acting import Actor, Role
from regulation.refusals import NotAllowed, NotFound, Refusal, Unfit


class Seat(StrEnum):
    """What somebody is on a council. The secretary runs the procedure and does not score."""

    CHAIR = "chair"
    VICE_CHAIR = "vice-chair"
    MEMBER = "member"
    SECRETARY = "secretary"


class Gates(StrEnum):
    """How a star's minimum in one criterion is judged when members tick differently."""

    MEAN = "mean"
    AGREED = "agreed"


class OnSpread(StrEnum):
    """What follows when members' totals lie too far apart."""

    RESCORE = "rescore"
    NOTE = "note"


class Requirement(StrEnum):
    """What the regulation asks for before a member may score."""

    ADVISORY_REPORT = "advisory-report"
    DECLARATIONS = "declarations"


class Presiding(StrEnum):
    """When a vice-chair may take the chair's place."""

    NEVER = "never"
    ON_CONFLICT = "on-conflict"
    ALWAYS = "always"


class UnknownCouncil(NotFound):
    """There is no such council."""

    slug = "unknown-council"


class NotAMember(NotAllowed):
    """Only those who score on this council may do this."""

    slug = "not-a-member"


class UnfitCouncil(Unfit):
    """The council is not made up as a council is."""

    slug = "unfit-council"


class CouncilNotValid(Refusal):
    """A council acts within its validity only."""

    slug = "council-not-valid"


class CouncilAtWork(Refusal):
    """A council that has taken a dossier in is not changed any more; a new decision sets up a new one."""

    slug = "council-at-work"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regulation:
    """A council's operating regulation.

    quorum_share  of the seats that must be filled; chair_required: the chair's seat among them.
    presiding     when a vice-chair fills in for the chair.
    spread_limit  points that members' totals may lie apart; on_spread: what follows above it; max_rescores: how often
                  it follows at most (None: as often as needed), after which the spread is noted.
    gates         whether the council agrees options for single criteria, or the mean decides.
    requires      before a member may score.

    No decision fixes these; they are the province's to lay down (26/2026 leaves them to the regulation).
    """

    quorum_share: Fraction = Fraction(3, 4)
    chair_required: bool = True
    presiding: Presiding = Presiding.ON_CONFLICT
    spread_limit: int = 10
    on_spread: OnSpread = OnSpread.RESCORE
    max_rescores: int | None = None
    gates: Gates = Gates.MEAN
    requires: frozenset[Requirement] = frozenset({Requirement.DECLARATIONS})

    def asks_rescore(self, spread: int, *, before: int) -> bool:
        """Whether members score again, who have scored again `before` times."""
        if spread <= self.spread_limit or self.on_spread is OnSpread.NOTE:
            return False
        return self.max_rescores is None or before < self.max_rescores


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One person on a council, by the id that the person acts under.

    name            as the council's decision has it: printed in its papers, and in no event or record of acts.
    substitute_for  whose seat is taken when that member is absent or in conflict.
    interests       subjects that the member owns, works for or represents in law: blocked there without being asked.
    person          a pseudonym from the member's personal number, to compare with subjects' legal representatives.
    """

    id: str
    role: Seat
    agency: str = ""
    name: str = ""
    substitute_for: str | None = None
    interests: frozenset[UUID] = frozenset()
    person: str | None = None

    @property
    def called(self) -> str:
        """The name, or where none was given the id."""
        return self.name or self.id

    @property
    def scores(self) -> bool:
        """Whether this member fills in sheets."""
        return self.role is not Seat.SECRETARY


@dataclass(slots=True, kw_only=True)
class Council:
    """A council of one area, from one decision. Raises UnfitCouncil when it is not made up as a council is."""

    id: UUID
    level: str
    area: str
    valid_from: date
    valid_to: date
    regulation: Regulation
    members: tuple[Member, ...]
    version: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        for fault in self._faults():
            raise UnfitCouncil(fault)

    def _faults(self) -> Iterator[str]:
        if self.valid_to < self.valid_from:
            yield "valid_to: it lies before valid_from"
        for named, times in Counter(member.id for member in self.members).items():
            if times > 1:
                yield f"members: {named} is named twice"
        chairs = sum(1 for seat in self.seats if seat.role is Seat.CHAIR)
        if chairs != 1:
            yield f"members: a council has one chair, this one has {chairs}"
        seats = {seat.id for seat in self.seats}
        for member in self.members:
            if member.substitute_for is not None and (
                member.substitute_for not in seats or not member.scores
            ):
                yield f"members: {member.id} substitutes for nobody who has a seat"

    @property
    def seats(self) -> tuple[Member, ...]:
        """Those who hold a seat that scores; substitutes hold none of their own."""
        return tuple(m for m in self.members if m.scores and m.substitute_for is None)

    @property
    def scorers(self) -> tuple[Member, ...]:
        """Everybody who may come to score, substitutes included."""
        return tuple(member for member in self.members if member.scores)

    def substitutes_of(self, seat: Member) -> tuple[Member, ...]:
        """Who may take that seat, in the order of the decision."""
        return tuple(member for member in self.members if member.substitute_for == seat.id)

    def scorer(self, actor: Actor) -> Member:
        """The actor as somebody who scores here. Raises NotAllowed, NotAMember."""
        actor.require(Role.MEMBER, self.area)
        for member in self.scorers:
            if member.id == actor.id:
                return member
        raise NotAMember("you do not score on this council")

    def seats_somebody(self, member_id: str) -> bool:
        """Whether that id scores here."""
        return any(member.id == member_id for member in self.scorers)

    def require_valid(self, on: date) -> None:
        """Raises CouncilNotValid."""
        if not self.valid_from <= on <= self.valid_to:
            raise CouncilNotValid(
                f"on: the council is valid from {self.valid_from} to {self.valid_to}, not on {on}"
            )
