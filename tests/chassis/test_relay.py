"""A relay sends what is unsent, in order, until the other side has it; one leads, and another takes over."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from chassis import outbox
from chassis.clock import today
from chassis.database import Database
from chassis.relay import Relay, Trouble
from contracts.envelope import Event
from tests.chassis.tally import SOURCE, say, some_news


class Shelf:
    """A carrier that puts events on a shelf; it can be told what not to take, and how often to fail."""

    def __init__(self, *, fails: Sequence[Exception] = (), refuses: Sequence[str] = ()) -> None:
        self.taken: list[str] = []
        self.batches: list[int] = []
        self.fails = list(fails)
        self.refuses = set(refuses)
        self.closed = False

    def carry(self, events: Sequence[Event]) -> set[int]:
        """Take all but the refused."""
        if self.fails:
            raise self.fails.pop(0)
        safe = {i for i, event in enumerate(events) if event.subject not in self.refuses}
        self.taken += [event.subject for i, event in enumerate(events) if i in safe]
        self.batches.append(len(events))
        return safe

    def close(self) -> None:
        """No more."""
        self.closed = True


def a_relay(database: Database, shelf: Shelf, **changes: Any) -> Relay:
    """A relay in a hurry."""
    values: dict[str, Any] = {"source": SOURCE, "batch": 200, "poll": 0.01}
    return Relay(database, shelf, **values | changes)


@contextmanager
def running(*relays: Relay) -> Iterator[None]:
    """The relays at work."""
    threads = [threading.Thread(target=relay.run) for relay in relays]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for relay in relays:
            relay.stop()
        for thread in threads:
            thread.join(timeout=10)
    assert not any(thread.is_alive() for thread in threads)


def until(holds: Callable[[], bool], seconds: float = 10) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never held"
        time.sleep(0.01)


def test_events_are_sent_in_the_order_in_which_they_were_said(database: Database) -> None:
    shelf = Shelf()
    say(database, *(some_news(f"s-{number}") for number in range(7)))

    sent = a_relay(database, shelf, batch=3).empty_once()

    assert sent == 7
    assert shelf.taken == [f"s-{number}" for number in range(7)]
    assert shelf.batches == [3, 3, 1]


def test_what_was_sent_is_not_sent_again(database: Database) -> None:
    shelf = Shelf()
    say(database, some_news("a"))
    a_relay(database, shelf).empty_once()

    again = a_relay(database, shelf).empty_once()

    assert again == 0
    assert shelf.taken == ["a"]


def test_what_the_other_side_does_not_take_stays_unsent_and_is_sent_later(
    database: Database,
) -> None:
    shelf = Shelf(refuses=["b"])
    say(database, some_news("a"), some_news("b"), some_news("c"))
    relay = a_relay(database, shelf)

    with pytest.raises(Trouble, match="1 of 3 not taken"):
        relay.empty_once()
    waiting = _unsent(database)
    shelf.refuses.clear()
    relay.empty_once()

    assert waiting == ["b"]
    assert shelf.taken == ["a", "c", "b"]


@pytest.mark.parametrize("error", [Trouble("away"), OSError("reset"), ValueError("a bug")])
def test_no_trouble_ends_a_relay(database: Database, error: Exception) -> None:
    shelf = Shelf(fails=[error])
    say(database, some_news("a"))

    with running(a_relay(database, shelf)):
        until(lambda: shelf.taken == ["a"])
        until(lambda: _unsent(database) == [])

    assert shelf.closed


def test_it_sends_what_is_said_while_it_runs(database: Database) -> None:
    shelf = Shelf()

    with running(a_relay(database, shelf)):
        say(database, some_news("a"))
        until(lambda: _unsent(database) == [])
        say(database, some_news("b"))
        until(lambda: _unsent(database) == [])

    assert shelf.taken == ["a", "b"]


def test_what_is_said_while_it_waits_for_more_goes_together(database: Database) -> None:
    shelf = Shelf()

    with running(a_relay(database, shelf, wait=1.0)):
        say(database, some_news("first"))
        until(lambda: shelf.taken == ["first"])
        for number in range(20):
            say(database, some_news(str(number)))
        until(lambda: len(shelf.taken) == 21)

    assert shelf.batches == [1, 20]


def test_a_chore_is_done_once_a_day_and_its_news_are_sent(database: Database) -> None:
    shelf = Shelf()
    days: list[date] = []

    def expire(session: Any, day: date) -> None:
        days.append(day)
        outbox.say(session, [some_news("expired")])

    with running(a_relay(database, shelf, chores=[expire])):
        until(lambda: shelf.taken == ["expired"])
        time.sleep(0.1)

    assert days == [today()]


def test_a_chore_that_fails_holds_nothing_up(database: Database) -> None:
    shelf = Shelf()
    say(database, some_news("a"))

    def fail(session: Any, _day: date) -> None:
        outbox.say(session, [some_news("half done")])
        raise LookupError("a bug")

    def remind(session: Any, _day: date) -> None:
        outbox.say(session, [some_news("reminder")])

    with running(a_relay(database, shelf, chores=[fail, remind])):
        until(lambda: shelf.taken == ["a", "reminder"])


def test_of_two_relays_one_leads_and_the_other_takes_over(
    database: Database, peer: Database
) -> None:
    _needs_postgres(database)
    first, second = Shelf(), Shelf()
    waiting = a_relay(peer, second)

    with running(a_relay(database, first)):
        say(database, some_news("a"))
        until(lambda: first.taken == ["a"])
        with running(waiting):
            for number in range(20):
                say(database, some_news(f"b-{number}"))
                time.sleep(0.01)
            until(lambda: _unsent(database) == [])
            idle = list(second.taken)
    with running(waiting_again := a_relay(peer, second)):
        say(database, some_news("c"))
        until(lambda: second.taken == ["c"])

    assert idle == []
    assert waiting_again is not waiting


def test_a_leader_that_loses_its_database_session_does_not_lose_events(
    database: Database, peer: Database
) -> None:
    _needs_postgres(database)
    shelves = Shelf(), Shelf()

    with running(a_relay(database, shelves[0]), a_relay(peer, shelves[1])):
        for number in range(6):
            say(database, some_news(f"s-{number}"))
            until(lambda: _unsent_or_none(database) == [])
            _end_all_sessions(database)

    taken = shelves[0].taken + shelves[1].taken
    assert set(taken) == {f"s-{number}" for number in range(6)}
    for shelf in shelves:
        assert shelf.taken == sorted(shelf.taken)


def _needs_postgres(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("one process per SQLite file")


def _end_all_sessions(database: Database) -> None:
    once = Database("tally", database.url)
    with once.transaction() as session:
        session.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                             "WHERE pid <> pg_backend_pid() AND datname = current_database()"))  # fmt: skip
    once.engine.dispose()
    database.engine.dispose()


def _unsent(database: Database) -> list[str]:
    with database.reading() as session:
        return [event.subject for _, event in outbox.unsent(session, source=SOURCE, limit=99)]


def _unsent_or_none(database: Database) -> list[str] | None:
    return _unsent(database) if database.answers() else None
