"""Events that could not be heard and will not heal by themselves, with the reason why."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text, func, insert, select
from sqlalchemy.orm import Session

from chassis.database import UtcDateTime, metadata
from contracts.envelope import Event, to_structured

dead_letters = Table(
    "dead_letters",
    metadata,
    Column(
        "number",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    Column("event_id", String(40)),
    Column("type", String(80)),
    Column("subject", String(80)),
    Column("reason", Text, nullable=False),
    Column("buried_at", UtcDateTime, nullable=False),
    Column("event", Text, nullable=False),
)
"""Where an embedded instance keeps them; on a broker they lie in the service's dead-letter queue."""


def bury(session: Session, event: Event, reason: str, at: datetime) -> None:
    """Keep an event that cannot be heard."""
    session.execute(
        insert(dead_letters),
        [
            {
                "event_id": str(event.id),
                "type": event.type,
                "subject": event.subject,
                "reason": reason,
                "buried_at": at,
                "event": json.dumps(to_structured(event), ensure_ascii=False),
            }
        ],
    )


def buried(session: Session) -> list[Any]:
    """All of them, oldest first."""
    return list(session.execute(select(dead_letters).order_by(dead_letters.c.number)))


def count(session: Session) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(dead_letters)) or 0
