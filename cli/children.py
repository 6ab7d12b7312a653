"""Child processes that are kept alive: started again when they die, told to end when we are, and never orphaned."""

import ctypes
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence

import structlog

from chassis.settings import environment

log = structlog.get_logger()

LOOK_EVERY = 0.2
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 15.0
STEADY_AFTER = 30.0
"""Seconds after which a child counts as healthy again."""
GRACE = 30.0
"""Seconds that children have to end by themselves."""
REFUSED = 2
"""The exit status of a child whose settings are refused: starting it again would not help."""
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class Child:
    """One `ocop` command that runs until it is told to end."""

    def __init__(self, *arguments: str, told: Mapping[str, str] | None = None) -> None:
        """`told` are settings of its own."""
        self.arguments = arguments
        self._told = dict(told or {})
        self.name = " ".join(arguments)
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._pause = FIRST_PAUSE
        self._start_at = 0.0

    def look(self) -> int | None:
        """Start it when it is due; the exit status with which it ended since the last look."""
        if self._process is None:
            if time.monotonic() >= self._start_at:
                self._start()
            return None
        status = self._process.poll()
        if status is not None:
            self._process = None
            self._wait_before_start()
        return status

    def tell_to_end(self) -> None:
        """SIGTERM."""
        if self._process is not None:
            self._process.terminate()

    def ended(self, within: float) -> bool:
        """Whether it has ended, waiting so long; then it is killed."""
        if self._process is None:
            return True
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return False
        return True

    def _start(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603  our own command
            [sys.executable, "-m", "cli.main", *self.arguments],
            env=environment(self._told),
            preexec_fn=_end_with_parent,
        )
        self._started = time.monotonic()
        log.info("started", child=self.name, pid=self._process.pid)

    def _wait_before_start(self) -> None:
        if time.monotonic() - self._started > STEADY_AFTER:
            self._pause = FIRST_PAUSE
        self._start_at = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)


def keep(children: Sequence[Child], stop: threading.Event) -> int:
    """Keep them alive until `stop`, then end them all; our own exit status.

    A child that refuses its settings ends everything: they are the same for all.
    """
    refused = False
    while not refused and not stop.wait(LOOK_EVERY):
        for child in children:
            status = child.look()
            if status is not None:
                log.warning("ended, will be started again", child=child.name, status=status)
                refused = refused or status == REFUSED
    status = _end(children)
    return REFUSED if refused else status


def _end(children: Sequence[Child]) -> int:
    for child in children:
        child.tell_to_end()
    until = time.monotonic() + GRACE
    late = [child.name for child in children if not child.ended(max(0, until - time.monotonic()))]
    if late:
        log.warning("killed after the grace", children=late)
    log.info("stopped")
    return 1 if late else 0


def _end_with_parent() -> None:
    """Between fork and exec: have the system send SIGTERM when the parent dies, also by SIGKILL."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
