"""Who represents which subject in law, by pseudonym, and what ties subjects by him."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import bindparam, delete, select, text
from sqlalchemy.orm import Session, aliased

from services.evaluation.domain.interests import Ties
from services.evaluation.storage.tables import RepresentativeRow

_mine, _other = aliased(RepresentativeRow), aliased(RepresentativeRow)
_TIES = (
    select(_mine.subject_id, _mine.person, _other.subject_id)
    .join(_other, _other.person == _mine.person)
    .where(_mine.subject_id.in_(bindparam("subjects", expanding=True)))
)

NAMING = 0x0C0F  # any constant that no other advisory lock of the house has


class SqlRepresentatives:
    """Legal representatives in SQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def name(self, subject_id: UUID, person: str | None) -> frozenset[UUID]:
        """Note who represents a subject now, None for nobody known; the subjects whose ties it may change."""
        self._one_at_a_time()
        mine = RepresentativeRow.subject_id == subject_id
        before = self._session.scalar(select(RepresentativeRow.person).where(mine))
        self._session.execute(delete(RepresentativeRow).where(mine))
        if person is not None:
            self._session.add(RepresentativeRow(subject_id=subject_id, person=person))
            self._session.flush()
        alike = select(RepresentativeRow.subject_id).where(
            RepresentativeRow.person.in_({before, person} - {None})
        )
        return frozenset({subject_id, *self._session.scalars(alike)})

    def _one_at_a_time(self) -> None:
        """Two subjects of one person that are named at once would not see each other; SQLite's writers wait anyway."""
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": NAMING})


def ties_of(session: Session, subjects: Collection[UUID]) -> dict[UUID, Ties]:
    """Subject → its ties, of those whose legal representative is known."""
    found = session.execute(_TIES, {"subjects": list(subjects)})
    persons: dict[UUID, str] = {}
    alike: dict[UUID, set[UUID]] = defaultdict(set)
    for subject_id, person, also in found:
        persons[subject_id] = person
        alike[subject_id].add(also)
    return {
        subject_id: Ties(
            representative=person, subjects=frozenset(alike[subject_id] - {subject_id})
        )
        for subject_id, person in persons.items()
    }
