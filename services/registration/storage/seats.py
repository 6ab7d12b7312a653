"""Councils' seats over dossiers in SQL."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import rows
from services.registration.domain.seats import Seats
from services.registration.storage.tables import SeatsRow


class SqlSeats:
    """Seats in SQL, by the assessment that they are over."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_dossier(self, dossier_id: UUID) -> list[Seats]:
        """Those of every council that the dossier is or was before."""
        found = self._session.scalars(select(SeatsRow).where(SeatsRow.dossier_id == dossier_id))
        return [
            Seats(
                assessment_id=row.assessment_id,
                dossier_id=row.dossier_id,
                members=_people(row.members),
                cleared=_people(row.cleared),
            )
            for row in found
        ]

    def put(self, seats: Seats) -> None:
        """In place of what was known of this assessment."""
        values = {
            "assessment_id": seats.assessment_id,
            "dossier_id": seats.dossier_id,
            "members": sorted(map(str, seats.members)),
            "cleared": sorted(map(str, seats.cleared)),
        }
        rows.keep(self._session, SeatsRow, values)


def _people(kept: Iterable[str]) -> frozenset[UUID]:
    return frozenset(map(UUID, kept))
