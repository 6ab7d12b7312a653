"""How each fault is done to the ground; what lasts is ended by itself, or by `relent`."""

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from uuid import uuid4

import amqp
from kombu import Connection
from sqlalchemy.exc import DBAPIError

from chaos.ground import Ground
from chaos.plan import Strike
from chassis import dead_letters
from chassis.wire import topology
from cli.house import listening
from contracts.envelope import PREFIX

DELAY = 0.02
"""Seconds that each packet takes while the network is slow."""

AT_ONCE = 16
QUEUE_GONE_FOR = 4.0
ANSWERS_WITHIN = 60.0


class Strikes:
    """Faults under way, beside each other, because a broker takes its time to come back.

    The threads stay: a server that one of them has started ends with it.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.struck: Counter[str] = Counter()
        self.poisoned: Counter[str] = Counter()
        self.troubles: list[str] = []
        self._pool = ThreadPoolExecutor(max_workers=AT_ONCE)
        self._under_way: list[Future[None]] = []
        self._broker = threading.Lock()
        self._database = threading.Lock()

    def strike(self, what: Strike) -> None:
        """Begin."""
        self.struck[what.kind] += 1
        act: Callable[[Strike], None] = getattr(self, "_" + what.kind.replace("-", "_"))
        self._under_way.append(self._pool.submit(self._try, act, what))

    def relent(self) -> None:
        """End every fault: when this returns all servers run, all clocks are right and every queue is there."""
        wait(self._under_way)
        ground = self._ground
        for name, process in ground.keeper.processes.items():
            process.send(signal.SIGCONT)
            if ground.clocks.can_jump:
                ground.clocks.put(name, 0)
        ground.house.close()  # its connections may be older than the database server
        self._declare()

    def _try(self, act: Callable[[Strike], None], what: Strike) -> None:
        try:
            act(what)
        except Exception as error:
            self.troubles.append(f"{what.kind}: {type(error).__name__}: {error}")

    def _kill(self, what: Strike) -> None:
        for name in what.whom:
            self._ground.keeper.processes[name].send(signal.SIGKILL)

    def _pause(self, what: Strike) -> None:
        process = self._ground.keeper.processes[what.whom[0]]
        process.send(signal.SIGSTOP)
        time.sleep(what.amount)
        process.send(signal.SIGCONT)

    def _die_at_points(self, what: Strike) -> None:
        for each in what.whom:
            name, fault = each.split("@")
            self._ground.keeper.arm(name, fault)
            if fault.startswith(("worker.before-set", "worker.after-set", "collector")):
                self._lay_poison(name.split()[1])

    def _kill_broker(self, _what: Strike) -> None:
        with self._broker:
            self._ground.broker.restart()

    def _memory_alarm(self, what: Strike) -> None:
        with self._broker:
            self._ground.broker.give_memory(0.00001)
            time.sleep(what.amount)
            self._ground.broker.give_memory(0.4)

    def _restart_database(self, _what: Strike) -> None:
        with self._database:
            self._ground.postgres.crash()
            self._ground.postgres.start()

    def _cut_broker(self, what: Strike) -> None:
        self._ground.to_broker.order("cut", share=what.amount, seed=what.at)

    def _cut_database(self, what: Strike) -> None:
        self._ground.to_postgres.order("cut", share=what.amount, seed=what.at)

    def _silence_broker(self, what: Strike) -> None:
        self._ground.to_broker.order("fall-silent", share=0.5, seed=what.at, seconds=what.amount)

    def _silence_database(self, what: Strike) -> None:
        self._ground.to_postgres.order("fall-silent", share=0.5, seed=what.at, seconds=what.amount)

    def _slow_network(self, what: Strike) -> None:
        for proxied in (self._ground.to_broker, self._ground.to_postgres):
            proxied.order("be-slow", delay=DELAY, seconds=what.amount)

    def _lose_commits(self, what: Strike) -> None:
        self._ground.to_postgres.order("lose-commits", count=int(what.amount))

    def _jump_clocks(self, what: Strike) -> None:
        if not self._ground.clocks.can_jump:
            raise RuntimeError("there is no C compiler to make clocks with")
        for name in what.whom:
            self._ground.clocks.put(name, int(what.amount))

    def _delete_dead_letter_queue(self, what: Strike) -> None:
        """Only an empty one: whoever deletes a queue with what lies in it has thrown that away by hand."""
        service = what.whom[0]
        with self._broker, Connection(self._ground.broker.url) as connection:
            self._until_collected(service)
            connection.default_channel.queue_delete(topology.dead_queue_of(service))
        self._lay_poison(service)
        time.sleep(QUEUE_GONE_FOR)
        with self._broker:
            self._declare()

    def _until_collected(self, service: str) -> None:
        """Wait until all that was poisoned lies in the service's table."""
        until = time.monotonic() + ANSWERS_WITHIN
        while self._collected(service) < self.poisoned[service]:
            if time.monotonic() > until:
                raise TimeoutError("dead letters were not collected")
            time.sleep(0.5)

    def _collected(self, service: str) -> int:
        try:
            with self._ground.house.database(service).reading() as session:
                return dead_letters.count(session)
        except DBAPIError:
            return -1  # the database is away; -1 is fewer than anything

    def _poison(self, what: Strike) -> None:
        self._lay_poison(what.whom[0])

    def _lay_poison(self, service: str) -> None:
        """A message that nobody can hear: its event is of a type that there is not. It must end as one dead letter."""
        id_ = str(uuid4())
        values = {"specversion": "1.0", "id": id_, "source": "/vn/38/stranger", "sequence": "1",
                  "type": "NobodyKnows", "subject": id_, "time": "2026-07-01T09:30:00+00:00"}  # fmt: skip
        message = amqp.Message(
            b"{}",
            application_headers={PREFIX + name: value for name, value in values.items()},
            delivery_mode=2,
            content_type="application/json",
        )
        confirmed = {"confirm_publish": True}
        with (
            self._broker,
            Connection(self._ground.broker.url, transport_options=confirmed) as connection,
        ):
            connection.default_channel.basic_publish(message, "", topology.queue_of(service))
        self.poisoned[service] += 1

    def _declare(self) -> None:
        until = time.monotonic() + ANSWERS_WITHIN
        while True:
            try:
                topology.declare(topology.topology(listening()), self._ground.broker.url)
            except topology.BrokerAway:
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)
            else:
                return
