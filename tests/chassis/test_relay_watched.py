"""Whoever looks after a relay sees that it hangs, why it cannot carry, and how much it has carried."""

import threading
import time
from collections.abc import Sequence

from prometheus_client import REGISTRY

from chassis.database import Database
from chassis.relay import Relay, Trouble
from chassis.watch.health import hung
from contracts.envelope import Event
from tests.chassis.tally import SOURCE, say, some_news
from tests.chassis.test_relay import Shelf, running, until


class Stuck(Shelf):
    """Never comes back from carrying until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def carry(self, events: Sequence[Event]) -> set[int]:
        self.go.wait(20)
        return super().carry(events)


def a_relay(database: Database, shelf: Shelf) -> Relay:
    return Relay(database, shelf, source=SOURCE, batch=200, poll=0.01)


def counted(name: str) -> float:
    return REGISTRY.get_sample_value(name, {"service": "registration"}) or 0.0


def test_a_relay_that_hangs_is_seen_and_one_that_idles_is_not(database: Database) -> None:
    stuck = Stuck()
    relay = a_relay(database, stuck)
    with running(relay):
        time.sleep(0.5)
        assert hung(relay.seen_alive, 0.4) == ""

        say(database, some_news("a"))
        until(lambda: hung(relay.seen_alive, 0.4) != "")

        stuck.go.set()
        until(lambda: hung(relay.seen_alive, 0.4) == "")


def test_why_it_cannot_carry_is_told_until_it_has_carried(database: Database) -> None:
    shelf = Shelf(refuses=["a"])
    relay = a_relay(database, shelf)
    with running(relay):
        assert relay.trouble == ""

        say(database, some_news("a"))
        until(lambda: "1 of 1 not taken" in relay.trouble)
        until(lambda: counted("ocop_relay_trouble") == 1)

        shelf.refuses.clear()
        until(lambda: relay.trouble == "")
        until(lambda: counted("ocop_relay_trouble") == 0)


def test_what_is_sent_and_what_is_safe_are_counted_apart(database: Database) -> None:
    sent, confirmed = counted("ocop_relay_sent_total"), counted("ocop_relay_confirmed_total")
    relay = a_relay(database, Shelf(fails=[Trouble("gone")]))
    say(database, some_news("a"), some_news("b"))

    with running(relay):
        until(lambda: counted("ocop_relay_confirmed_total") == confirmed + 2)
        leads = counted("ocop_relay_leads")

    assert counted("ocop_relay_sent_total") == sent + 4
    assert (leads, counted("ocop_relay_leads")) == (1, 0)
