"""News waiting to be sent: written in the transaction that made it news, kept after it was sent."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from chassis import bulk, tracing
from chassis.fault_points import reach
from chassis.tables import UtcDateTime, metadata
from contracts.envelope import Event

POSITION = BigInteger().with_variant(Integer, "sqlite")

outbox = Table(
    "outbox",
    metadata,
    Column("position", POSITION, primary_key=True, autoincrement=True),
    Column("id", Uuid, nullable=False, unique=True),
    Column("type", String(80), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("time", UtcDateTime, nullable=False),
    Column("rulepack", String(40)),
    Column("correlationid", String(80), nullable=False),
    Column("causationid", String(80)),
    Column("traceparent", String(80)),
    Column("body", Text, nullable=False),
)
"""Everything that was ever said; a row never changes."""

Index("uq_outbox_subject_sequence", outbox.c.subject, outbox.c.sequence, unique=True)

waiting = Table(
    "outbox_waiting",
    metadata,
    Column("position", POSITION, primary_key=True, autoincrement=False),
)
"""What is to be sent: a trigger puts each new row of the outbox here (migration 0004), and `mark_sent` takes it out."""

sent = Table(
    "outbox_sent",
    metadata,
    Column("position", POSITION, primary_key=True, autoincrement=False),
    Column("sent_at", UtcDateTime, nullable=False),
)
"""When the other side confirmed what was sent."""

sequences = Table(
    "outbox_sequences",
    metadata,
    Column("subject", String(80), primary_key=True),
    Column("last", Integer, nullable=False),
)


SAID = ("id", "type", "subject", "sequence", "time", "rulepack", "correlationid", "causationid",
        "traceparent", "body")  # fmt: skip
"""The columns that an event is made of, besides its source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One thing to say, in the contract's words: `data` is what the contract dumped."""

    type: str
    subject: str
    time: datetime
    data: dict[str, Any]
    rulepack: str | None = None
    correlationid: str | None = None


@dataclass(slots=True, kw_only=True)
class Cause:
    """What the news of a transaction follows from: the event being heard, or the request being served."""

    causationid: str | None = None
    correlationid: str | None = None
    traceparent: str | None = None


@dataclass(slots=True)
class _Pending:
    cause: Cause = field(default_factory=Cause)
    news: list[tuple[News, Cause]] = field(default_factory=list)


def _pending(session: Session) -> _Pending:
    pending: _Pending = session.info.setdefault("news", _Pending())
    return pending


def because_of(session: Session, cause: Cause) -> None:
    """What follows in this transaction follows from `cause`."""
    _pending(session).cause = cause


def follow(session: Session, traceparent: str) -> None:
    """What follows in this transaction continues this trace context."""
    _pending(session).cause.traceparent = traceparent


def say(session: Session, news: Sequence[News]) -> None:
    """Put news in the outbox when this transaction commits. Called by repositories' `save` alone."""
    pending = _pending(session)
    pending.news.extend((item, pending.cause) for item in news)


def mark(session: Session) -> int:
    """How much this transaction has said so far."""
    return len(_pending(session).news)


def forget(session: Session, said: int) -> None:
    """Take back what was said after `mark`: the savepoint it belonged to was rolled back."""
    del _pending(session).news[said:]


def post(session: Session) -> bool:
    """Write the transaction's news: numbered per subject, in the order they were said; whether there were any."""
    said = _pending(session).news
    if not said:
        return False
    last = _advance(session, Counter(item.subject for item, _ in said))
    rows, service = [], session.info.get("service", "")
    for item, cause in reversed(said):
        rows.append(_row(item, cause, last[item.subject], service))
        last[item.subject] -= 1
    rows.reverse()
    statement = bulk.insert(session, outbox, tuple(rows[0]))
    reach("outbox.before-insert")
    session.connection().execute(statement, bulk.values(session, rows))
    reach("outbox.after-insert")
    said.clear()
    return True


def _advance(session: Session, counts: Counter[str]) -> dict[str, int]:
    """The last number of each subject after `counts` more; the row lock keeps one subject's numbers in order."""
    rows = [{"subject": subject, "last": count} for subject, count in sorted(counts.items())]
    statement = bulk.insert(session, sequences, ("subject", "last"))
    statement = statement.on_conflict_do_update(
        index_elements=[sequences.c.subject],
        set_={"last": sequences.c.last + statement.excluded.last},
    )
    numbered = session.connection().execute(
        statement.returning(sequences.c.subject, sequences.c.last), bulk.values(session, rows)
    )
    return {row.subject: row.last for row in numbered}


def _row(item: News, cause: Cause, sequence: int, service: str) -> dict[str, Any]:
    id_ = uuid7()
    return {
        "id": id_,
        "type": item.type,
        "subject": item.subject,
        "sequence": sequence,
        "time": item.time,
        "rulepack": item.rulepack,
        "correlationid": item.correlationid or cause.correlationid or item.subject,
        "causationid": cause.causationid,
        "traceparent": tracing.said(service, item.type, item.subject, id_, cause.traceparent),
        "body": json.dumps(item.data, ensure_ascii=False),
    }


def is_unsent() -> ColumnElement[bool]:
    """Of a row of the outbox: it is still to be sent."""
    return exists().where(waiting.c.position == outbox.c.position)


def unsent(
    session: Session, *, source: str, limit: int, but: Sequence[int] = ()
) -> list[tuple[int, Event]]:
    """The oldest unsent news with their positions, except those at some positions.

    By what waits, never by "position above the last": positions do not follow the order of commits.
    """
    oldest = select(waiting.c.position).order_by(waiting.c.position).limit(limit)
    if but:
        oldest = oldest.where(bulk.none_of(session, waiting.c.position, but))
    statement = select(outbox.c.position, *(outbox.c[name] for name in SAID))
    statement = statement.where(bulk.among(session, outbox.c.position, oldest))
    rows = session.connection().execute(statement.order_by(outbox.c.position))
    return [
        (position, Event(source=source, **dict(zip(SAID, said, strict=True))))
        for position, *said in rows
    ]


def mark_sent(session: Session, positions: Sequence[int], at: datetime) -> None:
    """These were confirmed; those that others have marked meanwhile stay as they are."""
    these = bulk.one_of(session, waiting.c.position, positions)
    out = delete(waiting).where(these).returning(waiting.c.position)
    if bulk.in_one(session):
        gone = select(out.cte("gone").c.position, literal(at, UtcDateTime))
        session.connection().execute(insert(sent).from_select(["position", "sent_at"], gone))
        return
    rows = [{"position": position, "sent_at": at} for position in session.scalars(out)]
    if rows:
        session.execute(insert(sent), rows)


def send_again(session: Session, ids: Sequence[UUID]) -> None:
    """What has these ids and was sent waits anew."""
    these = select(outbox.c.position).where(outbox.c.id.in_(ids))
    again = delete(sent).where(sent.c.position.in_(these)).returning(sent.c.position)
    positions = session.scalars(again).all()
    if positions:
        session.execute(insert(waiting), [{"position": position} for position in positions])


def depth(session: Session) -> tuple[int, datetime | None]:
    """How many are unsent, and when the oldest of them was said."""
    count = session.scalar(select(func.count()).select_from(waiting)) or 0
    these = bulk.among(session, outbox.c.position, select(waiting.c.position))
    return count, session.scalar(select(func.min(outbox.c.time)).where(these))


def to_event(row: Any, source: str) -> Event:
    """An outbox row as the event it is."""
    return Event(source=source, **{name: getattr(row, name) for name in SAID})
