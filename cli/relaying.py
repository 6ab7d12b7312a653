"""Relays as threads of this process, one per service of a house, each with what collects its dead letters."""

import threading
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Any, Self

from chassis.relay import HUNG_AFTER, Relay
from chassis.watch.health import Health, hung
from cli.house import House


class Relaying:
    """A house whose relays run as long as the `with` block does; then each finishes the batch in hand."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._relays: list[Relay] = []
        self._collectors: list[Any] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._relays = [self.house.relay(service) for service in self.house.services]
        for service, relay in zip(self.house.services, self._relays, strict=True):
            self._start(f"relay {service}", relay.run)
            if collector := self.house.collector(service):
                self._collectors.append(collector)
                self._start(f"collector {service}", collector.run)
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for each in (*self._relays, *self._collectors):
            each.stop()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def reveal(self, health: Health) -> None:
        """Have these relays' loops and troubles seen."""
        for service, relay in zip(self.house.services, self._relays, strict=True):
            health.lives_by(f"relay {service}", partial(_hangs, relay))
            health.needs(f"carrying {service}", partial(_troubled, relay))

    def _start(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)


def _hangs(relay: Relay) -> str:
    return hung(relay.seen_alive, HUNG_AFTER)


def _troubled(relay: Relay) -> str:
    return relay.trouble
