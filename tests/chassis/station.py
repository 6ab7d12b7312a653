"""The tiny service's whole station for wire tests: a vhost, a database, workers and relays that a test may kill."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import amqp
from kombu import Connection

from chassis.database import Database
from chassis.wire.publishing import BrokerCarrier
from chassis.wire.topology import (
    Topology,
    dead_queue_of,
    declare,
    queue_of,
    retry_queue_of,
    topology,
)
from contracts.envelope import Event
from tests import servers
from tests.chassis.conftest import make_tables
from tests.chassis.tally import had_effect

DELIVERY_LIMIT = 4
"""Lower than in earnest, where the broker is more patient."""

START = 60.0
"""Seconds that a process gets to be ready, on a machine that others use too."""

RETRIES = {"OCOP_RETRY_FIRST": "0.1", "OCOP_RETRY_LIMIT": "3", "OCOP_CONFIRM_TIMEOUT": "5"}


class Station:
    """Topology declared, tables made, no process yet. `settings` are added to those of every process."""

    def __init__(
        self, broker_url: str, databases: servers.Databases, folder: Path, **settings: str
    ) -> None:
        self.broker_url = broker_url
        self.database = Database("tally", databases.of("tally"))
        self._template = databases.template
        self._settings = settings
        self._log = folder / "station.log"
        self._processes: list[subprocess.Popen[bytes]] = []
        declare(an_impatient_topology(), broker_url)
        make_tables(self.database)

    def start_worker(self, **settings: str) -> subprocess.Popen[bytes]:
        """One more worker process, listening."""
        words = ("chassis.wire.runner", "tests.chassis.tally_service:TallyService")
        return self._start("listening", *words, **settings)

    def start_relay(self, **settings: str) -> subprocess.Popen[bytes]:
        """One more relay process: it leads, or waits to take over."""
        return self._start("relaying", "tests.chassis.tally_relay", **settings)

    def _start(self, ready: str, *module: str, **settings: str) -> subprocess.Popen[bytes]:
        seen = self.said(ready)
        process = subprocess.Popen(
            [sys.executable, "-m", *module],
            env=self._environment() | settings, stdout=self._log.open("ab"),
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        self._processes.append(process)
        self.until(lambda: self.said(ready) > seen, START)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """SIGKILL, in the midst of whatever it does."""
        process.kill()
        process.wait()

    def stop(self) -> None:
        """End the processes and let go of the database."""
        for process in self._processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.send_signal(signal.SIGTERM)
        for process in self._processes:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill(process)
        self.database.engine.dispose()

    def carry(self, *events: Event) -> None:
        """Publish as a relay does."""
        carrier = BrokerCarrier(self.broker_url, confirm_timeout=5)
        assert carrier.carry(events) == set(range(len(events)))
        carrier.close()

    def put(self, message: amqp.Message, queue: str = queue_of("tally")) -> None:
        """Lay any message on a queue, as a stranger may."""
        with Connection(self.broker_url) as connection:
            connection.default_channel.basic_publish(message, exchange="", routing_key=queue)

    def dead_letter(self, seconds: float = 60) -> amqp.Message:
        """The next dead letter, taken off its queue."""
        end = time.monotonic() + seconds
        with Connection(self.broker_url) as connection:
            channel = connection.default_channel
            channel.auto_decode = False
            while (letter := channel.basic_get(dead_queue_of("tally"), no_ack=True)) is None:
                assert time.monotonic() < end, f"no dead letter came: {self.log()[-3000:]}"
                time.sleep(0.05)
        return letter

    def purge(self, queue: str) -> None:
        """Empty a queue."""
        with Connection(self.broker_url) as connection:
            connection.default_channel.queue_purge(queue)

    def waiting(self) -> dict[str, int]:
        """Messages ready per queue."""
        counts = {}
        with Connection(self.broker_url) as connection:
            for queue in (queue_of("tally"), retry_queue_of("tally"), dead_queue_of("tally")):
                answer = connection.default_channel.queue_declare(queue, passive=True)
                counts[queue] = answer.message_count
        return counts

    def until_heard(self, subject: str, numbers: list[int], seconds: float = 60) -> None:
        """Wait until exactly these had their effect, in this order."""
        self.until(lambda: had_effect(self.database, subject) == numbers, seconds)

    def until(self, holds: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until something holds."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"it never held: {self.log()[-3000:]}"
            time.sleep(0.05)

    def log(self) -> str:
        """What the processes said."""
        return self._log.read_text() if self._log.exists() else ""

    def said(self, event: str) -> int:
        """How often the processes said just this."""
        return self.log().count(f'"{event}"')

    def _environment(self) -> dict[str, str]:
        bare = {name: value for name, value in os.environ.items() if not name.startswith("OCOP_")}
        return bare | RETRIES | {
            "OCOP_BROKER_URL": self.broker_url,
            "OCOP_DATABASE_URL": self._template,
        } | self._settings  # fmt: skip


def an_impatient_topology() -> Topology:
    """What is declared for the tiny service."""
    made = topology({"tally": ("registration",)})
    queues = [
        replace(queue, arguments={**queue.arguments, "x-delivery-limit": DELIVERY_LIMIT})
        if queue.name == queue_of("tally")
        else queue
        for queue in made.queues
    ]
    return replace(made, queues=tuple(queues))


@contextmanager
def a_station(
    broker: servers.BrokerServer, postgres: servers.PostgresServer, folder: Path, **settings: str
) -> Iterator[Station]:
    """A station on a vhost and a database of its own."""
    with broker.vhost() as vhost, postgres.databases(["tally"]) as databases:
        station = Station(vhost.url, databases, folder, **settings)
        try:
            yield station
        finally:
            station.stop()


def a_message(body: bytes = b"{}", headers: Mapping[str, Any] | None = None, **more: Any) -> Any:
    """A message as anybody may send it."""
    return amqp.Message(body, application_headers=dict(headers or {}), delivery_mode=2, **more)


def told(**what: Any) -> str:
    """An event's body that tells the tiny service how to take it."""
    return json.dumps(what)


class Raw(str):
    """A text whose bytes are not UTF-8, as a client in another language may send it."""

    __slots__ = ("_bytes",)

    def __new__(cls, content: bytes) -> "Raw":
        made = super().__new__(cls, "raw")
        made._bytes = content  # type: ignore[misc]  # set once
        return made

    def encode(self, *_: Any, **__: Any) -> bytes:
        """Those bytes."""
        return self._bytes
