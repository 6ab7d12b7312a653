"""Registration's ports in memory; they pass the same suite as those in SQL (test_storage)."""

from collections import Counter
from copy import deepcopy
from typing import Any
from uuid import UUID

from sqlalchemy.orm.exc import StaleDataError

from chassis.rows import AlreadyExists
from services.registration.domain.dossier import Dossier
from services.registration.domain.idea import Idea, UnknownIdea
from services.registration.domain.refusals import UnknownDossier
from services.registration.domain.subject import Subject, UnknownSubject


class _Kept:
    """Copies by id; `said` holds the news of what was saved."""

    def __init__(self) -> None:
        self._kept: dict[UUID, Any] = {}
        self.said: list[Any] = []

    def _copy(self, wanted: UUID) -> Any:
        return deepcopy(self._kept.get(wanted))

    def _keep(self, aggregate: Any) -> None:
        known = self._kept.get(aggregate.id)
        if known is not None and aggregate.version == 0:
            raise AlreadyExists(f"{aggregate.id} exists already")
        if known is not None and known.version != aggregate.version:
            raise StaleDataError(f"{aggregate.id} is at version {known.version}")
        self.said.extend(getattr(aggregate, "news", ()))
        getattr(aggregate, "news", []).clear()
        if known is None or known != aggregate:
            aggregate.version += 1
        self._kept[aggregate.id] = deepcopy(aggregate)


class FakeSubjects(_Kept):
    def find(self, subject_id: UUID) -> Subject | None:
        return self._copy(subject_id)

    def get(self, subject_id: UUID) -> Subject:
        if (subject := self.find(subject_id)) is None:
            raise UnknownSubject(f"subject {subject_id} does not exist")
        return subject

    def save(self, subject: Subject) -> None:
        self._keep(subject)


class FakeIdeas(_Kept):
    def get(self, idea_id: UUID) -> Idea:
        if (idea := self._copy(idea_id)) is None:
            raise UnknownIdea(f"idea {idea_id} does not exist")
        return idea

    def save(self, idea: Idea) -> None:
        self._keep(idea)


class FakeDossiers(_Kept):
    def get(self, dossier_id: UUID) -> Dossier:
        if (dossier := self._copy(dossier_id)) is None:
            raise UnknownDossier(f"dossier {dossier_id} does not exist")
        return dossier

    def save(self, dossier: Dossier) -> None:
        self._keep(dossier)


class FakeSerials:
    def __init__(self) -> None:
        self.drawn: Counter[tuple[str, str, int]] = Counter()

    def next(self, kind: str, area: str, year: int) -> int:
        self.drawn[kind, area, year] += 1
        return self.drawn[kind, area, year]
