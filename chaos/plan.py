"""Which fault strikes when and whom: the same for the same seed, for as long as it is asked."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from chassis.fault_points import POINTS

KINDS = (
    "kill",
    "pause",
    "die-at-points",
    "kill-broker",
    "memory-alarm",
    "restart-database",
    "cut-broker",
    "cut-database",
    "silence-broker",
    "silence-database",
    "slow-network",
    "lose-commits",
    "jump-clocks",
    "delete-dead-letter-queue",
    "poison",
)
"""Every kind of fault."""

DECK = (*KINDS, "kill", "die-at-points", "die-at-points", "lose-commits", "jump-clocks")
"""Shuffled and dealt, over and over: each kind comes before any has come much more often."""

REACHED_BY = {
    "outbox": ("web",),
    "inbox": ("worker",),
    "transaction": ("web", "worker", "relay"),
    "relay": ("relay",),
    "worker": ("worker",),
    "collector": ("relay",),
}
"""Which kinds of process pass the points of a room."""

POINTS_AT_ONCE = 3

STRUCK_AT_ONCE = {"kill": 2, "pause": 1, "jump-clocks": 3}

AMOUNTS: dict[str, tuple[float, float]] = {
    "pause": (2, 12),
    "memory-alarm": (3, 10),
    "slow-network": (3, 10),
    "silence-broker": (3, 10),
    "silence-database": (3, 10),
    "cut-broker": (0.3, 1),
    "cut-database": (0.3, 1),
    "lose-commits": (2, 6),
    "jump-clocks": (-900, 900),
}
"""Seconds; of cuts the share of the connections; of lost COMMITs, how many."""


@dataclass(frozen=True, slots=True)
class Strike:
    """One fault: seconds after the load began, its kind, whom, and for how long or how much."""

    at: float
    kind: str
    whom: tuple[str, ...] = ()
    amount: float = 0.0

    def __str__(self) -> str:
        whom = f" {', '.join(self.whom)}" if self.whom else ""
        return f"{self.at:7.1f} s  {self.kind}{whom}" + (
            f" ({self.amount:g})" if self.amount else ""
        )


def plan(seed: int, names: Sequence[str], *, every: float) -> Iterator[Strike]:
    """Strikes without end, one each `every` seconds more or less; `names` are the processes there are."""
    chance = random.Random(seed)  # noqa: S311  a schedule, not a secret
    first = seed * POINTS_AT_ONCE * 2 % len(POINTS)
    points = cycle((*POINTS[first:], *POINTS[:first]))
    at = 0.0
    while True:
        deck = list(DECK)
        chance.shuffle(deck)
        for kind in deck:
            at += every * chance.uniform(0.6, 1.4)
            yield Strike(round(at, 1), kind, *_details(kind, chance, names, points))


def within(seed: int, names: Sequence[str], *, every: float, seconds: float) -> list[Strike]:
    """The strikes of the first so many seconds."""
    found: list[Strike] = []
    for strike in plan(seed, names, every=every):
        if strike.at > seconds:
            return found
        found.append(strike)
    return found


def _details(
    kind: str, chance: random.Random, names: Sequence[str], points: Iterator[str]
) -> tuple[tuple[str, ...], float]:
    """Whom it strikes, and how long or how much."""
    match kind:
        case "die-at-points":
            return _faults(list(islice(points, POINTS_AT_ONCE)), chance, names), 0.0
        case "delete-dead-letter-queue" | "poison":
            services = sorted({name.split()[1] for name in names})
            return (chance.choice(services),), 0.0
        case "kill" | "pause" | "jump-clocks":
            whom = tuple(chance.sample(names, STRUCK_AT_ONCE[kind]))
        case _:
            whom = ()
    least, most = AMOUNTS.get(kind, (0, 0))
    return whom, round(chance.uniform(least, most), 1)


def _faults(points: Sequence[str], chance: random.Random, names: Sequence[str]) -> tuple[str, ...]:
    """`process@POINT:COUNT` for each point, each with another process."""
    faults, free = [], list(names)
    for point in points:
        kinds = REACHED_BY[point.partition(".")[0]]
        able = [name for name in free if name.split()[0] in kinds and not name.endswith(MUTE)]
        name = chance.choice(able)
        free.remove(name)
        faults.append(f"{name}@{point}:{chance.randint(1, 3)}")
    return tuple(faults)


MUTE = ("web reporting", "relay reporting")
"""Reporting says nothing, and its web changes nothing."""
