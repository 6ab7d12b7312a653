"""A tiny service for the chassis's tests: it writes down what it hears, in the order in which it had its effect."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Column, Integer, MetaData, String, Table, Uuid, insert, select
from sqlalchemy.orm import DeclarativeBase, Session

from chassis import outbox
from chassis.database import Database
from chassis.hearing import Heard, Hearer
from chassis.reactions import Reactions
from chassis.tables import NAMING
from contracts import registration
from contracts.envelope import Event
from regulation.refusals import Refusal

AT = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
SOURCE = "/vn/38/registration"

metadata = MetaData(naming_convention=NAMING)

effects = Table(
    "tally_effects",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("event_id", Uuid, nullable=False),
    Column("subject", String(80), nullable=False),
    Column("sequence", Integer, nullable=False),
)
"""Nothing here is unique: an effect that happens twice is seen twice."""


class _Base(DeclarativeBase):
    metadata = metadata


class Row(_Base):
    """The same table for the ORM: what is added to it is written at the next flush."""

    __table__ = effects


Effect = Callable[[Session, Event], None]


def write_down(session: Session, event: Event) -> None:
    """The effect of every event."""
    row = {"event_id": event.id, "subject": event.subject, "sequence": event.sequence}
    session.execute(insert(effects), [row])


def reactions(effect: Effect = write_down) -> Reactions:
    """Ears that hear all that registration says."""
    made = Reactions("tally")
    made.hears(*registration.SAYS)(effect)
    return made


def hearer(database: Database, effect: Effect = write_down) -> Hearer:
    """The tiny service on a database."""
    return Hearer(database, reactions(effect))


def an_event(subject: str = "d-1", sequence: int = 1, **changes: Any) -> Event:
    """An event of registration's."""
    values: dict[str, Any] = {
        "id": uuid4(),
        "source": SOURCE,
        "type": "DossierSubmitted",
        "subject": subject,
        "time": AT,
        "sequence": sequence,
        "correlationid": subject,
        "body": json.dumps({"note": "Gốm Quảng Xương"}),
    }
    return Event(**values | changes)


def some_events(subject: str, count: int) -> list[Event]:
    """One subject's events, in the order in which they were said."""
    return [an_event(subject, number) for number in range(1, count + 1)]


def some_news(subject: str = "d-1", **changes: Any) -> outbox.News:
    """Something that registration has to say."""
    values: dict[str, Any] = {
        "type": "DossierSubmitted",
        "subject": subject,
        "time": AT,
        "data": {"note": "Chè lam Phủ Quảng"},
    }
    return outbox.News(**values | changes)


def say(database: Database, *news: outbox.News) -> None:
    """Say it in a transaction of its own."""
    with database.transaction() as session:
        outbox.say(session, news)


def had_effect(database: Database, subject: str) -> list[int]:
    """The sequence numbers of a subject's events that had their effect, in the order of the effects."""
    with database.reading() as session:
        return list(
            session.scalars(
                select(effects.c.sequence)
                .where(effects.c.subject == subject)
                .order_by(effects.c.position)
            )
        )


def verdicts(heard: Sequence[Heard]) -> list[str]:
    """What became of each event."""
    return [item.verdict.value for item in heard]


class Poison(Refusal):
    """What a reaction says of an event that it can never hear."""

    slug = "poison"


class Refuses:
    """An effect that raises for some events as often as it is told, and writes down the rest."""

    def __init__(self, error: Exception, *events: Event, times: int = 10**9) -> None:
        self._error = error
        self._left: dict[UUID, int] = {event.id: times for event in events}

    def __call__(self, session: Session, event: Event) -> None:
        """The effect, or the error after it, so that there is something to roll back."""
        write_down(session, event)
        if self._left.get(event.id, 0) > 0:
            self._left[event.id] -= 1
            raise self._error
