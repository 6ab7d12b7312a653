"""What became of each event with each service that listens to its sayer."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from cli.audit.mail import Ears, Mail, Said
from contracts.catalogue import CONTRACTS, SAYER_OF

RECENT = timedelta(seconds=5)
"""So long after it was sent an event may be in a worker's hand, where no queue shows it."""


class Fate(StrEnum):
    """What became of one event with one hearer."""

    HEARD = "heard"
    IN_FLIGHT = "in flight"
    PARKED = "parked"
    DEAD = "dead"
    GIVEN_UP = "given up"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How many messages lie on a hearer's queue (with those that wait to be tried again) and among its dead letters."""

    waiting: int = 0
    dead: int = 0


@dataclass(slots=True, kw_only=True)
class Line:
    """All events of one type. `heard` counts by hearer; `doubled` are heard twice, `strangers` heard but never said."""

    sayer: str
    type: str
    said: int = 0
    unsent: int = 0
    heard: Counter[str] = field(default_factory=Counter)
    fates: Counter[Fate] = field(default_factory=Counter)
    doubled: int = 0
    strangers: int = 0

    @property
    def is_right(self) -> bool:
        """Whether nothing is lost, dead, parked, doubled or strange; what is in flight or was given up is no fault."""
        amiss = self.fates[Fate.LOST] + self.fates[Fate.DEAD] + self.fates[Fate.PARKED]
        return not (amiss or self.doubled or self.strangers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A line per event type; for each hearer and subject the first event that it has not heard, and why.

    `dead_messages` counts what lies in the broker's dead-letter queues, strangers' messages too, and the dead letters
    in the table that no sayer has said.
    """

    lines: Sequence[Line]
    missing: Mapping[tuple[str, str], tuple[str, Fate]]
    dead_messages: Mapping[str, int]

    @property
    def in_flight(self) -> int:
        """How many deliveries are still to be made."""
        return sum(line.fates[Fate.IN_FLIGHT] for line in self.lines)


class Queues:
    """What the broker tells of the hearers' queues; embedded there is nothing to tell."""

    def __init__(self, depths: Mapping[str, Depth] | None) -> None:
        self._depths = depths
        self._dead = {name: depth.dead for name, depth in (depths or {}).items()}

    def may_hold(self, said: Said, hearer: str, now: datetime) -> bool:
        """Whether the event may still be between its sayer and the hearer."""
        if said.sent_at is None:
            return True
        if (
            self._depths is None
        ):  # embedded, an event is marked as sent once everybody has heard it
            return False
        return self._depths[hearer].waiting > 0 or now - said.sent_at < RECENT

    def take_dead(self, hearer: str) -> bool:
        """Whether a missing event may be one of those among the hearer's dead letters; each counts once.

        Which one a dead letter is, only its own message tells, and reading it would count as a delivery.
        """
        if not self._dead.get(hearer):
            return False
        self._dead[hearer] -= 1
        return True


def deliver(
    mail: Mail,
    listening: Mapping[str, Sequence[str]],
    *,
    depths: Mapping[str, Depth] | None,
    now: datetime,
) -> Delivery:
    """Follow every event to every hearer. `depths` by hearer; None where there is no broker."""
    lines = {name: Line(sayer=SAYER_OF[name], type=name) for name in CONTRACTS}
    tracing = _Tracing(mail, Queues(depths), now)
    missing: dict[tuple[str, str], tuple[str, Fate]] = {}
    for sayer, events in mail.said.items():
        hearers = [name for name, sayers in listening.items() if sayer in sayers]
        for event in sorted(events.values(), key=lambda event: (event.subject, event.sequence)):
            fates = {name: tracing.fate(event, name) for name in hearers}
            _count(lines.setdefault(event.type, Line(sayer=sayer, type=event.type)), event, fates)
            for name, fate in fates.items():
                if fate is not Fate.HEARD:
                    missing.setdefault((name, event.subject), (event.type, fate))
    for hearer in mail.ears:
        _count_beside(lines, mail, hearer)
    return Delivery(
        lines=list(lines.values()),
        missing=missing,
        dead_messages={
            name: (depths[name].dead if depths else 0) + _strangers(mail, ears)
            for name, ears in mail.ears.items()
        },
    )


def _strangers(mail: Mail, ears: Ears) -> int:
    """Dead letters that are nobody's event; those that are somebody's count as that event's fate."""
    said = (id_ for events in mail.said.values() for id_ in events)
    return ears.no_events + (len(ears.dead.difference(said)) if ears.dead else 0)


class _Tracing:
    """Follows events in the order of their subject: what is parked behind one that is under way is so itself."""

    def __init__(self, mail: Mail, queues: Queues, now: datetime) -> None:
        self._mail = mail
        self._queues = queues
        self._now = now
        self._held_up: set[tuple[str, str]] = set()

    def fate(self, event: Said, hearer: str) -> Fate:
        """What became of the event with this hearer."""
        fate = self._alone(event, hearer, self._mail.ears[hearer])
        place = (hearer, event.subject)
        if fate is Fate.PARKED and place in self._held_up and not self._fault(event, hearer):
            return Fate.IN_FLIGHT
        if fate is Fate.IN_FLIGHT:
            self._held_up.add(place)
        return fate

    def _fault(self, event: Said, hearer: str) -> str | None:
        return self._mail.ears[hearer].parked[event.id]

    def _alone(self, event: Said, hearer: str, ears: Ears) -> Fate:
        if event.id in ears.given_up:  # it counts as heard by its hearer, without an effect
            return Fate.GIVEN_UP
        if event.id in ears.heard:
            return Fate.HEARD
        if event.id in ears.parked:
            return Fate.PARKED
        if event.id in ears.dead:
            return Fate.DEAD
        if self._queues.may_hold(event, hearer, self._now):
            return Fate.IN_FLIGHT
        return Fate.DEAD if self._queues.take_dead(hearer) else Fate.LOST


def _count(line: Line, event: Said, fates: Mapping[str, Fate]) -> None:
    line.said += 1
    line.unsent += event.sent_at is None
    line.fates.update(fates.values())
    line.heard.update(name for name, fate in fates.items() if fate is Fate.HEARD)


def _count_beside(lines: dict[str, Line], mail: Mail, hearer: str) -> None:
    """What was heard that should not have been: twice at one place of a subject's order, or without being said."""
    places = set()
    for each in mail.ears[hearer].heard.values():
        line = lines.setdefault(each.type, Line(sayer=each.sayer, type=each.type))
        place = (each.sayer, each.subject, each.sequence)
        line.doubled += place in places
        line.strangers += each.id not in mail.said.get(each.sayer, {})
        places.add(place)
