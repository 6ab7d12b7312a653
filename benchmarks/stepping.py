"""A command of ours that notes when it passes what: `python -m benchmarks.stepping FILE relay certification`."""

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

STEPS = {
    "the relay is told": "Lead.rest",
    "has read": "relay.before-publish",
    "has published": "relay.after-publish",
    "the worker begins": "Hearer.hear",
    "has the position": "inbox.before-insert",
    "has noted the event": "inbox.after-insert",
    "has written the effect": "transaction.before-commit",
    "has committed": "transaction.after-commit",
    "it is acknowledged": "worker.after-acknowledge",
    "it is confirmed": "relay.after-confirm",
    "and marked": "relay.after-mark-sent",
}
"""What one event passes on its way, by what people call it: our fault points, and two functions."""


def main(file: Path, words: Sequence[str]) -> None:
    """Run the command; every step becomes a line of the file, `SECONDS NAME`."""
    noted = file.open("a", buffering=1)

    def note(step: str) -> None:
        noted.write(f"{time.time():.6f} {step}\n")

    run = _worker(words[1:]) if words[0] == "worker" else _relay(words)
    from chassis import fault_points, hearing, leading

    fault_points.watch(note)
    leading.Lead.rest = _after(leading.Lead.rest, note)  # type: ignore[method-assign]
    hearing.Hearer.hear = _before(hearing.Hearer.hear, note)  # type: ignore[method-assign]
    run()


def _worker(services: Sequence[str]) -> Callable[[], None]:
    from chassis.wire import runner  # before anything else: it patches the standard library

    paths = [f"services.{name}.service:{name.title()}Service" for name in services]
    return lambda: runner.main(paths)


def _relay(words: Sequence[str]) -> Callable[[], None]:
    from cli.main import ocop

    return lambda: ocop(list(words), prog_name="ocop")


def _before(function: Callable[..., Any], note: Callable[[str], None]) -> Callable[..., Any]:
    @wraps(function)
    def noting(*args: Any) -> Any:
        note(function.__qualname__)
        return function(*args)

    return noting


def _after(function: Callable[..., Any], note: Callable[[str], None]) -> Callable[..., Any]:
    @wraps(function)
    def noting(*args: Any) -> Any:
        try:
            return function(*args)
        finally:
            note(function.__qualname__)

    return noting


Passing = tuple[float, str]
"""When, in seconds since 1970, and what."""


def read(files: Iterable[Path]) -> list[Passing]:
    """All that was noted, in the order of time."""
    lines = (line.partition(" ") for file in files for line in file.read_text().splitlines())
    return sorted((float(at), step) for at, _, step in lines)


def first(passings: Sequence[Passing], began: float, ended: float) -> dict[str, float]:
    """Seconds from the one moment until each step was first passed, of those passed before the other moment."""
    found: dict[str, float] = {}
    for at, step in passings:
        if began <= at <= ended:
            found.setdefault(step, at - began)
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
