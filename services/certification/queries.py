"""What certification's lists show."""

from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from chassis.areas import lies_in
from services.certification.domain.case import Case
from services.certification.domain.certificate import Certificate
from services.certification.storage.cases import to_case
from services.certification.storage.certificates import to_certificate
from services.certification.storage.tables import CaseRow, CertificateRow, ProductColumns


def cases(
    session: Session, *, places: frozenset[str], status: str | None, after: UUID | None, limit: int
) -> list[Case]:
    """Cases of these places by id, `limit` at a time, those after `after`."""
    statement = select(CaseRow).where(_lies_in(CaseRow, places)).order_by(CaseRow.id).limit(limit)
    if status is not None:
        statement = statement.where(CaseRow.status == status)
    if after is not None:
        statement = statement.where(CaseRow.id > after)
    return [to_case(row) for row in session.scalars(statement)]


def certificates(
    session: Session, *, places: frozenset[str], number: str | None, after: UUID | None, limit: int
) -> list[Certificate]:
    """Certificates of these places by id, `limit` at a time, those after `after`."""
    row = CertificateRow
    statement = select(row).where(_lies_in(row, places)).order_by(row.id).limit(limit)
    if number is not None:
        statement = statement.where(row.number == number)
    if after is not None:
        statement = statement.where(row.id > after)
    return [to_certificate(each) for each in session.scalars(statement)]


def certificates_of(session: Session, decision_id: UUID) -> list[Certificate]:
    """What a decision issued, by number."""
    statement = select(CertificateRow).where(CertificateRow.decision_id == decision_id)
    found = session.scalars(statement.order_by(CertificateRow.number))
    return [to_certificate(each) for each in found]


def _lies_in(row: type[ProductColumns], places: frozenset[str]) -> ColumnElement[bool]:
    return lies_in(places, row.commune, row.district, row.province)
