"""Figures and ratios as they come in, each said on the error output at once."""

from collections.abc import Sequence

import click

from benchmarks.pairing import Figure, Ratio


class Results:
    """What a run has found so far."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []
        self.ratios: list[Ratio] = []

    def figure(self, name: str, unit: str, runs: Sequence[float]) -> None:
        """Note a figure."""
        self.figures.append(Figure(name=name, unit=unit, runs=tuple(runs)))
        click.echo(f"  {name}: {self.figures[-1].median:,.4g} {unit}", err=True)

    def at_most(
        self, name: str, runs: Sequence[float], limit: float, *, target: float = 1
    ) -> None:
        """Note figures as parts of a limit, which they keep where the ratio is at most `target`."""
        found = tuple(run / limit for run in runs)
        self.ratios.append(Ratio(name=name, runs=found, target=target, at_most=True))
        click.echo(f"  {name}: {self.ratios[-1].median:.2f}, at most {target:g}", err=True)
