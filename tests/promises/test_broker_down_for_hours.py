"""Promise: while the broker is down, for seconds or hours, acts go on; then all their news are sent, in order."""

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from chassis import outbox
from chassis.database import Database
from chassis.leading import Lead
from chassis.relay import Relay, Trouble
from chassis.settings import read
from contracts.envelope import Event
from regulation.acting import Role
from tests import servers
from tests.chassis.conftest import make_tables
from tests.chassis.station import Station
from tests.chassis.tally import SOURCE, say, some_news
from tests.chassis.tally_web import add, counted, headers_of, make_app
from tests.promises.ledger import settle
from tests.servers.rabbitmq import ON_DISK_AFTER

pytestmark = pytest.mark.system


def test_acts_go_on_over_http_while_the_broker_is_down_and_are_heard_afterwards(
    on_own_broker: Station, private_broker: servers.PrivateBroker, tmp_path: Path
) -> None:
    station, settings = on_own_broker, read({"OCOP_DATA": str(tmp_path)})
    client = make_app(station.database, settings).test_client()
    officer = headers_of(settings, Role.OCOP_OFFICER)
    station.start_relay()
    station.start_worker()
    time.sleep(ON_DISK_AFTER)

    private_broker.kill()
    answers = [add(client, officer).status_code for _ in range(5)]
    time.sleep(2)
    with station.database.reading() as session:
        waiting, oldest = outbox.depth(session)
    private_broker.start()

    assert answers == [200] * 5
    assert (waiting, oldest is not None) == (5, True)
    assert counted(station.database) == [("pots", 10)]
    ledger = settle(station)
    assert (ledger.said, ledger.balanced) == (5, True), ledger


class Clock(Lead):
    """A relay's place at the head: where it would rest it rests no time, but the hours go by."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.seconds = 0.0
        self.longest = 0.0

    def rest(self, seconds: float) -> None:
        """Let it be later."""
        self.seconds += seconds
        self.longest = max(self.longest, seconds)


class Outage:
    """A broker that is away until so many hours are over on that clock."""

    def __init__(self, clock: Clock, hours: float) -> None:
        self._clock, self._until = clock, hours * 3600
        self.tried = 0
        self.taken_at = 0.0
        self.taken: list[str] = []

    def carry(self, events: Sequence[Event]) -> set[int]:
        """Take nothing, then everything."""
        self.tried += 1
        if self._clock.seconds < self._until:
            raise Trouble("away")
        self.taken += [event.subject for event in events]
        self.taken_at = self._clock.seconds
        return set(range(len(events)))

    def close(self) -> None:
        """Nothing to let go of."""


def test_two_hours_of_outage_are_got_over_within_seconds_of_their_end(tmp_path: Path) -> None:
    """Seen to fail with a relay whose pauses double without a limit (`Relay.run`): the last took 6,554 s."""
    database = Database("tally", f"sqlite:///{tmp_path}/tally.sqlite")
    make_tables(database)
    clock = Clock(database)
    broker = Outage(clock, hours=2)
    relay = Relay(database, broker, source=SOURCE, batch=10, poll=0.02)
    relay._lead.close()
    relay._lead = clock
    names = [f"s-{number}" for number in range(30)]
    say(database, *map(some_news, names))

    thread = threading.Thread(target=relay.run)
    thread.start()
    while len(broker.taken) < len(names) and thread.is_alive():
        time.sleep(0.01)
    relay.stop()
    thread.join(10)

    assert broker.taken == names
    assert clock.longest <= 5
    assert broker.tried < 7200 / 4
    assert 7200 <= broker.taken_at < 7210
