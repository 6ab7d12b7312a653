"""What registration's use cases need of the outside."""

from typing import Protocol
from uuid import UUID

from services.registration.domain.dossier import Dossier
from services.registration.domain.idea import Idea
from services.registration.domain.subject import Subject


class Subjects(Protocol):
    """Where subjects are kept."""

    def find(self, subject_id: UUID) -> Subject | None: ...
    def get(self, subject_id: UUID) -> Subject: ...
    def save(self, subject: Subject) -> None: ...


class Ideas(Protocol):
    """Where ideas are kept."""

    def get(self, idea_id: UUID) -> Idea: ...
    def save(self, idea: Idea) -> None: ...


class Dossiers(Protocol):
    """Where dossiers are kept."""

    def get(self, dossier_id: UUID) -> Dossier: ...
    def save(self, dossier: Dossier) -> None: ...


class Serials(Protocol):
    """Counts 1, 2, 3 … without gaps or doubles."""

    def next(self, kind: str, area: str, year: int) -> int: ...
