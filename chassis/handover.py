"""Carries events straight to the hearers of the same process: an embedded instance has no broker."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence

import structlog

from chassis import dead_letters
from chassis.clock import now
from chassis.database import Database
from chassis.hearing import DatabaseAway, Heard, Hearer, Verdict
from chassis.relay import Trouble
from chassis.tracing import about
from chassis.watch import vitals
from contracts.envelope import Event

log = structlog.get_logger()


class Handover:
    """Hands each event to every service that listens to its sayer; done when each has committed its effect."""

    def __init__(
        self,
        hearers: Sequence[tuple[Hearer, Database]],
        *,
        retry_limit: int,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._hearers = hearers
        self._retry_limit = retry_limit
        self._attempts: dict[tuple[str, str], int] = defaultdict(int)
        self._wake = wake

    def carry(self, events: Sequence[Event]) -> set[int]:
        """Deliver to all hearers; the indexes of the events that every hearer is done with."""
        safe = set(range(len(events)))
        for hearer, database in self._hearers:
            mine = [i for i, event in enumerate(events) if event.sayer in hearer.sayers]
            if not mine:
                continue
            began = time.monotonic()
            try:
                heard = hearer.hear([events[i] for i in mine])
            except DatabaseAway as error:
                raise Trouble(f"{hearer.service}: {error}") from error
            verdicts = ((item.event.type, item.verdict) for item in heard)
            vitals.heard(hearer.service, verdicts, time.monotonic() - began)
            done = [self._settled(item, hearer.service, database) for item in heard]
            safe -= {i for i, settled in zip(mine, done, strict=True) if not settled}
        self._wake()
        return safe

    def close(self) -> None:
        """Nothing to let go of."""

    def _settled(self, heard: Heard, service: str, database: Database) -> bool:
        """Whether nothing is left to do for this hearer; what keeps failing is buried with its reason."""
        if heard.verdict not in (Verdict.RETRY, Verdict.DEAD):
            return True
        key = (service, str(heard.event.id))
        self._attempts[key] += 1
        if heard.verdict is Verdict.RETRY and self._attempts[key] < self._retry_limit:
            log.warning("event will be tried again", service=service, reason=heard.reason,
                        **about(heard.event))  # fmt: skip
            return False
        with database.transaction() as session:
            dead_letters.bury(session, heard.event, heard.reason, now(), origin=heard.origin,
                              attempts=self._attempts[key])  # fmt: skip
        log.error(
            "event dead-lettered", service=service, reason=heard.reason, **about(heard.event)
        )
        vitals.died(service, heard.event.type)
        del self._attempts[key]
        return True
