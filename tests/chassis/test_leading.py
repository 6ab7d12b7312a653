"""One of several relays leads, and rests until the database tells it that something was said."""

import gc
import threading
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from chassis import migrating, outbox
from chassis.clock import now
from chassis.database import Database
from chassis.leading import Lead
from chassis.relay import Relay
from tests import servers
from tests.chassis.tally import SOURCE, say, some_news
from tests.chassis.test_relay import Shelf, running

FOR_EVER = 60.0

pytestmark = pytest.mark.system


@pytest.fixture
def database(postgres: servers.Databases) -> Iterator[Database]:
    """Registration's, as its migrations make it."""
    made = Database("registration", postgres.of("registration"))
    migrating.migrate(made)
    yield made
    made.engine.dispose()


def until(happened: Callable[[], bool]) -> bool:
    """Whether it happens within ten seconds."""
    give_up = time.monotonic() + 10
    while not (so := happened()) and time.monotonic() < give_up:
        time.sleep(0.01)
    return so


def rested(lead: Lead, seconds: float = FOR_EVER) -> float:
    """How long the rest was."""
    began = time.monotonic()
    lead.rest(seconds)
    return time.monotonic() - began


def test_what_another_process_commits_ends_the_rest_and_is_sent(database: Database) -> None:
    other, shelf = Database("registration", database.url), Shelf()
    relay = Relay(database, shelf, source=SOURCE, batch=200, poll=FOR_EVER)

    with running(relay):
        for _ in range(3):
            sent = len(shelf.taken)
            time.sleep(0.2)  # the relay rests
            say(other, some_news())
            assert until(lambda before=sent: len(shelf.taken) > before)

    assert len(shelf.taken) == 3
    other.engine.dispose()


def test_what_is_said_while_the_relay_looks_is_not_missed(database: Database) -> None:
    lead = Lead(database)
    assert lead.take()

    say(database, some_news())

    assert rested(lead) < FOR_EVER / 2
    lead.close()


def test_news_that_is_taken_back_tells_nothing(database: Database) -> None:
    lead = Lead(database)
    assert lead.take()
    with database.reading() as session:
        outbox.say(session, [some_news()])
        outbox.post(session)
        session.rollback()

    assert rested(lead, 0.3) >= 0.3
    lead.close()


def test_a_wake_ends_the_rest_also_when_it_comes_before_it(database: Database) -> None:
    lead = Lead(database)
    lead.wake()

    assert rested(lead) < FOR_EVER / 2

    threading.Timer(0.1, lead.wake).start()
    assert rested(lead) < FOR_EVER / 2
    lead.close()


def test_only_one_leads_and_the_other_follows_when_it_lets_go(database: Database) -> None:
    first, second = Lead(database), Lead(database)
    assert (first.take(), second.take()) == (True, False)

    first.close()

    assert until(second.take)
    second.close()


def test_who_has_lost_the_place_can_neither_look_nor_mark(database: Database) -> None:
    lead, next_one = Lead(database), Lead(database)
    say(database, some_news())
    assert lead.take()
    with lead.reading() as session:
        ((position, _),) = outbox.unsent(session, source=SOURCE, limit=1)

    with database.transaction() as session:
        session.execute(text(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        ))  # fmt: skip
    assert until(next_one.take)

    with pytest.raises(SQLAlchemyError), lead.reading() as session:
        outbox.unsent(session, source=SOURCE, limit=1)
    with pytest.raises(SQLAlchemyError), lead.marking() as session:
        outbox.mark_sent(session, [position], now())
    with next_one.reading() as session:
        assert len(outbox.unsent(session, source=SOURCE, limit=9)) == 1
    lead.close()
    next_one.close()


def test_what_the_leader_has_marked_is_marked_for_all(database: Database) -> None:
    lead = Lead(database)
    say(database, some_news())
    assert lead.take()

    with lead.reading() as session:
        ((position, _),) = outbox.unsent(session, source=SOURCE, limit=1)
    with lead.marking() as session:
        outbox.mark_sent(session, [position], now())
    lead.close()

    with database.reading() as session:
        assert outbox.depth(session) == (0, None)


def test_what_was_told_is_not_kept(database: Database) -> None:
    """Seen to fail without a handler: psycopg keeps what nobody takes, and a relay lives for months."""
    lead = Lead(database)
    assert lead.take()

    for _ in range(5):
        say(database, some_news())
        with lead.reading() as session:
            outbox.unsent(session, source=SOURCE, limit=1)

    gc.collect()
    assert not [each for each in gc.get_objects() if isinstance(each, psycopg.Notify)]
    lead.close()
