"""What lies in the services' databases, asked when somebody looks: what waits where, and since when."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from prometheus_client.core import GaugeMetricFamily
from sqlalchemy.orm import Session

from chassis import dead_letters, inbox, outbox
from chassis.clock import now
from chassis.watch.onlooker import Onlooker

Pile = Callable[[Session], tuple[int, datetime | None]]
"""How much lies somewhere, and since when the oldest of it."""

PILES: Mapping[str, tuple[Pile, str]] = {
    "outbox_unsent": (outbox.depth, "Events that wait in the outbox."),
    "inbox_parked": (inbox.waiting, "Events that wait for the one before them."),
    "dead_letters": (dead_letters.oldest, "Dead letters that wait for a decision."),
}

Stages = Callable[[Session], Sequence[tuple[str, int, datetime | None]]]
"""How many dossiers there are in each stage, and since when the oldest waits in it."""


class Figures:
    """A collector of Prometheus's registry. Databases are asked at once; one that does not answer is left out."""

    def __init__(self, onlookers: Sequence[Onlooker], stages: Mapping[str, Stages]) -> None:
        self._onlookers = onlookers
        self._stages = stages

    def describe(self) -> list[GaugeMetricFamily]:
        """Names alone: registering must not ask the databases."""
        return [*_Families().all()]

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """One look."""
        families = _Families()
        with ThreadPoolExecutor(max(len(self._onlookers), 1)) as pool:
            for onlooker, (found, fault) in zip(
                self._onlookers, pool.map(self._look, self._onlookers), strict=True
            ):
                families.take(onlooker.service, found, fault)
        return families.all()

    def _look(self, onlooker: Onlooker) -> tuple[list[Any], str]:
        stages = self._stages.get(onlooker.service)
        looks = [pile for pile, _ in PILES.values()] + ([stages] if stages else [])
        return onlooker.look(looks)


class _Families:
    """The gauges of one look."""

    def __init__(self) -> None:
        self.up = _gauge("ocop_database_up", "1 where the database answers.", "service")
        self.piles = {
            name: (
                _gauge(f"ocop_{name}", text, "service"),
                _gauge(f"ocop_{name}_oldest_seconds", f"{text} Age of the oldest.", "service"),
            )
            for name, (_, text) in PILES.items()
        }
        self.dossiers = _gauge("ocop_dossiers", "Dossiers in a stage.", "stage")
        self.waiting = _gauge(
            "ocop_dossiers_oldest_seconds", "Since when the oldest open one is there.", "stage"
        )

    def take(self, service: str, found: Sequence[Any], fault: str) -> None:
        self.up.add_metric([service], float(not fault))
        if fault:
            return
        for (count, since), (depth, age) in zip(found, self.piles.values(), strict=False):
            depth.add_metric([service], count)
            age.add_metric([service], _age(since))
        for stage, count, since in found[len(PILES)] if len(found) > len(PILES) else ():
            self.dossiers.add_metric([stage], count)
            self.waiting.add_metric([stage], _age(since))

    def all(self) -> list[GaugeMetricFamily]:
        pairs = [family for pair in self.piles.values() for family in pair]
        return [self.up, *pairs, self.dossiers, self.waiting]


def _gauge(name: str, text: str, label: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, labels=[label])


def _age(since: datetime | None) -> float:
    return 0.0 if since is None else max((now() - since).total_seconds(), 0.0)
