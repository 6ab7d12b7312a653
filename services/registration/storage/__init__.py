"""How registration remembers: rows, their translation to aggregates, and the only writers of its outbox.

Read `tables`, then one module per repository.
"""

from services.registration.storage.dossiers import SqlDossiers, to_dossier
from services.registration.storage.evidence import SqlEvidence
from services.registration.storage.ideas import SqlIdeas
from services.registration.storage.seats import SqlSeats
from services.registration.storage.serials import SqlSerials
from services.registration.storage.subjects import SqlSubjects
from services.registration.storage.tables import (
    Base,
    DossierRow,
    EvidenceRow,
    IdeaRow,
    SeatsRow,
    SerialRow,
    SubjectRow,
)

__all__ = [
    "Base",
    "DossierRow",
    "EvidenceRow",
    "IdeaRow",
    "SeatsRow",
    "SerialRow",
    "SqlDossiers",
    "SqlEvidence",
    "SqlIdeas",
    "SqlSeats",
    "SqlSerials",
    "SqlSubjects",
    "SubjectRow",
    "to_dossier",
]
