"""The relay against the bare limits: kombu without a database, COPY without a broker, delivery to an empty consumer."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import amqp
from kombu import Connection, Consumer, Queue

from benchmarks.ground import Ground
from benchmarks.works import batches, named
from chassis.database import Database
from chassis.relay import Relay
from chassis.settings import read
from chassis.wire.publishing import BrokerCarrier, message
from chassis.wire.topology import exchange_of, queue_of
from contracts.envelope import Event, source

SAYER, HEARER, TYPE = "promotion", "reporting", "ProductDelisted"
"""Heard by one service: each message goes through the sayer's exchange into one quorum queue."""

SETTINGS = read({})

COLUMNS = ("id", "type", "subject", "sequence", "time", "rulepack", "correlationid", "causationid",
           "body")  # fmt: skip


def some_events(count: int) -> list[Event]:
    """Prepared events as promotion would say them, with bodies of a score's size."""
    said_by = source("38", SAYER)
    scored = named("certification").events(count)
    return [replace(event, source=said_by, type=TYPE) for event in scored]


def copied(ground: Ground, events: Sequence[Event]) -> float:
    """Outbox rows per second by COPY, in one transaction; they stay for the relay."""
    ground.empty(SAYER)
    ground.empty(HEARER)
    rows = [[getattr(event, name) for name in COLUMNS] for event in events]
    with ground.connect(SAYER) as connection, connection.cursor() as cursor:
        began = time.perf_counter()
        with cursor.copy(f"COPY outbox ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        rate = len(rows) / (time.perf_counter() - began)
        connection.execute("ANALYZE outbox")
    return rate


def relayed(ground: Ground, events: Sequence[Event]) -> float:
    """Events per second from a filled outbox to the broker, confirmed and marked as sent, by our relay."""
    database = Database(SAYER, ground.database_of(SAYER))
    carrier = BrokerCarrier(ground.broker_url, confirm_timeout=SETTINGS.confirm_timeout)
    carrier.carry(events[:1])  # connected beforehand, as kombu alone is
    relay = Relay(
        database,
        carrier,
        source=source("38", SAYER),
        batch=SETTINGS.relay_batch,
        poll=SETTINGS.relay_poll,
    )
    began = time.perf_counter()
    sent = relay.empty_once()
    rate = sent / (time.perf_counter() - began)
    carrier.close()
    database.engine.dispose()
    if sent != len(events):
        raise RuntimeError(f"the relay sent {sent} of {len(events)}")
    return rate


def published(ground: Ground, events: Sequence[Event]) -> float:
    """Confirmed messages per second by kombu alone: prepared messages, no database, one wait per batch."""
    prepared = [message(event) for event in events]
    with Connection(ground.broker_url) as connection:
        channel = connection.channel()
        channel.connection.client_properties["capabilities"]["connection.blocked"] = False
        confirmed = _Confirmed(channel)
        began = time.perf_counter()
        for batch in batches(prepared, SETTINGS.relay_batch):
            _publish(channel, batch)
            confirmed.wait(connection, len(batch))
        return len(prepared) / (time.perf_counter() - began)


def _publish(channel: Any, prepared: Sequence[amqp.Message]) -> None:
    for one in prepared:
        channel.basic_publish(one, exchange=exchange_of(SAYER), routing_key=TYPE, mandatory=True)


class _Confirmed:
    """Counts a channel's confirms."""

    def __init__(self, channel: Any) -> None:
        self._upto = self._wanted = 0
        channel.confirm_select()
        channel.events["basic_ack"].add(self._on_ack)

    def wait(self, connection: Connection, more: int) -> None:
        """Until that many more messages are confirmed."""
        self._wanted += more
        while self._upto < self._wanted:
            connection.drain_events(timeout=10)

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._upto = max(self._upto, tag) if multiple else self._upto + 1


def delivered(ground: Ground, events: Sequence[Event]) -> float:
    """Messages per second from the queue to a kombu consumer that does nothing but acknowledge each hundredth."""
    taken = 0

    def on_message(one: Any) -> None:
        nonlocal taken
        taken += 1
        if taken % SETTINGS.group_size == 0 or taken == len(events):
            one.channel.basic_ack(one.delivery_tag, multiple=True)

    with Connection(ground.broker_url) as connection:
        consumer = Consumer(connection.channel(), queues=[Queue(queue_of(HEARER), no_declare=True)],
                            on_message=on_message, accept=None)  # fmt: skip
        consumer.qos(prefetch_count=SETTINGS.group_size * 2)
        began = time.perf_counter()
        with consumer:
            while taken < len(events):
                connection.drain_events(timeout=10)
            return taken / (time.perf_counter() - began)


def purge(ground: Ground) -> None:
    """Between two contenders that publish: an empty queue again."""
    with Connection(ground.broker_url) as connection:
        connection.default_channel.queue_purge(queue_of(HEARER))
