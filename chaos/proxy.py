"""A TCP proxy that can cut, fall silent, be slow, and lose a COMMIT's answer: `python -m chaos.proxy PORT HOST PORT`.

A process of its own, so that nobody's work slows it down; orders come as lines of JSON on its standard input.
"""

import asyncio
import json
import random
import sys
from collections.abc import Mapping
from typing import Any, cast

import uvloop

COMMITTED = b"C\x00\x00\x00\x0bCOMMIT\x00"
"""PostgreSQL's message CommandComplete (type, length, tag) in answer to a COMMIT."""


class Network:
    """What is wrong with the network now, and the connections that go through it."""

    def __init__(self) -> None:
        self.links: set[Link] = set()
        self.delay = 0.0
        self.commits_to_lose = 0
        self.done = 0

    def obey(self, order: Mapping[str, Any]) -> None:
        """`{"do": what, "share": 0…1, "seconds": …, "count": …}`; `share` of the connections is struck, by chance."""
        chance = random.Random(order.get("seed"))  # noqa: S311  a schedule, not a secret
        struck = [link for link in self.links if chance.random() < order.get("share", 1)]
        loop = asyncio.get_running_loop()
        match order["do"]:
            case "cut":
                for link in struck:
                    link.cut()
            case "fall-silent":
                for link in struck:
                    link.silent = True
                    loop.call_later(order["seconds"], link.cut)
            case "be-slow":
                self.delay = order["delay"]
                loop.call_later(order["seconds"], self._be_quick)
            case "lose-commits":
                self.commits_to_lose = order["count"]

    def loses(self, data: bytes) -> bool:
        """Whether this is a COMMIT's answer that is to be lost."""
        if not self.commits_to_lose or COMMITTED not in data:
            return False
        self.commits_to_lose -= 1
        return True

    def _be_quick(self) -> None:
        self.delay = 0.0


class Link:
    """One connection: two sockets, and what lies between them."""

    def __init__(self, network: Network, upstream: tuple[str, int]) -> None:
        self.near = Side(self)
        self.far = Side(self)
        self.silent = False
        self._network = network
        self._upstream = upstream
        self._early: list[bytes] = []

    async def open(self) -> None:
        """Reach the server behind."""
        self._network.links.add(self)
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: self.far, *self._upstream)
        except OSError:
            self.cut()
            return
        for data in self._early:
            self.far.send(data)

    def carry(self, data: bytes, side: "Side") -> None:
        """Pass on what arrived, or not."""
        if self.silent:
            return
        if side is self.far and self._network.loses(data):
            self.cut()
        elif side is self.near and self.far.transport is None:
            self._early.append(data)
        elif self._network.delay:
            other = self._other(side)
            asyncio.get_running_loop().call_later(self._network.delay, other.send, data)
        else:
            self._other(side).send(data)

    def ended(self, side: "Side") -> None:
        """One side is gone; a silent network tells the other nothing of it."""
        if not self.silent:
            self._other(side).finish()
        self._network.links.discard(self)

    def cut(self) -> None:
        """Both sides see a reset."""
        self._network.links.discard(self)
        for side in (self.near, self.far):
            side.abort()

    def _other(self, side: "Side") -> "Side":
        return self.far if side is self.near else self.near


class Side(asyncio.Protocol):
    """One socket of a connection."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """See asyncio."""
        self._link.carry(data, self)

    def connection_lost(self, _error: Exception | None) -> None:
        """See asyncio."""
        self._link.ended(self)

    def send(self, data: bytes) -> None:
        """Out of this socket."""
        if self.transport is not None:
            self.transport.write(data)

    def finish(self) -> None:
        """Close once all is sent."""
        if self.transport is not None:
            self.transport.close()

    def abort(self) -> None:
        """Close at once."""
        if self.transport is not None:
            self.transport.abort()


async def run(port: int, upstream: tuple[str, int]) -> None:
    """Carry connections until the standard input ends."""
    network, loop = Network(), asyncio.get_running_loop()
    opening: set[asyncio.Task[None]] = set()

    def accept() -> Side:
        link = Link(network, upstream)
        task = loop.create_task(link.open())
        opening.add(task)
        task.add_done_callback(opening.discard)
        return link.near

    await loop.create_server(accept, "127.0.0.1", port, backlog=256)
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while line := await orders.readline():
        network.obey(json.loads(line))


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run(int(sys.argv[1]), (sys.argv[2], int(sys.argv[3]))))
