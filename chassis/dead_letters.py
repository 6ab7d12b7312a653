"""Messages that could not be heard and will not heal by themselves: why, what they carry, and what was decided."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from chassis.origin import UNKNOWN, Origin, fingerprint
from chassis.papers import as_kept, as_sent
from chassis.tables import UtcDateTime, metadata
from contracts.envelope import PREFIX, Event, Undecodable, from_headers, to_headers

dead_letters = Table(
    "dead_letters",
    metadata,
    Column(
        "number",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    Column("key", String(64), nullable=False),
    Column("event_id", String(40)),
    Column("type", String(80)),
    Column("subject", String(80)),
    Column("reason", Text, nullable=False),
    Column("exception", String(200), nullable=False),
    Column("frame", String(200), nullable=False),
    Column("fingerprint", String(12), nullable=False),
    Column("headers", Text, nullable=False),
    Column("properties", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("original", Text),
    Column("attempts", Integer, nullable=False),
    Column("deaths", Integer, nullable=False),
    Column("buried_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("state", String(12), nullable=False),
    Column("decided_at", UtcDateTime),
    Column("decided_by", String(120)),
    Column("why", Text),
)
"""One row per message, however often it dies; `original` is what an edited one carried when it first came."""

Index("uq_dead_letters_key", dead_letters.c.key, unique=True)
Index("ix_dead_letters_state", dead_letters.c.state, dead_letters.c.fingerprint)

LETTER = dead_letters.c


class State(StrEnum):
    """What became of a dead letter: nothing yet, sent again, or given up."""

    WAITING = "waiting"
    REDRIVEN = "redriven"
    DISCARDED = "discarded"


class Changed(Exception):
    """A letter is not as it was when it was read: somebody decided, or it has died again."""

    slug = "letter-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message as it died. `headers` and `properties` without what we or the broker noted of its death."""

    headers: Mapping[str, Any]
    body: bytes
    reason: str
    at: datetime
    origin: Origin = UNKNOWN
    attempts: int = 1
    properties: Mapping[str, Any] = field(default_factory=dict)


def bury(
    session: Session,
    event: Event,
    reason: str,
    at: datetime,
    *,
    origin: Origin = UNKNOWN,
    attempts: int = 1,
) -> None:
    """Keep an event that cannot be heard; one that lies there already has died once more."""
    headers, body = to_headers(event), event.body.encode()
    lay(
        session,
        Letter(headers=headers, body=body, reason=reason, at=at, origin=origin, attempts=attempts),
    )


def lay(session: Session, letter: Letter) -> None:
    """Keep a message that cannot be heard. One that was redriven waits again; one that was given up stays so."""
    row = _row(letter)
    there = _there(session, row["key"])
    if there is not None and _carries_other(there, letter):
        row["key"] = _digest(row["headers"], letter.body)
        there = _there(session, row["key"])
    if there is None:
        values = row | {"deaths": 1, "buried_at": letter.at, "state": State.WAITING}
        session.execute(insert(dead_letters), [values])
        return
    given_up = there.state == State.DISCARDED
    again = row | {
        "attempts": there.attempts + letter.attempts,
        "deaths": there.deaths + 1,
        "state": State.DISCARDED if given_up else State.WAITING,
    }
    session.execute(update(dead_letters).where(LETTER.number == there.number).values(again))


def _there(session: Session, key: str) -> Any:
    return session.execute(select(dead_letters).where(LETTER.key == key).with_for_update()).first()


def _carries_other(there: Any, letter: Letter) -> bool:
    """Whether a message under the same event's id says something else; neither takes the other's place."""
    before = _event_or_none(as_sent(there.headers), bytes(there.body))
    now = _event_or_none(letter.headers, letter.body)
    return before != now and not (before and now and _said(before) == _said(now))


def _said(event: Event) -> tuple[Any, ...]:
    return event.type, event.source, event.subject, event.sequence, event.data


def _digest(headers: str, body: bytes) -> str:
    return hashlib.sha256(headers.encode() + b"\n" + body).hexdigest()


