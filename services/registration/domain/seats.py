"""Who sits on a council over a dossier, and who of them may read it: nobody before he has declared his interests."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from regulation.refusals import NotAllowed


class NotCleared(NotAllowed):
    """A council's member reads a dossier only after declaring that he has no conflict of interest."""

    slug = "not-cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """One council's seats over one dossier, as evaluation last said; people by the pseudonym they have there."""

    assessment_id: UUID
    dossier_id: UUID
    members: frozenset[UUID]
    cleared: frozenset[UUID]


def is_seated(councils: Iterable[Seats], person: UUID) -> bool:
    """Whether somebody sits on one of a dossier's councils. Raises NotCleared unless cleared on each where he does."""
    seated = [seats for seats in councils if person in seats.members]
    if any(person not in seats.cleared for seats in seated):
        raise NotCleared("declare to the council first that you have no conflict of interest")
    return bool(seated)
