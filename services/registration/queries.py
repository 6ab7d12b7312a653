"""What registration is asked about many dossiers at once."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.areas import lies_in
from services.registration.domain.dossier import Dossier
from services.registration.storage import DossierRow, to_dossier


def listed(
    session: Session, *, places: frozenset[str], status: str | None, limit: int, after: UUID | None
) -> list[Dossier]:
    """Dossiers of these places by id, `limit` at a time, those after `after`."""
    statement = select(DossierRow).order_by(DossierRow.id).limit(limit)
    row = DossierRow
    statement = statement.where(lies_in(places, row.commune, row.district, row.province))
    if status is not None:
        statement = statement.where(DossierRow.status == status)
    if after is not None:
        statement = statement.where(DossierRow.id > after)
    return [to_dossier(row) for row in session.scalars(statement)]
