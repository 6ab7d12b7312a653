"""Reporting rebuilt from nothing, as a replay does it: whether an event costs the same after many as after few."""

import time
from collections.abc import Sequence

from benchmarks.ground import Ground
from benchmarks.remembering import pieces
from benchmarks.results import Results
from benchmarks.works import named
from chassis.database import Database
from chassis.hearing import Hearer
from services.reporting.hearing import reactions

SERVICE, GROUP, LINEAR = "reporting", 200, 1.2


def measure(ground: Ground, sizes: Sequence[int], results: Results) -> None:
    """Microseconds per event, groups of 200 committed one after the other, from nothing to each size."""
    ground.empty(SERVICE)
    database = Database(SERVICE, ground.database_of(SERVICE))
    hearer, heard, spent = Hearer(database, reactions), 0, 0.0
    efforts: list[float] = []
    for some in pieces(named(SERVICE), sizes[-1], GROUP):
        began = time.perf_counter()
        hearer.hear(some)
        spent, heard = spent + time.perf_counter() - began, heard + len(some)
        if heard in sizes:
            efforts.append(spent / heard * 1e6)
            results.figure(f"catch-up.{heard}", "µs/event", efforts[-1:])
    database.engine.dispose()
    ground.empty(SERVICE)
    name = f"catching up {sizes[-1]:,}: an event's cost / at {sizes[0]:,}"
    results.at_most(name, efforts[-1:], efforts[0], target=LINEAR)
