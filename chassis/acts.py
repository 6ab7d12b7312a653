"""Who did what, when, on what grounds, under which rule pack: permanent, readable, and chained by hash per subject."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    insert,
    select,
)
from sqlalchemy.orm import Session

from chassis.tables import UtcDateTime, metadata

acts = Table(
    "acts",
    metadata,
    Column(
        "position",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    Column("subject", String(80), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("role", String(40), nullable=False),
    Column("act", String(60), nullable=False),
    Column("rulepack", String(40)),
    Column("grounds", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
Index("uq_acts_subject_number", acts.c.subject, acts.c.number, unique=True)

FIRST = "0" * 64

_LAST = (
    select(acts.c.number, acts.c.hash)
    .where(acts.c.subject == bindparam("of"))
    .order_by(acts.c.number.desc())
    .limit(1)
)
_RECORD = insert(acts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act as it is recorded. `grounds` are plain facts; no personal data, no free text of people."""

    subject: str
    at: datetime
    actor: str
    role: str
    act: str
    grounds: dict[str, Any]
    rulepack: str | None = None


def record(session: Session, act: Act) -> None:
    """Add an act to its subject's chain, in the transaction of the act itself.

    Two acts at once on one subject: the second violates the number's uniqueness and is refused with its transaction.
    """
    last = session.execute(_LAST, {"of": act.subject}).first()
    number, previous = (last.number + 1, last.hash) if last else (1, FIRST)
    row = {
        "subject": act.subject,
        "number": number,
        "at": act.at.astimezone(UTC),  # as it will be read again: the hash is over its text
        "actor": act.actor,
        "role": act.role,
        "act": act.act,
        "rulepack": act.rulepack,
        "grounds": json.dumps(act.grounds, ensure_ascii=False, sort_keys=True, default=str),
        "previous": previous,
    }
    session.execute(_RECORD, [row | {"hash": digest(row)}])


def digest(row: dict[str, Any]) -> str:
    """The hash of an act: over everything recorded and the hash before it."""
    names = ("subject", "number", "at", "actor", "role", "act", "rulepack", "grounds", "previous")
    values = [row["at"].isoformat() if name == "at" else row[name] for name in names]
    return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()


def of(session: Session, subject: str) -> list[Any]:
    """The acts on one subject, oldest first."""
    return list(
        session.execute(select(acts).where(acts.c.subject == subject).order_by(acts.c.number))
    )


def broken(session: Session) -> Iterator[str]:
    """The subjects whose chain does not hold: an act was changed, removed or added beside the door."""
    previous, subject, number = FIRST, None, 0
    found: set[str] = set()
    for row in session.execute(select(acts).order_by(acts.c.subject, acts.c.number)):
        if row.subject != subject:
            previous, subject, number = FIRST, row.subject, 0
        number += 1
        intact = (row.number, row.previous, row.hash) == (number, previous, digest(row._asdict()))
        if not intact and row.subject not in found:
            found.add(row.subject)
            yield row.subject
        previous = row.hash
