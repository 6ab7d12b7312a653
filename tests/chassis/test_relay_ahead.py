"""A relay that has one batch on its way while it sends the next loses none, and marks only what has arrived."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import select

from chassis import outbox
from chassis.database import Database
from chassis.relay import Relay, Trouble
from contracts.envelope import Event
from tests.chassis.tally import SOURCE, say, some_news


class Ferry:
    """A far carrier: what it was given arrives when it is waited for, or is lost."""

    def __init__(
        self,
        *,
        lost: Sequence[int] = (),
        refuses: Sequence[str] = (),
        away: Sequence[int] = (),
    ) -> None:
        self.arrived: list[str] = []
        self.log: list[str] = []
        self._lost = set(lost)
        self._refuses = set(refuses)
        self._away = set(away)
        self._sent = 0

    def send(self, events: Sequence[Event]) -> Callable[[], set[int]]:
        """Take them on board."""
        number, self._sent = self._sent, self._sent + 1
        if number in self._away:
            raise Trouble("no ferry")
        self.log.append(f"sent {number}")

        def landed() -> set[int]:
            self.log.append(f"waited for {number}")
            if number in self._lost:
                raise Trouble("sunk")
            safe = {i for i, event in enumerate(events) if event.subject not in self._refuses}
            self.arrived += [event.subject for i, event in enumerate(events) if i in safe]
            return safe

        return landed

    def carry(self, events: Sequence[Event]) -> set[int]:
        """Send and wait."""
        return self.send(events)()

    def close(self) -> None:
        """No more."""


def a_relay(database: Database, ferry: Ferry) -> Relay:
    """A relay of batches of two."""
    return Relay(database, ferry, source=SOURCE, batch=2, poll=0.01)


def unsent(database: Database) -> list[str]:
    """The subjects of what is not marked as sent."""
    waiting = select(outbox.outbox.c.subject).where(outbox.is_unsent())
    with database.reading() as session:
        return list(session.scalars(waiting.order_by(outbox.outbox.c.position)))


@pytest.fixture
def five(database: Database) -> list[str]:
    """Five pieces of news that wait in the outbox."""
    subjects = [f"s-{number}" for number in range(5)]
    say(database, *(some_news(subject) for subject in subjects))
    return subjects


def test_each_batch_is_sent_before_the_one_before_it_is_waited_for(
    database: Database, five: list[str]
) -> None:
    ferry = Ferry()

    sent = a_relay(database, ferry).empty_once()

    assert sent == 5
    assert ferry.arrived == five
    assert ferry.log == ["sent 0", "sent 1", "waited for 0", "sent 2", "waited for 1",
                         "waited for 2"]  # fmt: skip
    assert unsent(database) == []


def test_a_batch_that_is_lost_on_its_way_is_sent_again(
    database: Database, five: list[str]
) -> None:
    ferry = Ferry(lost=[0])
    relay = a_relay(database, ferry)

    with pytest.raises(Trouble, match="sunk"):
        relay.empty_once()
    waiting = unsent(database)
    relay.empty_once()

    assert waiting == five
    assert sorted(ferry.arrived) == five
    assert unsent(database) == []


def test_what_was_on_its_way_when_the_carrier_fails_is_not_waited_for(
    database: Database, five: list[str]
) -> None:
    ferry = Ferry(away=[1])
    relay = a_relay(database, ferry)

    with pytest.raises(Trouble, match="no ferry"):
        relay.empty_once()
    relay.empty_once()

    assert "waited for 0" not in ferry.log
    assert sorted(ferry.arrived) == five
    assert unsent(database) == []


def test_what_is_refused_stays_unsent_while_the_rest_goes_on(
    database: Database, five: list[str]
) -> None:
    ferry = Ferry(refuses=["s-1"])
    relay = a_relay(database, ferry)

    for _ in range(4):
        with pytest.raises(Trouble, match="not taken"):
            relay.empty_once()

    assert sorted(ferry.arrived) == ["s-0", "s-2", "s-3", "s-4"]
    assert unsent(database) == ["s-1"]


def test_what_is_on_its_way_when_the_relay_is_told_to_stop_is_marked(
    database: Database, five: list[str]
) -> None:
    ferry = Ferry()
    relay = a_relay(database, ferry)
    relay._send()

    relay.stop()
    relay.run()

    assert ferry.arrived == five[:2]
    assert unsent(database) == five[2:]


def test_what_comes_to_an_end_late_is_found_beside_what_is_on_its_way(
    database: Database, five: list[str]
) -> None:
    with database.reading() as session:
        ahead = [position for position, _ in outbox.unsent(session, source=SOURCE, limit=9)]

    with database.reading() as session:
        beside = outbox.unsent(session, source=SOURCE, limit=9, but=[ahead[0], ahead[2]])

    assert [position for position, _ in beside] == [ahead[1], ahead[3], ahead[4]]
