"""What a check says: how it stands, what was seen, and what to do about it."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a check ended: a fault keeps the instance from working, a warning will."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at. `remedy` says what to do; empty where nothing is."""

    about: str
    state: State
    seen: str
    remedy: str = ""


def ok(about: str, seen: str) -> Finding:
    """All is well."""
    return Finding(about=about, state=State.OK, seen=seen)


def warning(about: str, seen: str, remedy: str) -> Finding:
    """Something to look after."""
    return Finding(about=about, state=State.WARNING, seen=seen, remedy=remedy)


def fault(about: str, seen: str, remedy: str) -> Finding:
    """Something that does not work."""
    return Finding(about=about, state=State.FAULT, seen=seen, remedy=remedy)


Check = Callable[[], Iterable[Finding]]


def run(checks: Sequence[tuple[str, Check]], *, within: float) -> Iterator[Finding]:
    """All checks at once; one that does not end in time is a fault by itself, and keeps nobody waiting."""
    running = [_Running(about, check) for about, check in checks]
    for each in running:
        yield from each.findings(within)


class _Running:
    """One check in a thread of its own, left behind when it hangs."""

    def __init__(self, about: str, check: Check) -> None:
        self._about = about
        self._check = check
        self._found: list[Finding] = []
        self._thread = threading.Thread(target=self._look, daemon=True, name=f"check {about}")
        self._thread.start()

    def findings(self, within: float) -> list[Finding]:
        """What was found within so many seconds."""
        self._thread.join(within)
        if self._thread.is_alive():
            seen = f"did not answer within {within:g} s"
            return [fault(self._about, seen, "see whether its server runs and can be reached")]
        return self._found

    def _look(self) -> None:
        try:
            self._found = list(self._check())
        except Exception as error:  # a check that breaks is a finding, not the end of all others
            seen = f"{type(error).__name__}: {error}"
            self._found = [fault(self._about, seen, "mend what the message says")]
