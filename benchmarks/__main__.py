"""`python -m benchmarks`: everything side by side in one run; prints tables and writes `benchmarks/latest.json`."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import click

from benchmarks import (
    carrying,
    catching_up,
    delaying,
    rating,
    reading,
    remembering,
    report,
    starting,
    submitting,
)
from benchmarks.ground import Ground, prepared
from benchmarks.hearing import FASTSTREAM, NAMEKO, OURS, Contender, Run, Stuck, measure
from benchmarks.pairing import ratio, take_turns
from benchmarks.results import Results
from benchmarks.running import NotReady
from benchmarks.works import WORKS, Work
from chassis.settings import SERVICES
from chassis.telemetry import start_quietly
from tests.servers import NoServer

RELAY_TARGET = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is done: rounds of A B; events for our worker, for its slower peers, through the relay.

    Then councils per criteria set; acts timed alone; dossiers submitted by HTTP; a worker's backlog; dossiers read
    beside 10,000; events caught up, at each of these.
    """

    rounds: int
    ours: int
    peers: int
    relayed: int
    councils: int
    probes: int
    filed: int
    backlog: int
    many: int
    caught_up: tuple[int, ...]


FULL = Size(rounds=3, ours=10_000, peers=2_500, relayed=10_000, councils=1_000, probes=300, filed=100, backlog=100_000,
            many=100_000, caught_up=(10_000, 100_000))  # fmt: skip
QUICK = Size(rounds=1, ours=4_000, peers=1_000, relayed=4_000, councils=100, probes=100, filed=30, backlog=10_000,
             many=20_000, caught_up=(2_000, 10_000))  # fmt: skip
LONG = replace(FULL, many=1_000_000, caught_up=(10_000, 100_000, 1_000_000))


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


def relaying(ground: Ground, results: Results, *, size: Size) -> None:
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


def chapters(size: Size) -> dict[str, Callable[[Ground, Results], None]]:
    """Everything that can be measured, by name."""
    works = {work.service: partial(_hearing, work=work, size=size) for work in WORKS}
    return {
        **works,
        "rating": lambda _ground, results: rating_by_law(size, results),
        "relay": partial(relaying, size=size),
        "latency": lambda ground, results: delaying.measure(ground, size.probes, results),
        "submission": lambda ground, results: submitting.measure(ground, size.filed, results),
        "start": lambda ground, results: starting.measure(ground, size.rounds, results),
        "memory": lambda ground, results: remembering.measure(ground, size.backlog, results),
        "size": lambda ground, results: reading.measure(ground, size.many, results),
        "catch-up": lambda ground, results: catching_up.measure(ground, size.caught_up, results),
    }


def _hearing(ground: Ground, results: Results, *, work: Work, size: Size) -> None:
    click.echo(f"{work.service} ← {work.type}: {work.does}", err=True)
    hearing(ground, work, size, results)


@click.command()
@click.option("--quick", "size", flag_value=QUICK, help="One round each, small, in two minutes.")
@click.option("--long", "size", flag_value=LONG, help="Also at a million dossiers and events.")
@click.option("--only", type=click.Choice(list(chapters(FULL))), multiple=True)
def main(size: Size | None, only: tuple[str, ...]) -> None:
    """Measure our workers and relay beside FastStream, plain nameko and the bare limits, and what grows with size."""
    start_quietly()
    results, chosen = Results(), size or FULL
    if set(only) == {"rating"}:  # needs no servers
        rating_by_law(chosen, results)
        report.show(results.figures, results.ratios)
        return
    try:
        with prepared(SERVICES) as ground:
            surroundings = report.surroundings(ground)
            for name, measure in chapters(chosen).items():
                if not only or name in only:
                    click.echo(name, err=True)
                    measure(ground, results)
    except (NoServer, Stuck, NotReady) as error:
        raise click.ClickException(str(error)) from error
    report.show(results.figures, results.ratios)
    if chosen is not QUICK:
        click.echo(f"written: {report.write(surroundings, results.figures, results.ratios)}")


if __name__ == "__main__":
    main()
