"""Sends dead letters again, one after the other, and stops at the first that fails anew."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis import dead_letters
from chassis.dead_letters import State
from chassis.inbox import inbox, parked
from cli.dead_letters import choosing
from cli.dead_letters.choosing import Address
from cli.dead_letters.deciding import Decider, event_or_none, redriven
from cli.handing import Hand
from cli.house import House
from cli.pacing import Pace

LOOK_EVERY = 0.01


class Fate(StrEnum):
    """What became of a letter that was sent again."""

    HEARD = "heard"
    PARKED = "parked"
    DEAD = "dead again"
    UNHEARD = "not heard yet"
    NO_EVENT = "no event"


FINE = (Fate.HEARD, Fate.PARKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Why no more letters were sent: which one it was, and what is known of it."""

    address: Address
    fate: Fate
    reason: str


def redrive(
    house: House,
    hand: Hand,
    addresses: Sequence[Address],
    who: Decider,
    *,
    rate: float | None,
    patience: float,
    done: Callable[[Fate], None],
) -> Stop | None:
    """Send these again; `done` is told what became of each. None when all went well.

    A letter is marked only when it lies safe on its queue (embedded: when its hearer is done with it).
    """
    pace = Pace(rate)
    for service, number in addresses:
        letter = choosing.letter(house, (service, number))
        if letter.state != State.WAITING:
            continue
        pace.wait()
        fate = _send(house, hand, service, letter, who, patience)
        done(fate)
        if fate not in FINE:
            reason = choosing.letter(house, (service, number)).reason
            return Stop(address=(service, number), fate=fate, reason=reason)
    return None


def _send(
    house: House, hand: Hand, service: str, letter: Any, who: Decider, patience: float
) -> Fate:
    event = event_or_none(letter)
    if event is None:
        return Fate.NO_EVENT
    hand.hand_letter(service, letter)
    if not redriven(house, service, letter, who):
        return Fate.DEAD
    until = time.monotonic() + patience
    while (fate := _fate(house, service, letter.number, event.id)) is Fate.UNHEARD:
        if time.monotonic() >= until:
            break
        time.sleep(LOOK_EVERY)
    return fate


def _fate(house: House, service: str, number: int, event_id: UUID) -> Fate:
    with house.database(service).reading() as session:
        if session.scalar(select(inbox.c.id).where(inbox.c.id == event_id)):
            return Fate.HEARD
        if dead_letters.get(session, number).state == State.WAITING:
            return Fate.DEAD
        waits = session.scalar(select(parked.c.id).where(parked.c.id == event_id))
        return Fate.PARKED if waits else Fate.UNHEARD
