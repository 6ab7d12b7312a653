"""What a process lives by, and what keeps it from working: questions whose answer is a reason, or nothing."""

import time
from collections.abc import Callable

from prometheus_client.core import GaugeMetricFamily

from chassis.watch.real import real

Question = Callable[[], str]
"""The reason why something is not as it should be; empty where all is well. Answers within seconds."""

HUNG_AFTER = 30.0
"""Seconds without a turn after which a loop counts as hung."""


class Pulse:
    """Beaten by a loop each time it turns."""

    def __init__(self, hung_after: float = HUNG_AFTER) -> None:
        self._hung_after = hung_after
        self._at = time.monotonic()

    def beat(self) -> None:
        """The loop has turned."""
        self._at = time.monotonic()

    def __call__(self) -> str:
        """The reason to take it for hung."""
        return hung(self._at, self._hung_after)


def hung(seen: float, after: float = HUNG_AFTER) -> str:
    """Why a loop that was seen then (monotonic seconds) counts as hung."""
    age = time.monotonic() - seen
    return f"has not turned for {age:.0f} s" if age > after else ""


class Health:
    """One process's health. What it lives by asks for a restart when it fails; what it needs only for patience."""

    def __init__(self) -> None:
        self._lives_by: dict[str, Question] = {}
        self._needs: dict[str, Question] = {}

    def lives_by(self, name: str, question: Question) -> None:
        """Without this, the process must be started again."""
        self._lives_by[name] = question

    def needs(self, name: str, question: Question) -> None:
        """Without this, the process cannot work, and will by itself when it is back."""
        self._needs[name] = question

    def note(self, name: str, reason: str) -> None:
        """What the process itself has found of something that it needs; an empty reason says that all is well."""
        self._needs[name] = lambda: reason

    def dying_of(self) -> dict[str, str]:
        """What it does not live without and is not there, each with the reason."""
        return _failed(self._lives_by)

    def waiting_for(self) -> dict[str, str]:
        """What it needs and is not there, each with the reason; a hung process is not ready either."""
        return self.dying_of() | _failed(self._needs)

    def collect(self) -> list[GaugeMetricFamily]:
        """As Prometheus sees it (a collector of its registry)."""
        alive = GaugeMetricFamily("ocop_alive", "1 unless a loop of this process hangs.")
        alive.add_metric([], float(not self.dying_of()))
        ready = GaugeMetricFamily(
            "ocop_ready", "1 where this process has what it needs.", labels=["needs"]
        )
        for name, reason in sorted(_asked(self._needs).items()):
            ready.add_metric([name], float(not reason))
        return [alive, ready]


def _failed(questions: dict[str, Question]) -> dict[str, str]:
    return {name: reason for name, reason in sorted(_asked(questions).items()) if reason}


def _asked(questions: dict[str, Question]) -> dict[str, str]:
    """All at once: five databases that stand still take no longer than one."""
    answers: dict[str, str] = {}

    def ask(name: str, question: Question) -> None:
        answers[name] = question()

    threads = [
        real("threading").Thread(target=ask, args=each, daemon=True, name="watch")
        for each in list(questions.items())
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
