"""Promise: an outbox row whose id is low and whose commit is late is not skipped."""

import threading
from collections.abc import Sequence

import pytest

from chassis import outbox
from chassis.database import Database
from chassis.relay import Relay
from contracts.envelope import Event
from tests.chassis.tally import SOURCE, say, some_news

pytestmark = pytest.mark.system


class Taken:
    """A carrier that takes everything and remembers whose it was."""

    def __init__(self) -> None:
        self.subjects: list[str] = []

    def carry(self, events: Sequence[Event]) -> set[int]:
        """All of it."""
        self.subjects += [event.subject for event in events]
        return set(range(len(events)))

    def close(self) -> None:
        """Nothing to let go of."""


def test_what_commits_late_is_sent_although_its_position_is_low(
    database: Database, peer: Database
) -> None:
    taken = Taken()
    relay = Relay(peer, taken, source=SOURCE, batch=200, poll=1)

    with database.transaction() as slow:
        outbox.say(slow, [some_news("slow")])
        outbox.post(slow)
        say(peer, some_news("quick"))
        relay.empty_once()
        before = list(taken.subjects)
    relay.empty_once()

    assert before == ["quick"]
    assert taken.subjects == ["quick", "slow"]


def test_nothing_is_skipped_while_many_transactions_of_all_lengths_overlap(
    database: Database,
) -> None:
    taken = Taken()
    relay = Relay(database, taken, source=SOURCE, batch=3, poll=0.001)
    working = threading.Thread(target=relay.run)
    working.start()

    writers = [threading.Thread(target=_write, args=(database.url, name)) for name in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    relay.stop()
    working.join()
    relay.empty_once()

    assert sorted(taken.subjects) == sorted(f"{w}-{n}" for w in "abcd" for n in range(40))


def _write(url: str, name: str) -> None:
    own = Database("tally", url)
    for number in range(40):
        with own.transaction() as session:
            outbox.say(session, [some_news(f"{name}-{number}")])
            outbox.post(session)
            threading.Event().wait(0.003 * (ord(name) - 96))
    own.engine.dispose()
