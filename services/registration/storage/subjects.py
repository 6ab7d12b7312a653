"""Subjects in SQL."""

from dataclasses import asdict
from uuid import UUID

from sqlalchemy.orm import Session

from chassis import outbox, rows
from chassis.clock import now
from services.registration import messages
from services.registration.domain.subject import (
    Particulars,
    Subject,
    SubjectKind,
    UnknownSubject,
)
from services.registration.storage.places import place
from services.registration.storage.tables import SubjectRow


class SqlSubjects:
    """Subjects in SQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, subject_id: UUID) -> Subject | None:
        """None where there is no such subject."""
        row = rows.read(self._session, SubjectRow, subject_id)
        return None if row is None else _subject(row)

    def get(self, subject_id: UUID) -> Subject:
        """Raises UnknownSubject."""
        subject = self.find(subject_id)
        if subject is None:
            raise UnknownSubject(f"subject {subject_id} does not exist")
        return subject

    def save(self, subject: Subject) -> None:
        """State and news together. Raises AlreadyExists, StaleDataError."""
        known = subject.particulars
        values = {
            "kind": known.kind.value,
            "legal_name": known.legal_name,
            "public_name": known.public_name,
            "representative": known.representative,
            "phone": known.phone,
            "tax_code": known.tax_code,
            "representative_person": known.representative_person,
            **asdict(known.place),
            "last_on": subject.last_on,
        }
        rows.write(self._session, SubjectRow, subject, values)
        outbox.say(self._session, [messages.say(news, now()) for news in subject.news])
        subject.news.clear()


def _subject(row: SubjectRow) -> Subject:
    particulars = Particulars(
        kind=SubjectKind(row.kind),
        legal_name=row.legal_name,
        public_name=row.public_name,
        representative=row.representative,
        phone=row.phone,
        tax_code=row.tax_code,
        representative_person=row.representative_person,
        place=place(row),
    )
    return Subject(id=row.id, particulars=particulars, last_on=row.last_on, version=row.version)
