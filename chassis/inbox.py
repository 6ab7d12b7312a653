"""Which events had their effect here, how far each subject has been heard, and which events wait for a predecessor."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import count
from uuid import UUID

from sqlalchemy import (
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
    delete,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from chassis import bulk
from chassis.fault_points import reach
from chassis.tables import UtcDateTime, metadata
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


def note(session: Session, events: Sequence[Event], at: datetime) -> set[UUID]:
    """Note these as heard; the ids of those that were not noted before.

    A second worker with the same event waits here until the first has committed or given up.
    """
    rows = [
        {
            "id": event.id,
            "source": event.source,
            "type": event.type,
            "subject": event.subject,
            "sequence": event.sequence,
            "heard_at": at,
        }
        for event in sorted(events, key=lambda event: event.id.int)
    ]
    if not rows:
        return set()
    statement = bulk.insert(session, inbox, tuple(rows[0])).on_conflict_do_nothing()
    reach("inbox.before-insert")
    noted = session.connection().execute(
        statement.returning(inbox.c.id), bulk.values(session, rows)
    )
    reach("inbox.after-insert")
    return set(noted.scalars())


class Places:
    """How far each subject of a group has been heard, locked for this transaction.

    `heard` holds how far they were heard before; `written`, what the database says of them by now.
    """

    def __init__(
        self,
        heard: dict[Place, int],
        written: dict[Place, int],
        waiting: dict[Place, dict[int, Event]],
    ) -> None:
        self._heard = heard
        self._written = written
        self._waiting = waiting
        self._parked = {event.id for events in waiting.values() for event in events.values()}

    def early(self, event: Event) -> bool:
        """Whether a predecessor of this event has not been heard yet."""
        return event.sequence > self._heard[_place(event)] + 1

    def advance(self, event: Event) -> None:
        """This event has been heard."""
        place = _place(event)
        self._heard[place] = max(self._heard[place], event.sequence)

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
        """The positions that the database does not have right yet."""
        return [
            {"source": place[0], "subject": place[1], "sequence": heard}
            for place, heard in sorted(self._heard.items())
            if heard != self._written[place]
        ]


def _place(event: Event) -> Place:
    return event.source, event.subject


def places(session: Session, events: Iterable[Event]) -> Places:
    """Lock the positions of these events, in one order everywhere so that two workers cannot block each other.

    A subject that was never heard of gets its row with the position that it will have when all goes well, which
    saves writing it twice; `move` puts right what went otherwise. Nobody sees it before the commit.
    """
    hoped = _hoped(events)
    opened = _open(session, hoped)
    known = sorted(hoped.keys() - opened)
    heard = dict.fromkeys(opened, 0) | _lock(session, known)
    written = heard | {place: hoped[place] for place in opened}
    return Places(heard, written, _waiting(session, known))


def _hoped(events: Iterable[Event]) -> dict[Place, int]:
    """How far each place is heard when its events are all that there are: 1, 2, 3 … up to the first gap."""
    numbers: dict[Place, set[int]] = {}
    for event in events:
        numbers.setdefault(_place(event), set()).add(event.sequence)
    return {
        place: next(last for last in count() if last + 1 not in found)
        for place, found in numbers.items()
    }


def _open(session: Session, hoped: Mapping[Place, int]) -> set[Place]:
    """Insert the places that there are not; which these were. They have nothing parked, and nobody else sees them."""
    rows = [
        {"source": source, "subject": subject, "sequence": hoped[source, subject]}
        for source, subject in sorted(hoped)
    ]
    statement = bulk.insert(session, positions, tuple(rows[0])).on_conflict_do_nothing()
    opened = session.connection().execute(
        statement.returning(positions.c.source, positions.c.subject), bulk.values(session, rows)
    )
    return {(row.source, row.subject) for row in opened}


def _lock(session: Session, known: Sequence[Place]) -> dict[Place, int]:
    if not known:
        return {}
    locked = session.execute(
        select(positions)
        .where(tuple_(positions.c.source, positions.c.subject).in_(known))
        .order_by(positions.c.source, positions.c.subject)
        .with_for_update()
    )
    return {(row.source, row.subject): row.sequence for row in locked}


def _waiting(session: Session, known: Sequence[Place]) -> dict[Place, dict[int, Event]]:
    waiting: dict[Place, dict[int, Event]] = {}
    if not known:
        return waiting
    found = session.execute(
        select(parked).where(tuple_(parked.c.source, parked.c.subject).in_(known))
    )
    for row in found:
        waiting.setdefault((row.source, row.subject), {})[row.sequence] = _event(row.event)
    return waiting


def move(session: Session, moved: Places) -> None:
    """Write how far the subjects have been heard."""
    if rows := moved.rows():
        bulk.upsert(session, positions, rows)


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
    statement = bulk.insert(session, parked, tuple(row)).on_conflict_do_nothing()
    session.execute(statement, bulk.values(session, [row]))


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
