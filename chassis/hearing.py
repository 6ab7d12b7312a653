"""What a service hears and what it leads to: one effect per event, in order per subject, one commit per group."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import structlog
from marshmallow import Schema
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from chassis import inbox, outbox
from chassis.clock import now
from chassis.database import Database, is_away
from contracts.catalogue import CONTRACTS, SAYER_OF, SAYERS
from contracts.envelope import Event

log = structlog.get_logger()

Reaction = Callable[[Session, Event], None]


class Verdict(StrEnum):
    """What became of a message; everything but RETRY and DEAD is to be acknowledged."""

    HEARD = "heard"
    DUPLICATE = "duplicate"
    PARKED = "parked"
    RETRY = "retry"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Heard:
    """One event with its verdict, and the reason where it is RETRY or DEAD."""

    event: Event
    verdict: Verdict
    reason: str = ""


class DatabaseAway(Exception):
    """The service's database cannot be reached: nothing was done, nothing may be acknowledged."""


class Reactions:
    """One service's ears: which contracts it hears, and what each leads to."""

    def __init__(self, service: str) -> None:
        self.service = service
        self._by_type: dict[str, Reaction] = {}

    def hears(self, *contracts: type[Schema]) -> Callable[[Reaction], Reaction]:
        """Mark a function as the reaction to these contracts."""

        def mark(reaction: Reaction) -> Reaction:
            for contract in contracts:
                self._by_type[contract.__name__] = reaction
            return reaction

        return mark

    @property
    def types(self) -> tuple[str, ...]:
        """The event types that lead to something here, in the catalogue's order."""
        return tuple(type_ for type_ in CONTRACTS if type_ in self._by_type)

    @property
    def sayers(self) -> tuple[str, ...]:
        """The services it listens to."""
        return tuple(sayer for sayer in SAYERS if any(SAYER_OF[t] == sayer for t in self._by_type))

    def reaction_to(self, type_: str) -> Reaction | None:
        """What a type leads to; None where it only counts for the order."""
        return self._by_type.get(type_)


class Hearer:
    """Hears events into one service's database.

    A service receives every type of a sayer that it listens to, also those without a reaction: only then does a gap in
    `sequence` show that something is still on its way.
    """

    def __init__(self, database: Database, reactions: Reactions) -> None:
        self._database = database
        self._reactions = reactions

    @property
    def service(self) -> str:
        """Whose ears these are."""
        return self._reactions.service

    @property
    def sayers(self) -> tuple[str, ...]:
        """The services it listens to."""
        return self._reactions.sayers

    def hear(self, events: Sequence[Event]) -> list[Heard]:
        """One transaction for the group; if it fails, one for each event, so that one bad event spoils no other.

        Raises DatabaseAway when the database cannot be reached.
        """
        try:
            return self._together(events)
        except Exception as error:
            if is_away(error):
                raise DatabaseAway(str(error)) from error
            if len(events) == 1:
                return [self._failed(events[0], error)]
        return [heard for event in events for heard in self.hear([event])]

    def release(self) -> int:
        """Try parked events again whose turn has come and that could not be heard then; how many were heard."""
        with self._database.reading() as session:
            due = inbox.due(session)
        heard = [item for event in due for item in self.hear([event])]
        return sum(1 for item in heard if item.verdict is Verdict.HEARD)

    def _together(self, events: Sequence[Event]) -> list[Heard]:
        with self._database.transaction() as session:
            return _Group(session, self._reactions).hear(events)

    def _failed(self, event: Event, error: Exception) -> Heard:
        reason = f"{getattr(error, 'slug', type(error).__name__)}: {error}"
        if _may_heal(error):
            return Heard(event, Verdict.RETRY, reason)
        log.error("event refused", type=event.type, event=str(event.id), subject=event.subject,
                  service=self.service, exc_info=error)  # fmt: skip
        return Heard(event, Verdict.DEAD, reason)


def _may_heal(error: Exception) -> bool:
    """Whether the same event may succeed later: contention, a lost race, a passing fault of the machine."""
    return isinstance(error, (DBAPIError, IntegrityError, StaleDataError, OSError))


class UnknownType(Exception):
    """No contract of that name is known here."""

    slug = "unknown-type"


class _Group:
    """One group of events in one transaction."""

    def __init__(self, session: Session, reactions: Reactions) -> None:
        self._session = session
        self._reactions = reactions
        self._at = now()

    def hear(self, events: Sequence[Event]) -> list[Heard]:
        """Every event with its verdict, in the order given."""
        places = inbox.places(self._session, {(e.source, e.subject) for e in events})
        known = [event for event in events if event.type in CONTRACTS]
        fresh = inbox.note(self._session, known, self._at)
        heard = [self._one(event, fresh, places) for event in events]
        inbox.move(self._session, places)
        return heard

    def _one(self, event: Event, fresh: set[UUID], places: inbox.Places) -> Heard:
        unknown = event.type not in CONTRACTS
        if not unknown and event.id not in fresh:
            return Heard(event, Verdict.DUPLICATE)
        fresh.discard(event.id)
        early = places.early(event)
        if early:
            inbox.park(self._session, event, self._at)
            places.wait(event)
        else:
            self._react(event)
            if places.was_parked(event):
                inbox.unpark(self._session, event)
            places.advance(event)
            self._follow(places, event)
        if unknown:  # it must not hold up what comes after it, and must not vanish either
            return Heard(event, Verdict.DEAD, f"unknown-type: {event.type} is not a known type")
        return Heard(event, Verdict.PARKED if early else Verdict.HEARD)

    def _follow(self, places: inbox.Places, event: Event) -> None:
        """React to what was parked behind this event; a fault there is not this event's fault."""
        while (parked := places.next_parked(event)) is not None:
            said = outbox.mark(self._session)
            try:
                with self._session.begin_nested():
                    if parked.type in CONTRACTS and inbox.note(self._session, [parked], self._at):
                        self._react(parked)
                    inbox.unpark(self._session, parked)
            except Exception as error:
                if is_away(error):
                    raise
                outbox.forget(self._session, said)
                log.exception("parked event refused", type=parked.type, event=str(parked.id))
                inbox.blame(self._session, parked, f"{type(error).__name__}: {error}")
                return
            places.advance(parked)

    def _react(self, event: Event) -> None:
        reaction = self._reactions.reaction_to(event.type)
        if reaction is None:
            return
        outbox.because_of(
            self._session,
            outbox.Cause(
                causationid=str(event.id),
                correlationid=event.correlationid,
                traceparent=event.traceparent,
            ),
        )
        reaction(self._session, event)


def understood(contract: type[Schema], event: Event, only: Iterable[str]) -> dict[str, Any]:
    """The fields of an event that a hearer uses; what else it carries is none of the hearer's business.

    Raises marshmallow's ValidationError, naming the field, when the sayer broke the contract.
    """
    loaded = _reader(contract, tuple(only)).load(event.data)
    return dict(loaded)


_readers: dict[tuple[type[Schema], tuple[str, ...]], Schema] = {}


def _reader(contract: type[Schema], only: tuple[str, ...]) -> Schema:
    key = (contract, only)
    if key not in _readers:
        _readers[key] = contract(only=only, unknown="exclude")
    return _readers[key]
