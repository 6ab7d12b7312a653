"""What was said and what was heard, from the outbox and inbox of every service."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.dead_letters import State, count_without_event, event_ids
from chassis.inbox import inbox, parked
from chassis.outbox import outbox, sent
from cli.house import House

CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One event in its sayer's outbox."""

    id: UUID
    type: str
    subject: str
    sequence: int
    sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One event in a hearer's inbox."""

    id: UUID
    sayer: str
    type: str
    subject: str
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """What one service has heard; what waits there for a predecessor, with its fault if it has one; what it could not
    hear, and what of that was given up by somebody's decision; how many of its dead letters carry no event."""

    heard: Mapping[UUID, Heard]
    parked: Mapping[UUID, str | None]
    dead: frozenset[UUID]
    given_up: frozenset[UUID]
    no_events: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The mailrooms of all services. Outboxes are read first, so that what is heard was said."""

    said: Mapping[str, Mapping[UUID, Said]]
    ears: Mapping[str, Ears]


def read(house: House) -> Mail:
    """Read them all."""
    said = {service: _said(house, service) for service in house.services}
    ears = {service: _ears(house, service) for service in house.services}
    for each in ears.values():
        _say_late(house, said, each.heard.values())
    return Mail(said=said, ears=ears)


_SAID = select(
    outbox.c.id, outbox.c.type, outbox.c.subject, outbox.c.sequence, sent.c.sent_at
).join_from(outbox, sent, outbox.c.position == sent.c.position, isouter=True)


def _said(house: House, service: str) -> dict[UUID, Said]:
    with house.database(service).reading() as session:
        return {row.id: Said(**row._mapping) for row in session.execute(_SAID)}


def _ears(house: House, service: str) -> Ears:
    with house.database(service).reading() as session:
        return Ears(
            heard={each.id: each for each in _heard(session)},
            parked={
                row.id: row.fault for row in session.execute(select(parked.c.id, parked.c.fault))
            },
            dead=_letters(session, State.WAITING),
            given_up=_letters(session, State.DISCARDED),
            no_events=count_without_event(session),
        )


def _heard(session: Session) -> Iterable[Heard]:
    columns = (inbox.c.id, inbox.c.source, inbox.c.type, inbox.c.subject, inbox.c.sequence)
    for row in session.execute(select(*columns)):
        yield Heard(
            id=row.id,
            sayer=row.source.rpartition("/")[2],
            type=row.type,
            subject=row.subject,
            sequence=row.sequence,
        )


def _letters(session: Session, state: State) -> frozenset[UUID]:
    return frozenset(UUID(id_) for id_ in event_ids(session, state))


def _say_late(house: House, said: Mapping[str, dict[UUID, Said]], heard: Iterable[Heard]) -> None:
    """Add what was said after its outbox was read and was heard already."""
    unknown: dict[str, list[UUID]] = {}
    for each in heard:
        if each.sayer in said and each.id not in said[each.sayer]:
            unknown.setdefault(each.sayer, []).append(each.id)
    for sayer, ids in unknown.items():
        with house.database(sayer).reading() as session:
            said[sayer].update({each.id: each for each in _by_id(session, ids)})


def _by_id(session: Session, ids: Sequence[UUID]) -> Iterable[Said]:
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        for row in session.execute(_SAID.where(outbox.c.id.in_(chunk))):
            yield Said(**row._mapping)
