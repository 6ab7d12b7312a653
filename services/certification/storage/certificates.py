"""Certificates in SQL."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import outbox, rows
from chassis.clock import now
from services.certification import messages
from services.certification.domain.certificate import (
    Certificate,
    Revocation,
    Status,
    UnknownCertificate,
)
from services.certification.storage.tables import CertificateRow, product_values, to_product


class SqlCertificates:
    """Certificates in SQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, certificate_id: UUID) -> Certificate:
        """Raises UnknownCertificate."""
        row = rows.read(self._session, CertificateRow, certificate_id)
        if row is None:
            raise UnknownCertificate(f"certificate {certificate_id} does not exist")
        return to_certificate(row)

    def ended(self, *, before: date) -> Iterator[Certificate]:
        """Those that count as valid though their last day lies before that day, by number."""
        return self._valid(CertificateRow.expires_on < before)

    def reevaluable(self, *, on: date) -> Iterator[Certificate]:
        """Those within their window for re-evaluation of which that was not said yet, by number."""
        return self._valid(
            CertificateRow.reminded_on.is_(None),
            CertificateRow.window_opens_on <= on,
            CertificateRow.window_closes_on >= on,
        )

    def save(self, certificate: Certificate) -> None:
        """State and news together."""
        rows.write(self._session, CertificateRow, certificate, _values(certificate))
        outbox.say(self._session, [messages.say(news, now()) for news in certificate.news])
        certificate.news.clear()

    def _valid(self, *where: Any) -> Iterator[Certificate]:
        statement = select(CertificateRow).where(CertificateRow.status == Status.VALID.value)
        found = self._session.scalars(statement.where(*where).order_by(CertificateRow.number))
        return map(to_certificate, found.all())


def to_certificate(row: CertificateRow) -> Certificate:
    """The aggregate of a row."""
    return Certificate(
        id=row.id,
        number=row.number,
        dossier_id=row.dossier_id,
        product=to_product(row),
        star=row.star,
        level=row.level,
        decision_number=row.decision_number,
        decision_id=row.decision_id,
        issued_on=row.issued_on,
        expires_on=row.expires_on,
        status=Status(row.status),
        revocation=_revocation(row.revocation),
        reminded_on=row.reminded_on,
        version=row.version,
    )


def _revocation(kept: dict[str, Any] | None) -> Revocation | None:
    return None if kept is None else Revocation(**kept | {"on": date.fromisoformat(kept["on"])})


def _values(certificate: Certificate) -> dict[str, Any]:
    opens, closes = certificate.window or (None, None)
    return product_values(certificate.product) | {
        "number": certificate.number,
        "dossier_id": certificate.dossier_id,
        "star": certificate.star,
        "level": certificate.level,
        "decision_number": certificate.decision_number,
        "decision_id": certificate.decision_id,
        "issued_on": certificate.issued_on,
        "expires_on": certificate.expires_on,
        "window_opens_on": opens,
        "window_closes_on": closes,
        "status": certificate.status.value,
        "revocation": _kept(certificate.revocation),
        "reminded_on": certificate.reminded_on,
    }


def _kept(revocation: Revocation | None) -> dict[str, str] | None:
    if revocation is None:
        return None
    return {
        "ground": revocation.ground,
        "decision_number": revocation.decision_number,
        "on": revocation.on.isoformat(),
    }
