"""Named places where a process can be told to die, so that a rig can show that nothing is lost or doubled there."""

import os
import signal
from collections.abc import Callable

POINTS = (
    "outbox.before-insert",
    "outbox.after-insert",
    "inbox.before-insert",
    "inbox.after-insert",
    "transaction.before-commit",
    "transaction.after-commit",
    "relay.before-publish",
    "relay.after-publish",
    "relay.before-confirm",
    "relay.after-confirm",
    "relay.before-mark-sent",
    "relay.after-mark-sent",
    "worker.before-acknowledge",
    "worker.after-acknowledge",
    "worker.before-set-aside",
    "worker.after-set-aside",
    "collector.before-insert",
    "collector.after-insert",
    "collector.after-acknowledge",
)
"""Every point there is; each is passed once per transaction, batch or group, never once per event."""

_passing: Callable[[str], None] | None = None


class NoSuchPoint(ValueError):
    """A fault is not written POINT:COUNT with a point that there is."""


def reach(point: str) -> None:
    """The process is at this point now. Costs nothing unless somebody watches."""
    if _passing is not None:
        _passing(point)


def watch(passing: Callable[[str], None] | None) -> None:
    """From now on be told of every point that this process passes; None to be told no more."""
    global _passing
    _passing = passing


def arm(fault: str) -> None:
    """Die at a point when it is passed for the n-th time, by `POINT:COUNT`; the empty text arms nothing."""
    if fault:
        watch(_Fuse(*parsed(fault)).burn)


def parsed(fault: str) -> tuple[str, int]:
    """The point and the count that a fault names. Raises NoSuchPoint."""
    point, _, count = fault.partition(":")
    if point not in POINTS or not count.isdecimal() or int(count) < 1:
        raise NoSuchPoint(
            f"must be POINT:COUNT, count 1 or more, point one of {', '.join(POINTS)}"
        )
    return point, int(count)


class _Fuse:
    """Counts one point down and ends the process there, with no time to tidy up."""

    def __init__(self, point: str, count: int) -> None:
        self._point = point
        self._left = count

    def burn(self, point: str) -> None:
        if point != self._point:
            return
        self._left -= 1
        if self._left == 0:
            os.write(2, f"died at fault point {point}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)