def _row(letter: Letter) -> dict[str, Any]:
    headers = as_kept(letter.headers)
    type_ = _word(letter.headers.get(PREFIX + "type"))
    reason = _fit(letter.reason)
    event = _event_or_none(letter.headers, letter.body)
    known = str(event.id) if event else None
    return {
        "key": known or _digest(headers, letter.body),
        "event_id": known,
        "type": type_,
        "subject": _word(letter.headers.get(PREFIX + "subject")),
        "reason": reason,
        "exception": letter.origin.exception,
        "frame": letter.origin.frame,
        "fingerprint": fingerprint(reason, type_, letter.origin.frame),
        "headers": headers,
        "properties": as_kept(letter.properties),
        "body": letter.body,
        "attempts": letter.attempts,
        "last_at": letter.at,
    }


def event_of(letter: Any) -> Event:
    """The event that a row carries. Raises Undecodable."""
    return from_headers(as_sent(letter.headers), bytes(letter.body))


def _event_or_none(headers: Mapping[str, Any], body: bytes) -> Event | None:
    try:
        return from_headers(headers, body)
    except Undecodable:
        return None


def _word(value: Any) -> str | None:
    return _fit(value)[:80] if isinstance(value, str) and value else None


def _fit(text: str) -> str:
    """A stranger's text as every database takes it."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def get(session: Session, number: int) -> Any:
    """One letter by its number, or None."""
    return session.execute(select(dead_letters).where(LETTER.number == number)).first()


def buried(session: Session) -> list[Any]:
    """All that wait for somebody to decide, oldest first."""
    found = select(dead_letters).where(LETTER.state == State.WAITING)
    return list(session.execute(found.order_by(LETTER.number)))


def count(session: Session) -> int:
    """How many wait for somebody to decide."""
    return oldest(session)[0]


def oldest(session: Session) -> tuple[int, datetime | None]:
    """How many wait for somebody to decide, and since when the oldest of them is dead."""
    found = select(func.count(), func.min(LETTER.buried_at)).where(LETTER.state == State.WAITING)
    number, since = session.execute(found).one()
    return number, since


def count_without_event(session: Session) -> int:
    """How many of those that wait carry no event."""
    found = select(func.count()).where(LETTER.state == State.WAITING, LETTER.event_id.is_(None))
    return session.scalar(found) or 0


def event_ids(session: Session, *states: State) -> list[str]:
    """The ids of the events among the letters in these states."""
    found = select(LETTER.event_id).where(LETTER.state.in_(states), LETTER.event_id.is_not(None))
    return list(session.scalars(found))


def decide(
    session: Session, letter: Any, state: State, *, by: str, why: str, at: datetime
) -> None:
    """Note what was decided on a letter as it was read. Raises Changed when it is not so any more."""
    values = {"state": state, "decided_at": at, "decided_by": by, "why": why}
    _change(session, letter, values)


def edit(session: Session, letter: Any, headers: Mapping[str, Any], body: bytes) -> None:
    """Put other headers and another body into a waiting letter; what it first carried is kept beside.

    Raises Undecodable when that is no event, and Changed.
    """
    event = from_headers(headers, body)
    first = as_kept({"headers": json.loads(letter.headers), "body": bytes(letter.body)})
    values = {
        "headers": as_kept(headers),
        "body": body,
        "original": letter.original or first,
        "event_id": str(event.id),
        "key": str(event.id),
        "type": _word(event.type),
        "subject": _word(event.subject),
    }
    _change(session, letter, values)


def _change(session: Session, letter: Any, values: Mapping[str, Any]) -> None:
    same = (LETTER.number == letter.number, LETTER.deaths == letter.deaths,
            LETTER.state == letter.state, LETTER.state == State.WAITING)  # fmt: skip
    changed = session.execute(update(dead_letters).where(*same).values(values))
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an update's result has it
        raise Changed(f"letter {letter.number} was decided on, or has died again, meanwhile")
