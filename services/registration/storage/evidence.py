"""What SQL knows of uploaded files; their content lies in the evidence folder."""

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.domain.papers import Evidence
from services.registration.domain.refusals import UnknownEvidence
from services.registration.storage.tables import EvidenceRow


class SqlEvidence:
    """What is known of uploaded files."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, hashes: Iterable[str]) -> dict[str, Evidence]:
        """The file of each hash. Raises UnknownEvidence."""
        wanted = tuple(dict.fromkeys(hashes))
        rows = self._session.scalars(select(EvidenceRow).where(EvidenceRow.sha256.in_(wanted)))
        known = {
            row.sha256: Evidence(sha256=row.sha256, media_type=row.media_type, size=row.size)
            for row in rows
        }
        for sha256 in wanted:
            if sha256 not in known:
                raise UnknownEvidence(f"evidence {sha256} was not uploaded")
        return known

    def add(self, evidence: Evidence) -> None:
        """The same content twice is one file."""
        if self._session.get(EvidenceRow, evidence.sha256) is None:
            self._session.add(EvidenceRow(**asdict(evidence)))
