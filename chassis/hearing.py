"""What a service hears and what it leads to: one effect per event, in order per subject, one commit per group."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import structlog
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from chassis import dead_letters, inbox, outbox, rows
from chassis.clock import now
from chassis.database import Database, is_away
from chassis.origin import UNKNOWN, Origin, origin_of
from chassis.reactions import Reactions
from chassis.tracing import about
from contracts.catalogue import CONTRACTS
from contracts.envelope import Event

log = structlog.get_logger()

RELEASE_EVERY = 10.0
"""Seconds between two looks at parked events whose turn has come."""

LONGEST_REASON = 1000
"""Characters; a reason travels in a header of the message."""


class Verdict(StrEnum):
    """What became of a message; everything but RETRY and DEAD is to be acknowledged."""

    HEARD = "heard"
    DUPLICATE = "duplicate"
    PARKED = "parked"
    RETRY = "retry"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Heard:
    """One event with its verdict, and the reason where it is RETRY or DEAD, with where in our code it arose."""

    event: Event
    verdict: Verdict
    reason: str = ""
    origin: Origin = UNKNOWN


class DatabaseAway(Exception):
    """The service's database cannot be reached: nothing was done, nothing may be acknowledged."""


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
        """Try parked events again whose turn has come and that could not be heard then; how many were heard.

        What is refused for good is buried, and parked no more. Raises DatabaseAway.
        """
        try:
            with self._database.reading() as session:
                due = inbox.due(session)
            heard = [item for event in due for item in self.hear([event])]
            for item in heard:
                if item.verdict is Verdict.DEAD and item.event.type in CONTRACTS:
                    self._bury(item)
        except DBAPIError as error:
            raise DatabaseAway(str(error)) from error
        return sum(1 for item in heard if item.verdict is Verdict.HEARD)

    def pass_over(self, event: Event, also: Callable[[Session], None]) -> None:
        """Give an event up: it counts as heard without its effect, and what was parked behind it is heard.

        `also` is done in the same transaction, before. Raises DatabaseAway.
        """
        try:
            with self._database.transaction() as session:
                also(session)
                _Group(session, self._reactions).pass_over(event)
        except DBAPIError as error:
            if is_away(error):
                raise DatabaseAway(str(error)) from error
            raise

    def _bury(self, heard: Heard) -> None:
        with self._database.transaction() as session:
            dead_letters.bury(session, heard.event, heard.reason, now(), origin=heard.origin)
            inbox.unpark(session, heard.event)

    def _together(self, events: Sequence[Event]) -> list[Heard]:
        with self._database.transaction() as session:
            return _Group(session, self._reactions).hear(events)

    def _failed(self, event: Event, error: Exception) -> Heard:
        reason = reason_of(error)
        if _may_heal(error):
            return Heard(event, Verdict.RETRY, reason, origin_of(error))
        log.error("event refused", service=self.service, **about(event), exc_info=error)
        return Heard(event, Verdict.DEAD, reason, origin_of(error))


def reason_of(error: Exception) -> str:
    """An error as the reason that is kept with an event: its slug or kind, and its text as far as it can be kept."""
    text = f"{getattr(error, 'slug', type(error).__name__)}: {error}"[:LONGEST_REASON]
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _may_heal(error: Exception) -> bool:
    """Whether the same event may succeed later: contention, a lost race, a passing fault of the machine."""
    if isinstance(error, DataError):  # a value that no column takes will not fit later either
        return False
    return isinstance(error, (DBAPIError, StaleDataError, OSError))


class UnknownType(Exception):
    """No contract of that name is known here."""

    slug = "unknown-type"


class _Group:
    """One group of events in one transaction."""

    def __init__(self, session: Session, reactions: Reactions) -> None:
        self._session = session
        self._reactions = reactions
        self._at = now()
        self._fresh: set[UUID] = set()

    def hear(self, events: Sequence[Event]) -> list[Heard]:
        """Every event with its verdict, in the order given."""
        places = inbox.places(self._session, events)
        known = [event for event in events if event.type in CONTRACTS]
        self._fresh = inbox.note(self._session, known, self._at)
        rows.gather(self._session, self._reactions.rows, {event.subject for event in events})
        heard = [self._one(event, places) for event in events]
        inbox.move(self._session, places)
        return heard

    def pass_over(self, event: Event) -> None:
        """Note an event as heard, for ever, without reacting to it; before its turn has come, so that it will be."""
        places = inbox.places(self._session, [event])
        rows.gather(self._session, self._reactions.rows, {event.subject})
        early = places.early(event)
        if early:
            inbox.park(self._session, event, self._at)
        inbox.note(self._session, [event], self._at)
        if not early:
            inbox.unpark(self._session, event)
            places.advance(event)
            self._follow(places, event)
        inbox.move(self._session, places)

    def _one(self, event: Event, places: inbox.Places) -> Heard:
        unknown = event.type not in CONTRACTS
        if not unknown and event.id not in self._fresh:
            return Heard(event, Verdict.DUPLICATE)
        self._fresh.discard(event.id)
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
            self._write()  # a fault in what came before is not to be taken for this one's
            said = outbox.mark(self._session)
            try:
                with self._session.begin_nested():
                    self._catch_up(parked)
                    self._write()
            except Exception as error:
                if is_away(error):
                    raise
                outbox.forget(self._session, said)
                rows.forget(self._session)
                log.exception("parked event refused", **about(parked))
                inbox.blame(self._session, parked, reason_of(error))
                return
            self._fresh.discard(parked.id)
            places.advance(parked)

    def _catch_up(self, parked: Event) -> None:
        """React to a parked event, unless it had its effect; it may have come again within this very group."""
        known = parked.type in CONTRACTS
        if known and (parked.id in self._fresh or inbox.note(self._session, [parked], self._at)):
            self._react(parked)
        inbox.unpark(self._session, parked)

    def _write(self) -> None:
        self._session.flush()
        rows.post(self._session)

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
