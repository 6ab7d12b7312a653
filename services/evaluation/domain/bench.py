"""Who sits over one dossier: the seats that are filled, whether they make a quorum, and who presides."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from regulation.refusals import Refusal, Unfit
from services.evaluation.domain.council import Council, Member, Presiding, Seat


class NoQuorum(Refusal):
    """Too few seats are filled."""

    slug = "no-quorum"


class ChairAbsent(Refusal):
    """The regulation asks that the chair be present."""

    slug = "chair-absent"


class UnfitAttendance(Unfit):
    """Somebody is named as present who cannot sit here."""

    slug = "unfit-attendance"


class MemberInConflict(Refusal):
    """A member in conflict does not sit over this dossier."""

    slug = "member-in-conflict"


@dataclass(frozen=True, slots=True)
class Bench:
    """The seats of a council with who fills each (None: empty), for one dossier."""

    council: Council
    filled: tuple[tuple[Member, Member | None], ...]
    conflicted: frozenset[str]

    @property
    def sitting(self) -> tuple[str, ...]:
        """Who sits, by id, in the order of the seats."""
        return tuple(by.id for _, by in self.filled if by is not None)

    def require_quorum(self) -> None:
        """Raises NoQuorum or ChairAbsent. A member in conflict fills no seat; his substitute may."""
        regulation = self.council.regulation
        seats, sitting = len(self.filled), len(self.sitting)
        if sitting < regulation.quorum_share * seats:
            share = regulation.quorum_share
            raise NoQuorum(f"present: {sitting} of {seats} seats are filled, {share} are needed")
        if regulation.chair_required and not self._somebody_presides():
            raise ChairAbsent("present: the chair's seat is empty")

    @property
    def has_quorum(self) -> bool:
        """Whether `require_quorum` lets it pass."""
        try:
            self.require_quorum()
        except (NoQuorum, ChairAbsent):
            return False
        return True

    def _somebody_presides(self) -> bool:
        chair, by = next((seat, by) for seat, by in self.filled if seat.role is Seat.CHAIR)
        if by is not None:
            return True
        if not any(seat.role is Seat.VICE_CHAIR and by for seat, by in self.filled):
            return False
        presiding = self.council.regulation.presiding
        in_conflict = presiding is Presiding.ON_CONFLICT and chair.id in self.conflicted
        return in_conflict or presiding is Presiding.ALWAYS


def bench(
    council: Council, *, conflicted: Collection[str], present: Collection[str] | None
) -> Bench:
    """Who sits when `conflicted` may not and only `present` are there (None: everybody is expected)."""
    free = {member.id for member in council.scorers if member.id not in conflicted}
    if present is not None:
        free &= set(present)
    filled = tuple((seat, _filled_by(council, seat, free)) for seat in council.seats)
    return Bench(council, filled, frozenset(conflicted))


def _filled_by(council: Council, seat: Member, free: Collection[str]) -> Member | None:
    candidates = (seat, *council.substitutes_of(seat))
    return next((member for member in candidates if member.id in free), None)


def require_can_attend(
    council: Council, present: Iterable[str], *, conflicted: Collection[str]
) -> None:
    """Raises UnfitAttendance (a stranger, or two on one seat), MemberInConflict."""
    scorers = {member.id: member for member in council.scorers}
    taken: dict[str, str] = {}
    for member_id in present:
        if member_id not in scorers:
            raise UnfitAttendance(f"present: {member_id} does not score on this council")
        if member_id in conflicted:
            raise MemberInConflict(f"present: {member_id} is in conflict over this dossier")
        seat = scorers[member_id].substitute_for or member_id
        if seat in taken:
            raise UnfitAttendance(f"present: {member_id} and {taken[seat]} have one seat")
        taken[seat] = member_id
