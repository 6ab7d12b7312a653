"""What SQL knows of uploaded files; their content lies in the evidence folder."""

from dataclasses import asdict

from sqlalchemy.orm import Session

from services.registration.domain.papers import Evidence
from services.registration.domain.refusals import UnknownEvidence
from services.registration.storage.tables import EvidenceRow


class SqlEvidence:
    """What is known of uploaded files."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, sha256: str) -> Evidence:
        """Raises UnknownEvidence."""
        row = self._session.get(EvidenceRow, sha256)
        if row is None:
            raise UnknownEvidence(f"evidence {sha256} was not uploaded")
        return Evidence(sha256=row.sha256, media_type=row.media_type, size=row.size)

    def add(self, evidence: Evidence) -> None:
        """The same content twice is one file."""
        if self._session.get(EvidenceRow, evidence.sha256) is None:
            self._session.add(EvidenceRow(**asdict(evidence)))
