"""Contenders take turns, A B A B …, so that what else the machine does hits each alike; ratios go pair by pair."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was measured several times in one run."""

    name: str
    unit: str
    runs: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """One figure over another, pair by pair; `target` is what it ought to reach, or with `at_most` not to exceed."""

    name: str
    runs: tuple[float, ...]
    target: float | None = None
    at_most: bool = False

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.runs)

    @property
    def met(self) -> bool | None:
        """Whether the target is reached, or kept; None where there is none."""
        if self.target is None:
            return None
        return self.median <= self.target if self.at_most else self.median >= self.target


def take_turns(
    contenders: Mapping[str, Callable[[], float]], rounds: int
) -> dict[str, list[float]]:
    """Each contender once per round, in the order given."""
    found: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            found[name].append(run())
    return found


def ratio(
    name: str, one: Sequence[float], other: Sequence[float], target: float | None = None
) -> Ratio:
    """One over the other, for each pair."""
    runs = tuple(a / b for a, b in zip(one, other, strict=True))
    return Ratio(name=name, runs=runs, target=target)
