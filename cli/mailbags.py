"""Reads outboxes in order, a piece at a time: what was said, and what of it a service has not heard."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, not_, select
from sqlalchemy.orm import Session

from chassis import dead_letters
from chassis.dead_letters import State
from chassis.inbox import inbox, parked
from chassis.outbox import is_unsent, outbox, to_event
from cli.house import House, listening
from contracts.envelope import Event

PIECE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which of what was said; None leaves a thing open."""

    since: datetime | None = None
    subject: str | None = None
    type: str | None = None
    sent: bool | None = None

    def narrows(self) -> Iterator[Any]:
        """The conditions on an outbox."""
        if self.since is not None:
            yield outbox.c.time >= self.since
        if self.subject is not None:
            yield outbox.c.subject == self.subject
        if self.type is not None:
            yield outbox.c.type == self.type
        if self.sent is not None:
            yield not_(is_unsent()) if self.sent else is_unsent()


def sayers_to(house: House, hearer: str) -> Sequence[str]:
    """The services of this house that a service listens to."""
    return [name for name in listening()[hearer] if name in house.services]


def count(house: House, hearer: str, wanted: Wanted) -> int:
    """How many events these are."""
    statement = select(func.count()).select_from(outbox).where(*wanted.narrows())
    total = 0
    for sayer in sayers_to(house, hearer):
        with house.database(sayer).reading() as session:
            total += session.scalar(statement) or 0
    return total


def said_to(house: House, hearer: str, wanted: Wanted) -> Iterator[Event]:
    """What was said to a service: each sayer's events in its order, all sayers' by time."""
    bags = [said(house, sayer, wanted) for sayer in sayers_to(house, hearer)]
    return heapq.merge(*bags, key=lambda event: event.time)


def said(house: House, sayer: str, wanted: Wanted) -> Iterator[Event]:
    """One sayer's events in its order; nothing is held open between two pieces."""
    database, source, last = house.database(sayer), house.source(sayer), 0
    statement = select(outbox).where(*wanted.narrows()).order_by(outbox.c.position).limit(PIECE)
    while True:
        with database.reading() as session:
            rows = session.execute(statement.where(outbox.c.position > last)).all()
        yield from (to_event(row, source) for row in rows)
        if len(rows) < PIECE:
            return
        last = rows[-1].position


def unheard(house: House, hearer: str, sayer: str, *, whole: bool = True) -> Iterator[Event]:
    """What a sayer has sent and the hearer has neither heard nor parked nor among its dead letters, in order.

    `whole` goes through the whole outbox; else only through its end, back to where all was heard, newest piece first.
    """
    pieces = _forward(house, sayer) if whole else _backward(house, sayer)
    for piece in pieces:
        with house.database(hearer).reading() as session:
            known = _known(session, [event.id for event in piece])
        missing = [event for event in piece if event.id not in known]
        if not (whole or missing):
            return
        yield from missing


def _forward(house: House, sayer: str) -> Iterator[list[Event]]:
    piece: list[Event] = []
    for event in said(house, sayer, Wanted(sent=True)):
        piece.append(event)
        if len(piece) == PIECE:
            yield piece
            piece = []
    if piece:
        yield piece


def _backward(house: House, sayer: str) -> Iterator[list[Event]]:
    source, before = house.source(sayer), None
    statement = select(outbox).where(not_(is_unsent()))
    statement = statement.order_by(outbox.c.position.desc()).limit(PIECE)
    while True:
        older = statement if before is None else statement.where(outbox.c.position < before)
        with house.database(sayer).reading() as session:
            rows = session.execute(older).all()
        if not rows:
            return
        yield [to_event(row, source) for row in rows]
        before = rows[-1].position


def _known(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these a hearer has heard, parked, or among the dead letters that nobody has sent again."""
    found = set(session.scalars(select(inbox.c.id).where(inbox.c.id.in_(ids))))
    found |= set(session.scalars(select(parked.c.id).where(parked.c.id.in_(ids))))
    letters = dead_letters.LETTER
    dead = select(letters.event_id).where(
        letters.event_id.in_([str(id_) for id_ in ids]), letters.state != State.REDRIVEN
    )
    return found | {UUID(text) for text in session.scalars(dead)}
