"""What registration is asked about many dossiers at once."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.domain.dossier import Dossier
from services.registration.storage import DossierRow, to_dossier


def listed(
    session: Session, *, places: frozenset[str], status: str | None, limit: int, after: UUID | None
) -> list[Dossier]:
    """Dossiers of these places by id, `limit` at a time, those after `after`."""
    statement = select(DossierRow).order_by(DossierRow.id).limit(limit)
    statement = statement.where(
        DossierRow.commune.in_(places)
        | DossierRow.district.in_(places)
        | DossierRow.province.in_(places)
    )
    if status is not None:
        statement = statement.where(DossierRow.status == status)
    if after is not None:
        statement = statement.where(DossierRow.id > after)
    return [to_dossier(row) for row in session.scalars(statement)]
