"""`python -m benchmarks`: everything side by side in one run; prints tables and writes `benchmarks/latest.json`."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import click

from benchmarks import carrying, rating, report
from benchmarks.ground import Ground, prepared
from benchmarks.hearing import FASTSTREAM, NAMEKO, OURS, Contender, Run, Stuck, measure
from benchmarks.pairing import Figure, Ratio, ratio, take_turns
from benchmarks.works import WORKS, Work
from tests.servers import NoServer

RELAY_TARGET = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is done: rounds of A B, events for our worker, for its slower peers, through the relay, and
    councils per criteria set.
    """

    rounds: int
    ours: int
    peers: int
    relayed: int
    councils: int


FULL = Size(rounds=3, ours=10_000, peers=2_500, relayed=10_000, councils=1_000)
QUICK = Size(rounds=1, ours=4_000, peers=1_000, relayed=4_000, councils=100)


class Results:
    """Figures and ratios as they come in."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []
        self.ratios: list[Ratio] = []

    def figure(self, name: str, unit: str, runs: Sequence[float]) -> None:
        """Note a figure, and say so."""
        self.figures.append(Figure(name=name, unit=unit, runs=tuple(runs)))
        click.echo(f"  {name}: {self.figures[-1].median:,.0f} {unit}", err=True)


def hearing(ground: Ground, work: Work, size: Size, results: Results) -> None:
    """One service's work by our worker and by its peers."""
    peers = (FASTSTREAM, NAMEKO) if work is WORKS[0] else (FASTSTREAM,)
    runs: dict[str, list[Run]] = {each.name: [] for each in (OURS, *peers)}

    def turn(contender: Contender) -> float:
        count = size.ours if contender is OURS else size.peers
        runs[contender.name].append(measure(ground, work, contender, count))
        return runs[contender.name][-1].rate

    rates = take_turns({each.name: partial(turn, each) for each in (OURS, *peers)}, size.rounds)
    for name, found in rates.items():
        results.figure(f"{work.service}.{name}", "events/s", found)
        efforts = [run.effort for run in runs[name]]
        results.figure(f"{work.service}.{name}.processor", "µs/event", efforts)
    for peer in peers:
        target = work.target if peer is FASTSTREAM else None
        name = f"{work.service}: ours / {peer.name}"
        results.ratios.append(ratio(name, rates[OURS.name], rates[peer.name], target))


def relaying(ground: Ground, size: Size, results: Results) -> None:
    """The relay and its bare limits."""
    events = carrying.some_events(size.relayed)

    def published() -> float:
        carrying.purge(ground)
        return carrying.published(ground, events)

    rates = take_turns(
        {
            "copy": lambda: carrying.copied(ground, events),
            "relay": lambda: carrying.relayed(ground, events),
            "kombu": published,
            "delivery": lambda: carrying.delivered(ground, events),
        },
        size.rounds,
    )
    results.figure("relay.ours", "confirmed/s", rates["relay"])
    results.figure("relay.kombu-bare", "confirmed/s", rates["kombu"])
    results.figure("limit.copy-into-outbox", "rows/s", rates["copy"])
    results.figure("limit.delivery-to-empty-consumer", "messages/s", rates["delivery"])
    name = "relay: ours / kombu's bare confirmed rate"
    results.ratios.append(ratio(name, rates["relay"], rates["kombu"], RELAY_TARGET))


def rating_by_law(size: Size, results: Results) -> None:
    """Loading every pack, and rating; no server takes part."""
    loading = [rating.loading() for _ in range(size.rounds)]
    rates = [rating.rating(size.councils) for _ in range(size.rounds)]
    results.figure("rating.loading", "ms", [seconds * 1_000 for seconds in loading])
    results.figure("rating.nine-sheets", "ratings/s", rates)
    within, wanted = [rating.LOADED_WITHIN] * size.rounds, [rating.WANTED] * size.rounds
    results.ratios.append(ratio("rating: 1 s / loading all packs", within, loading, 1))
    results.ratios.append(ratio("rating: ours / 26,000 in 30 s", rates, wanted, 1))


@click.command()
@click.option("--quick", is_flag=True, help="One round each, in about a minute.")
@click.option("--only", type=click.Choice([*(work.service for work in WORKS), "relay", "rating"]))
def main(quick: bool, only: str | None) -> None:
    """Measure our workers and relay beside FastStream, plain nameko and the bare limits, and how fast is rated."""
    size, results = QUICK if quick else FULL, Results()
    if only in (None, "rating"):
        click.echo("rating", err=True)
        rating_by_law(size, results)
    if only == "rating":  # needs no servers
        report.show(results.figures, results.ratios)
        return
    try:
        with prepared([work.service for work in WORKS]) as ground:
            surroundings = report.surroundings(ground)
            for work in WORKS:
                if only in (None, work.service):
                    click.echo(f"{work.service} ← {work.type}: {work.does}", err=True)
                    hearing(ground, work, size, results)
            if only in (None, "relay"):
                click.echo("relay", err=True)
                relaying(ground, size, results)
    except (NoServer, Stuck) as error:
        raise click.ClickException(str(error)) from error
    report.show(results.figures, results.ratios)
    if only is None:
        click.echo(f"written: {report.write(surroundings, results.figures, results.ratios)}")


if __name__ == "__main__":
    main()
