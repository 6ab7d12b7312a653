"""Hands events to one service once more: straight to its hearer, or onto its queue alone where there is a broker."""

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol

from chassis import dead_letters
from chassis.clock import now
from chassis.hearing import DatabaseAway, Heard, Verdict
from chassis.relay import Trouble
from cli.house import House
from cli.mistakes import Failure
from contracts.envelope import Event

LONGEST_PAUSE = 5.0

Outcome = Counter[str]
"""How many events ended in which way: a hearer's verdict, or `published`."""


class Hand(Protocol):
    """Hands events over. All of it is harmless when done again: the inbox keeps what was heard."""

    def hand(self, service: str, events: Sequence[Event]) -> Outcome:
        """These, in this order. Raises Failure."""

    def hand_letter(self, service: str, letter: Any) -> None:
        """What a dead letter's row carries. Raises Failure."""

    def close(self) -> None:
        """Let go of connections."""


def hand(house: House) -> Hand:
    """The way in which this instance's services are reached."""
    return Straight(house) if house.settings.embedded else OntoQueue(house)


class Straight:
    """Into the hearer, in this process; what cannot be heard is buried."""

    def __init__(self, house: House) -> None:
        self._house = house

    def hand(self, service: str, events: Sequence[Event]) -> Outcome:
        """See Hand."""
        try:
            heard = self._house.hearer(service).hear(events)
            return Counter(self._settled(service, item).value for item in heard)
        except DatabaseAway as error:
            raise Failure(f"the database of {service} does not answer: {error}") from error

    def hand_letter(self, service: str, letter: Any) -> None:
        """See Hand."""
        self.hand(service, [dead_letters.event_of(letter)])

    def close(self) -> None:
        """Nothing to let go of."""

    def _settled(self, service: str, heard: Heard) -> Verdict:
        """What became of an event in the end; what fails for a while is tried again, as a relay does."""
        settings, attempts = self._house.settings, 1
        while heard.verdict is Verdict.RETRY and attempts < settings.retry_limit:
            time.sleep(min(settings.retry_first * 2 ** (attempts - 1), LONGEST_PAUSE))
            (heard,) = self._house.hearer(service).hear([heard.event])
            attempts += 1
        if heard.verdict in (Verdict.RETRY, Verdict.DEAD):
            with self._house.database(service).transaction() as session:
                dead_letters.bury(session, heard.event, heard.reason, now(), origin=heard.origin,
                                  attempts=attempts)  # fmt: skip
            return Verdict.DEAD
        return heard.verdict


class OntoQueue:
    """Onto the service's queue, confirmed; its workers hear it when they come to it."""

    def __init__(self, house: House) -> None:
        from chassis.wire.handing import QueueHand  # an embedded instance needs no kombu

        settings = house.settings
        self._queues = QueueHand(settings.broker_url, confirm_timeout=settings.confirm_timeout)

    def hand(self, service: str, events: Sequence[Event]) -> Outcome:
        """See Hand."""
        try:
            self._queues.hand(service, events)
        except Trouble as error:
            raise Failure(f"nothing more was handed to {service}: {error}") from error
        return Counter(published=len(events))

    def hand_letter(self, service: str, letter: Any) -> None:
        """See Hand."""
        try:
            self._queues.hand_letter(service, letter)
        except Trouble as error:
            raise Failure(f"letter {service}/{letter.number} was not taken: {error}") from error

    def close(self) -> None:
        """Drop the socket."""
        self._queues.close()
