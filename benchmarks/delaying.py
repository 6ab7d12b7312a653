"""How long an act takes until its effect is seen elsewhere, beside the bare commits and confirms of the same way."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from uuid import UUID

from kombu import Connection, Queue
from sqlalchemy import MetaData, insert

from benchmarks import stepping
from benchmarks.carrying import COLUMNS
from benchmarks.ground import Ground
from benchmarks.hearing import PATIENCE, Stuck
from benchmarks.pairing import take_turns
from benchmarks.results import Results
from benchmarks.running import running
from benchmarks.works import Work, named
from chassis.database import Database
from chassis.inbox import inbox
from chassis.outbox import outbox
from chassis.wire.publishing import ConfirmingChannel, message
from contracts.envelope import Event, source

SAYER, HEARER, BARE = "certification", "reporting", "bench.bare"
BARELY, TAIL, LOAD = 1.5, 10.0, 0.5
"""Targets: the median over the bare sum, the 99th part over the median; and the load, as a part of the capacity."""

LOOK_EVERY = 0.0005
"""Seconds between two looks whether an effect is there."""

RECOVERED = 0.05
"""Seconds after which a way has come to its very end, mark and acknowledgement too."""

BARE_OUTBOX = outbox.to_metadata(MetaData(), name="bare_outbox")
BARE_INBOX = inbox.to_metadata(MetaData(), name="bare_inbox")
"""Like ours, but nobody is told of what is put there."""

WORK = replace(named("reporting"), type="ReferredNational")


class Way:
    """Two databases and a broker, and what goes from the one to the other."""

    def __init__(self, ground: Ground) -> None:
        self.said = Database(SAYER, ground.database_of(SAYER))
        self.heard = Database(HEARER, ground.database_of(HEARER))
        self.channel = ConfirmingChannel(ground.broker_url, confirm_timeout=30)
        self._seeing = ground.connect(HEARER)
        self._number, self._counting = 0, threading.Lock()

    def some(self, count: int) -> list[Event]:
        """Events that nobody has heard yet."""
        with self._counting:
            first, self._number = self._number, self._number + count
        events = Work.events(WORK, count, first=first)
        at = datetime.now(UTC)
        return [replace(each, source=source("38", SAYER), time=at) for each in events]

    def say(self, events: list[Event]) -> None:
        """Commit them into the outbox."""
        rows = [{name: getattr(event, name) for name in COLUMNS} for event in events]
        with self.said.engine.begin() as connection:
            connection.execute(insert(outbox), rows)

    def wait(self, id_: UUID) -> None:
        """Until the event has had its effect. Raises Stuck."""
        until = time.perf_counter() + PATIENCE
        while not self._seeing.execute("SELECT FROM inbox WHERE id = %s", [id_]).rowcount:
            if time.perf_counter() > until:
                raise Stuck(f"{id_} was not heard")
            time.sleep(LOOK_EVERY)

    def ours(self) -> float:
        """Milliseconds from the act's commit begun to the effect seen."""
        (event,) = self.some(1)
        began = time.perf_counter()
        self.say([event])
        self.wait(event.id)
        return (time.perf_counter() - began) * 1e3

    def bare(self) -> float:
        """Milliseconds of the same way's two commits and one confirm, one after the other."""
        (event,) = self.some(1)
        row = {name: getattr(event, name) for name in COLUMNS}
        names = ("id", "source", "type", "subject", "sequence")
        seen = {name: getattr(event, name) for name in names} | {"heard_at": event.time}
        began = time.perf_counter()
        with self.said.engine.begin() as connection:
            connection.execute(insert(BARE_OUTBOX), [row])
        self.channel.publish([("", BARE, message(event))])
        with self.heard.engine.begin() as connection:
            connection.execute(insert(BARE_INBOX), [seen])
        return (time.perf_counter() - began) * 1e3

    def close(self) -> None:
        """Let go of connections."""
        self.channel.close()
        self._seeing.close()
        self.said.engine.dispose()
        self.heard.engine.dispose()


def measure(ground: Ground, probes: int, results: Results) -> None:
    """The way alone, beside the bare sum; then under half of what it can carry."""
    for service in (SAYER, HEARER):
        ground.empty(service)
    declare_bare(ground)
    way = Way(ground)
    with running(ground, ("relay", SAYER), ("worker", HEARER)):
        turns = take_turns({"ours": way.ours, "bare": way.bare}, probes)
        results.figure("latency.alone", "ms", turns["ours"])
        results.figure("latency.bare-commits-and-confirms", "ms", turns["bare"])
        alone = median(turns["ours"])
        results.at_most("latency alone, median / bare commits and confirms", [alone],
                        median(turns["bare"]), target=BARELY)  # fmt: skip
        capacity = _capacity(way, probes * 20)
        results.figure("latency.capacity", "events/s", [capacity])
        with _loaded(way, capacity * LOAD):
            loaded = [way.ours() for _ in range(probes)]
        results.figure("latency.under-half-load", "ms", loaded)
        late = quantiles(loaded, n=100)[98]
        results.at_most("latency under half load, 99th part / median", [late], median(loaded),
                        target=TAIL)  # fmt: skip
    _step_by_step(ground, way, probes, results)
    way.close()


def _step_by_step(ground: Ground, way: Way, probes: int, results: Results) -> None:
    """Milliseconds from the act's commit begun until each step of the way, the relay and the worker noting them."""
    with TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("relay", "worker")]
        commands = [(str(files[0]), "relay", SAYER), (str(files[1]), "worker", HEARER)]
        moments: list[tuple[float, float]] = []
        with running(ground, *commands, module="benchmarks.stepping"):
            for _ in range(probes):
                began = time.time()
                way.ours()
                time.sleep(RECOVERED)  # what follows the effect belongs to the way as well
                moments.append((began, time.time()))
        passings = stepping.read(files)
    found = [stepping.first(passings, *each) for each in moments]
    for name, step in stepping.STEPS.items():
        times = [each[step] * 1e3 for each in found if step in each]
        results.figure(f"latency.until.{name.replace(' ', '-')}", "ms", times)


def declare_bare(ground: Ground) -> None:
    """A queue and empty tables for the bare contender."""
    for service, name in ((SAYER, "outbox"), (HEARER, "inbox")):
        with ground.connect(service) as connection:
            connection.execute(f"DROP TABLE IF EXISTS bare_{name}")
            connection.execute(f"CREATE TABLE bare_{name} (LIKE {name} INCLUDING ALL)")
    with Connection(ground.broker_url) as connection:
        arguments = {"x-queue-type": "quorum"}
        Queue(BARE, queue_arguments=arguments, channel=connection.default_channel).declare()


def _capacity(way: Way, count: int) -> float:
    """Events per second from a filled outbox to the last effect."""
    events = way.some(count)
    way.say(events)
    began = time.perf_counter()
    way.wait(events[-1].id)
    return count / (time.perf_counter() - began)


@contextmanager
def _loaded(way: Way, rate: float) -> Iterator[None]:
    """So many events a second are said besides, every 20 ms, for as long as the block runs."""
    stop = threading.Event()
    thread = threading.Thread(target=partial(_say_on, way, rate, stop.wait), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _say_on(way: Way, rate: float, wait: Callable[[float], bool]) -> None:
    began, said = time.perf_counter(), 0
    while not wait(0.02):
        due = int((time.perf_counter() - began) * rate) - said
        if due > 0:
            way.say(way.some(due))
            said += due
