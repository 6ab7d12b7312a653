"""All of an instance in one process: its relays hand events straight to the hearers, in threads."""

import threading
from types import TracebackType
from typing import Self

import structlog

from chassis.hearing import RELEASE_EVERY, DatabaseAway
from cli.house import House
from cli.relaying import Relaying
from cli.settling import NotSettled, settle

__all__ = ["Embedded", "NotSettled", "settle"]

log = structlog.get_logger()


class Embedded(Relaying):
    """A house whose events are carried and heard as long as the `with` block lasts."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        super().__enter__()
        self._start("release", self._release)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        super().__exit__(kind, error, trace)

    def settle(self, timeout: float = 30) -> None:
        """Wait until every event that was said has been heard, and nothing is parked.

        Raises NotSettled, saying what is still on its way.
        """
        settle(self.house, timeout)

    def _release(self) -> None:
        """Try again, now and then, what was parked and could not be heard when its turn came."""
        hearers = [self.house.hearer(service) for service in self.house.services]
        while not self._ended.wait(RELEASE_EVERY):
            for hearer in hearers:
                try:
                    hearer.release()
                except DatabaseAway as error:
                    log.warning("database away", service=hearer.service, error=str(error))
