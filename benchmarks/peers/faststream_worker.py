"""FastStream's RabbitBroker with SQLAlchemy asyncio on asyncpg: `python -m benchmarks.peers.faststream_worker SERVICE`.

Tuned as it ran fastest here (docs/performance.md): no log line per message, the body parsed once by pydantic in the
handler, statements of Core, as many messages in hand as connections, uvloop where it is installed.
"""

import asyncio
import os
import sys
from contextlib import suppress
from typing import Any

from faststream import AckPolicy, FastStream
from faststream.rabbit import Channel, RabbitBroker, RabbitMessage, RabbitQueue
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.peers import statements
from chassis.wire.topology import queue_of

with suppress(ImportError):
    import uvloop  # type: ignore[import-not-found, unused-ignore]  # not everybody has it

    uvloop.install()


async def _whole(message: RabbitMessage) -> RabbitMessage:
    """The message as it is: its handler parses the body."""
    return message


def main(service: str) -> None:
    """Hear the service's queue until SIGTERM."""
    at_once = int(os.environ["BENCH_AT_ONCE"])
    address = os.environ["BENCH_DATABASE_URL"].replace("+psycopg", "+asyncpg")
    engine = create_async_engine(address, pool_size=at_once, max_overflow=0)
    broker = RabbitBroker(
        os.environ["BENCH_BROKER_URL"],
        logger=None,
        apply_types=False,
        default_channel=Channel(prefetch_count=at_once),
    )

    @broker.subscriber(
        RabbitQueue(queue_of(service), declare=False),
        ack_policy=AckPolicy.NACK_ON_ERROR,
        decoder=_whole,
    )
    async def hear(message: Any) -> None:
        async with engine.begin() as connection:
            await statements.hear(service, connection.execute, message.headers, message.body)

    asyncio.run(FastStream(broker, logger=None).run())


if __name__ == "__main__":
    main(sys.argv[1])
