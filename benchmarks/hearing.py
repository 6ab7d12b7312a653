"""One run of one contender: its queue is filled, then it starts, and its effects are counted until all are there."""

import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.ground import CHUNK, Ground, environment_of
from benchmarks.works import Work, batches
from chassis.database import Database
from chassis.wire.publishing import ConfirmingChannel, message
from chassis.wire.topology import queue_of

LOOK_EVERY = 0.02
"""Seconds between two looks at the inbox; a look costs the server well under a millisecond."""

PATIENCE = 30.0
"""Seconds without progress after which a contender counts as stuck."""


class Stuck(Exception):
    """A contender made no progress, or died; the text is the end of what it wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A worker process: the module that runs it, and what it is told."""

    name: str
    command: tuple[str, ...]
    settings: Mapping[str, str] = field(default_factory=dict)


OURS = Contender(name="ours", command=("-m", "cli.main", "worker", "{service}"))
FASTSTREAM = Contender(
    name="faststream",
    command=("-m", "benchmarks.peers.faststream_worker", "{service}"),
    settings={"BENCH_AT_ONCE": "20"},
)
NAMEKO = Contender(
    name="nameko",
    command=("-m", "benchmarks.peers.nameko_worker", "{service}"),
    settings={"BENCH_AT_ONCE": "10"},
)


@dataclass(frozen=True, slots=True)
class Run:
    """Events per second of one worker process, and the microseconds of processor that it spent on each."""

    rate: float
    effort: float


def measure(ground: Ground, work: Work, contender: Contender, count: int) -> Run:
    """One run, measured from the first effect seen to the last. Raises Stuck."""
    _fill(ground, work, count)
    with tempfile.TemporaryFile("w+") as written:
        process = _start(ground, work, contender, written.fileno())
        try:
            return _observed(ground, work, count, process)
        except Stuck as stuck:
            written.seek(0)
            raise Stuck(
                f"{contender.name}, {work.service}: {stuck}\n{written.read()[-2000:]}"
            ) from None
        finally:
            _end(process)


def _fill(ground: Ground, work: Work, count: int) -> None:
    ground.empty(work.service)
    events = work.events(count)
    database = Database(work.service, ground.database_of(work.service))
    for some in batches(events, CHUNK):
        with database.transaction() as session:
            work.before(session, some)
    database.engine.dispose()
    channel = ConfirmingChannel(ground.broker_url, confirm_timeout=30)
    for some in batches(events, CHUNK):
        channel.publish([("", queue_of(work.service), message(event)) for event in some])
    channel.close()
    with ground.connect(work.service) as connection:
        connection.execute("ANALYZE")


def _start(
    ground: Ground, work: Work, contender: Contender, output: int
) -> subprocess.Popen[bytes]:
    environment = environment_of(ground) | dict(contender.settings)
    environment |= {
        "BENCH_BROKER_URL": ground.broker_url,
        "BENCH_DATABASE_URL": ground.database_of(work.service),
    }
    if contender.name != OURS.name:
        environment = {k: v for k, v in environment.items() if not k.startswith("OCOP_")}
    command = [word.replace("{service}", work.service) for word in contender.command]
    return subprocess.Popen(
        [sys.executable, *command], env=environment, stdout=output, stderr=output
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """How many effects there are, when, and how many seconds of processor the worker has spent."""

    seen: int
    at: float
    spent: float


def _observed(ground: Ground, work: Work, count: int, process: subprocess.Popen[bytes]) -> Run:
    with ground.connect(work.service) as connection:
        last = _look(connection, process)
        first = last
        while last.seen < count:
            time.sleep(LOOK_EVERY)
            look = _look(connection, process)
            if look.seen > last.seen:
                first, last = (first if last.seen else look), look
            elif process.poll() is not None or look.at - last.at > PATIENCE:
                raise Stuck(f"{last.seen} of {count}, then no progress")
    effects = last.seen - first.seen
    return Run(effects / (last.at - first.at), (last.spent - first.spent) / effects * 1e6)


def _look(connection: psycopg.Connection[Any], process: subprocess.Popen[bytes]) -> _Look:
    (seen,) = connection.execute("SELECT count(*) FROM inbox").fetchone() or (0,)
    return _Look(seen, time.perf_counter(), spent(process.pid))


def spent(pid: int) -> float:
    """Seconds of processor, user and system; not a number where there is no /proc."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return math.nan
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
