"""Ideas in SQL."""

from dataclasses import asdict
from uuid import UUID

from sqlalchemy.orm import Session

from chassis import outbox, rows
from chassis.clock import now
from services.registration import messages
from services.registration.domain.idea import Idea, IdeaStatus, UnknownIdea
from services.registration.storage.places import place
from services.registration.storage.tables import IdeaRow


class SqlIdeas:
    """Ideas in SQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, idea_id: UUID) -> Idea:
        """Raises UnknownIdea."""
        row = rows.read(self._session, IdeaRow, idea_id)
        if row is None:
            raise UnknownIdea(f"idea {idea_id} does not exist")
        return Idea(
            id=row.id,
            subject_id=row.subject_id,
            title=row.title,
            status=IdeaStatus(row.status),
            year=row.year,
            proposed_on=row.proposed_on,
            place=place(row),
            version=row.version,
        )

    def save(self, idea: Idea) -> None:
        """State and news together."""
        values = {
            "subject_id": idea.subject_id,
            "title": idea.title,
            "status": idea.status.value,
            "year": idea.year,
            "proposed_on": idea.proposed_on,
            **asdict(idea.place),
        }
        rows.write(self._session, IdeaRow, idea, values)
        outbox.say(self._session, [messages.say(news, now()) for news in idea.news])
        idea.news.clear()
