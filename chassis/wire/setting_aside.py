"""Puts messages that could not be heard onto the retry or the dead-letter queue, each with its reason."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import amqp
import structlog

from chassis.fault_points import reach
from chassis.hearing import Verdict
from chassis.origin import UNKNOWN, Origin
from chassis.relay import Trouble
from chassis.settings import Settings
from chassis.watch import vitals
from chassis.wire.arrivals import (
    ATTEMPT,
    EXCEPTION,
    FRAME,
    REASON,
    Arrival,
    about,
    again,
    attempts,
    back_off,
)
from chassis.wire.publishing import ConfirmingChannel
from chassis.wire.topology import dead_queue_of, retry_queue_of

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Unheard:
    """A message that is to be set aside: RETRY or DEAD, why, and where in our code that arose."""

    message: Arrival
    verdict: Verdict
    reason: str
    origin: Origin = UNKNOWN


class Aside:
    """Where one service's messages are set aside; one group at a time."""

    def __init__(
        self, service: str, settings: Settings, pauses: Callable[[], Iterator[float]]
    ) -> None:
        """`pauses` waits longer after each turn, and ends when the service is asked to leave."""
        self._service = service
        self._settings = settings
        self._pauses = pauses
        self._channel = ConfirmingChannel(
            settings.broker_url, confirm_timeout=settings.confirm_timeout
        )

    def put(self, unheard: list[Unheard]) -> bool:
        """Put messages where they belong, until the broker has confirmed that. False when we leave."""
        if not unheard:
            return True
        reach("worker.before-set-aside")
        for _ in self._pauses():
            try:
                safe = self._channel.publish([self._copy(each) for each in unheard])
            except Trouble as trouble:
                log.warning("cannot set aside", service=self._service, error=str(trouble))
                safe = set()
            unheard = [each for index, each in enumerate(unheard) if index not in safe]
            if not unheard:
                reach("worker.after-set-aside")
                return True
        return False

    def close(self) -> None:
        """Drop the connection."""
        self._channel.close()

    def _copy(self, each: Unheard) -> tuple[str, str, amqp.Message]:
        attempt = attempts(each.message) + 1
        headers = {ATTEMPT: attempt, REASON: each.reason}
        told = {"service": self._service, "reason": each.reason, "attempt": attempt}
        told |= about(each.message)
        if each.verdict is Verdict.RETRY and attempt < self._settings.retry_limit:
            pause = back_off(attempt, self._settings.retry_first)
            log.warning("event will be tried again", pause=round(pause, 1), **told)
            return "", retry_queue_of(self._service), again(each.message, headers, pause)
        vitals.died(self._service, str(each.message.properties.get("type")))
        log.error("event dead-lettered", **told)
        origin = each.origin
        headers |= {EXCEPTION: origin.exception, FRAME: origin.frame} if origin.exception else {}
        return "", dead_queue_of(self._service), again(each.message, headers)
