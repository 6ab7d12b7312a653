"""Puts messages that could not be heard onto the retry or the dead-letter queue, each with its reason."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

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

DEFAULT = ""
"""AMQP's exchange that knows each queue by its name."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """A message that is to be set aside: RETRY or DEAD, why, and where in our code that arose."""

    message: Arrival
    verdict: Verdict
    reason: str
    origin: Origin = UNKNOWN


@dataclass(frozen=True, slots=True)
class Copy:
    """What is laid on a queue in place of a message; `pause` in seconds where it will be tried again."""

    of: Unheard
    attempt: int
    queue: str
    copy: amqp.Message
    pause: float | None = None


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
        left = [self._copy(each) for each in unheard]
        for _ in self._pauses():
            left = self._publish(left)
            if not left:
                reach("worker.after-set-aside")
                return True
        return False

    def close(self) -> None:
        """Drop the connection."""
        self._channel.close()

    def _publish(self, copies: list[Copy]) -> list[Copy]:
        """Those that the broker did not take; of those that it took it is told what becomes of them."""
        try:
            safe = self._channel.publish([(DEFAULT, each.queue, each.copy) for each in copies])
            error = "the queue is missing, or takes no more"
        except Trouble as trouble:
            safe, error = set(), str(trouble)
        for index in sorted(safe):
            self._tell(copies[index])
        left = [each for index, each in enumerate(copies) if index not in safe]
        if left:
            log.warning("cannot set aside", service=self._service, messages=len(left), error=error)
        return left

    def _copy(self, each: Unheard) -> Copy:
        attempt = attempts(each.message) + 1
        headers: dict[str, Any] = {ATTEMPT: attempt, REASON: each.reason}
        if each.verdict is Verdict.RETRY and attempt < self._settings.retry_limit:
            pause = back_off(attempt, self._settings.retry_first)
            copy = again(each.message, headers, pause)
            return Copy(each, attempt, retry_queue_of(self._service), copy, pause)
        origin = each.origin
        headers |= {EXCEPTION: origin.exception, FRAME: origin.frame} if origin.exception else {}
        return Copy(each, attempt, dead_queue_of(self._service), again(each.message, headers))

    def _tell(self, copy: Copy) -> None:
        message = copy.of.message
        told = {"service": self._service, "reason": copy.of.reason, "attempt": copy.attempt}
        told |= about(message)
        if copy.pause is not None:
            log.warning("event will be tried again", pause=round(copy.pause, 1), **told)
            return
        vitals.died(self._service, str(message.properties.get("type")))
        log.error("event dead-lettered", **told)
