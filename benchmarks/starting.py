"""How long a process takes from its start until it is ready, each kind in turn."""

from functools import partial

from benchmarks.ground import Ground
from benchmarks.pairing import take_turns
from benchmarks.results import Results
from benchmarks.running import running

LIMIT = 3.0
KINDS = (("web", "evaluation"), ("worker", "evaluation"), ("relay", "certification"))
"""The services that have the most to import, and a relay with chores."""


def measure(ground: Ground, rounds: int, results: Results) -> None:
    """Seconds until ready, by clock and of processor, which depends least on who else uses the machine."""
    efforts: dict[str, list[float]] = {}

    def ready(*words: str) -> float:
        with running(ground, words) as (process,):
            efforts.setdefault(" ".join(words), []).append(process.ready_effort)
            return process.ready_after

    found = take_turns({" ".join(kind): partial(ready, *kind) for kind in KINDS}, rounds)
    for name, runs in found.items():
        results.figure(f"start.{name.replace(' ', '.')}", "s", runs)
        results.figure(f"start.{name.replace(' ', '.')}.processor", "s", efforts[name])
        results.at_most(f"start of {name} / {LIMIT:g} s", runs, LIMIT)
