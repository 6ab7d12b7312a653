"""Which events had their effect here, how far each subject has been heard, and which events wait for a predecessor."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
    bindparam,
    delete,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from chassis.database import UtcDateTime, metadata
from contracts.envelope import Event, from_structured, to_structured

inbox = Table(
    "inbox",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("source", String(80), nullable=False),
    Column("type", String(80), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("heard_at", UtcDateTime, nullable=False),
)
"""Every event that had its effect, for ever: redrive and replay are harmless as long as this is kept."""

positions = Table(
    "inbox_positions",
    metadata,
    Column("source", String(80), primary_key=True),
    Column("subject", String(80), primary_key=True),
    Column("sequence", Integer, nullable=False),
)

parked = Table(
    "inbox_parked",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("source", String(80), nullable=False),
    Column("type", String(80), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("parked_at", UtcDateTime, nullable=False),
    Column("fault", Text),
    Column("event", Text, nullable=False),
)
Index("ix_inbox_parked_place", parked.c.source, parked.c.subject, parked.c.sequence)

Place = tuple[str, str]
"""Where an event stands: its source and its subject."""


def _insert(session: Session, table: Table) -> postgresql.Insert | sqlite.Insert:
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def note(session: Session, events: Sequence[Event], at: datetime) -> set[UUID]:
    """Note these as heard; the ids of those that were not noted before.

    A second worker with the same event waits here until the first has committed or given up.
    """
    rows = {
        event.id: {
            "id": event.id,
            "source": event.source,
            "type": event.type,
            "subject": event.subject,
            "sequence": event.sequence,
            "heard_at": at,
        }
        for event in sorted(events, key=lambda event: event.id)
    }
    if not rows:
        return set()
    statement = _insert(session, inbox).values(list(rows.values())).on_conflict_do_nothing()
    return set(session.scalars(statement.returning(inbox.c.id)))


class Places:
    """How far each subject of a group has been heard, locked for this transaction."""

    def __init__(self, heard: dict[Place, int], waiting: dict[Place, dict[int, Event]]) -> None:
        self._heard = heard
        self._waiting = waiting
        self._parked = {event.id for events in waiting.values() for event in events.values()}
        self.moved: set[Place] = set()

    def early(self, event: Event) -> bool:
        """Whether a predecessor of this event has not been heard yet."""
        return event.sequence > self._heard[_place(event)] + 1

    def advance(self, event: Event) -> None:
        """This event has been heard."""
        place = _place(event)
        if event.sequence > self._heard[place]:
            self._heard[place] = event.sequence
            self.moved.add(place)

    def next_parked(self, event: Event) -> Event | None:
        """The parked event that may follow now, if there is one."""
        place = _place(event)
        return self._waiting.get(place, {}).pop(self._heard[place] + 1, None)

    def was_parked(self, event: Event) -> bool:
        """Whether this event lies among the parked ones."""
        return event.id in self._parked

    def wait(self, event: Event) -> None:
        """This event waits for its predecessor; it may follow within this same group."""
        self._waiting.setdefault(_place(event), {})[event.sequence] = event

    def rows(self) -> list[dict[str, str | int]]:
        """The positions that moved."""
        return [
            {"b_source": place[0], "b_subject": place[1], "b_sequence": self._heard[place]}
            for place in sorted(self.moved)
        ]


def _place(event: Event) -> Place:
    return event.source, event.subject


def places(session: Session, wanted: Iterable[Place]) -> Places:
    """Lock the positions of these places, in one order everywhere so that two workers cannot block each other."""
    ordered = sorted(wanted)
    rows = [{"source": source, "subject": subject, "sequence": 0} for source, subject in ordered]
    session.execute(_insert(session, positions).values(rows).on_conflict_do_nothing())
    locked = session.execute(
        select(positions)
        .where(tuple_(positions.c.source, positions.c.subject).in_(ordered))
        .order_by(positions.c.source, positions.c.subject)
        .with_for_update()
    )
    heard = {(row.source, row.subject): row.sequence for row in locked}
    waiting: dict[Place, dict[int, Event]] = {}
    found = session.execute(
        select(parked).where(tuple_(parked.c.source, parked.c.subject).in_(ordered))
    )
    for row in found:
        waiting.setdefault((row.source, row.subject), {})[row.sequence] = _event(row.event)
    return Places(heard, waiting)


def move(session: Session, moved: Places) -> None:
    """Write how far the subjects have been heard."""
    rows = moved.rows()
    if rows:
        session.connection().execute(
            update(positions)
            .where(
                positions.c.source == bindparam("b_source"),
                positions.c.subject == bindparam("b_subject"),
            )
            .values(sequence=bindparam("b_sequence")),
            rows,
        )


def park(session: Session, event: Event, at: datetime) -> None:
    """Keep an early event until its predecessor has been heard; it has had no effect yet."""
    session.execute(delete(inbox).where(inbox.c.id == event.id))
    row = {
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "sequence": event.sequence,
        "parked_at": at,
        "event": json.dumps(to_structured(event), ensure_ascii=False),
    }
    session.execute(_insert(session, parked).values(row).on_conflict_do_nothing())


def unpark(session: Session, event: Event) -> None:
    """It has been heard, or handed on."""
    session.execute(delete(parked).where(parked.c.id == event.id))


def blame(session: Session, event: Event, fault: str) -> None:
    """Note why a parked event could not be heard although its turn had come."""
    session.execute(update(parked).where(parked.c.id == event.id).values(fault=fault))


def due(session: Session, limit: int = 1000) -> list[Event]:
    """Parked events whose turn has come: every one that was blamed and may now be heard."""
    rows = session.scalars(
        select(parked.c.event)
        .join(
            positions,
            (positions.c.source == parked.c.source) & (positions.c.subject == parked.c.subject),
        )
        .where(parked.c.sequence <= positions.c.sequence + 1)
        .order_by(parked.c.sequence)
        .limit(limit)
    )
    return [_event(text) for text in rows]


def waiting(session: Session) -> tuple[int, datetime | None]:
    """How many events wait for a predecessor, and since when the longest."""
    count, oldest = session.execute(select(func.count(), func.min(parked.c.parked_at))).one()
    return count, oldest


def _event(text: str) -> Event:
    return from_structured(json.loads(text))
