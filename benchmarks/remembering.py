"""The most memory that a worker has while it works off a backlog."""

import time
from collections.abc import Iterator, Sequence

from benchmarks.ground import CHUNK, Ground
from benchmarks.hearing import PATIENCE, Stuck
from benchmarks.results import Results
from benchmarks.running import running
from benchmarks.works import Work, named
from chassis.wire.publishing import ConfirmingChannel, message
from chassis.wire.topology import queue_of
from contracts.envelope import Event

SERVICE, LIMIT = "reporting", 120.0


def measure(ground: Ground, backlog: int, results: Results) -> None:
    """MB at the peak, after the whole backlog."""
    ground.empty(SERVICE)
    publish(ground, named(SERVICE), backlog)
    with running(ground, ("worker", SERVICE)) as (worker,):
        until_heard(ground, backlog)
        peak = worker.peak
    results.figure(f"memory.worker.at-{backlog}", "MB", [peak])
    results.at_most(f"memory of a worker at {backlog:,} / {LIMIT:g} MB", [peak], LIMIT)
    ground.empty(SERVICE)


def publish(ground: Ground, work: Work, count: int) -> None:
    """Fill the service's queue, a piece at a time."""
    channel = ConfirmingChannel(ground.broker_url, confirm_timeout=60)
    for some in pieces(work, count):
        channel.publish([("", queue_of(work.service), message(event)) for event in some])
    channel.close()


def pieces(work: Work, count: int, size: int = CHUNK) -> Iterator[Sequence[Event]]:
    """So many events, made when they are asked for."""
    for start in range(0, count, size):
        yield work.events(min(size, count - start), first=start)


def until_heard(ground: Ground, count: int) -> None:
    """Wait until so many are in the inbox. Raises Stuck."""
    with ground.connect(SERVICE) as connection:
        seen, last = 0, time.monotonic()
        while seen < count:
            time.sleep(0.2)
            (now,) = connection.execute("SELECT count(*) FROM inbox").fetchone() or (0,)
            if now > seen:
                seen, last = now, time.monotonic()
            elif time.monotonic() - last > PATIENCE:
                raise Stuck(f"{seen} of {count}, then no progress")
