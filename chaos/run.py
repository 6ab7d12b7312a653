"""One run: servers and processes up, load and strikes together, everything drained, everything counted."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chaos import ledger
from chaos.ground import NAMES, Ground, prepared
from chaos.ledger import Ledger
from chaos.load import Load
from chaos.plan import plan
from chaos.strikes import Strikes
from chassis import dead_letters
from chassis.clock import now
from chassis.dead_letters import State
from cli.house import House
from cli.settling import NotSettled, settle

LOOK_EVERY = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a run is to be. It lasts `minutes`, and longer until `dossiers` have been through all their acts.

    A fault strikes `every` so many seconds; afterwards all must have arrived within `drain` seconds. So many `threads`
    lead cohorts of this `size`. Workers `wait` so many seconds for company: the longer, the more dossiers a small
    machine carries.
    """

    seed: int
    minutes: float
    dossiers: int = 0
    every: float = 6.0
    drain: float = 180.0
    threads: int = 6
    size: int = 24
    wait: float = 0.02


@dataclass(slots=True, kw_only=True)
class Progress:
    """Where a run stands, for whoever watches it."""

    phase: str = "servers and processes"
    elapsed: float = 0.0
    finished: int = 0
    strikes: int = 0
    last: str = ""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a run has shown. `amiss` says in words what is wrong beside the ledger; it is to be empty."""

    seconds: float = 0.0
    drained_in: float = 0.0
    dossiers: int = 0
    requests: int = 0
    repeated: int = 0
    deaths: int = 0
    struck: Mapping[str, int] = field(default_factory=dict)
    points: Mapping[str, int] = field(default_factory=dict)
    poisoned: int = 0
    amiss: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    ledger: Ledger | None = None

    @property
    def is_right(self) -> bool:
        """Whether nothing was lost, doubled or stuck, the audit is clean, and the load came through."""
        return self.ledger is not None and self.ledger.is_right and not self.amiss


def run(order: Order, folder: Path, watch: Callable[[Progress], Any]) -> Outcome:
    """Do it all. Raises NoServer."""
    outcome, progress = Outcome(), Progress()
    watch(progress)
    with prepared(folder, wait=order.wait) as ground:
        load = Load(ground.house.settings, ground.urls, order.seed,
                    threads=order.threads, size=order.size)  # fmt: skip
        strikes = Strikes(ground)
        ground.wait_ready()
        _under_fire(order, ground, load, strikes, progress, watch)
        outcome.seconds = progress.elapsed
        _drain(order, ground, load, strikes, outcome, progress, watch)
        progress.phase = "counting"
        watch(progress)
        outcome.ledger = ledger.count(ground.house, load.promises.made(), wait=30)
        _note(outcome, ground, load, strikes)
    return outcome


def _under_fire(
    order: Order,
    ground: Ground,
    load: Load,
    strikes: Strikes,
    progress: Progress,
    watch: Callable[[Progress], Any],
) -> None:
    """The load, and strike after strike, until the time is over and enough dossiers are through."""
    coming = plan(order.seed, NAMES, every=order.every)
    following = next(coming)
    progress.phase = "under fire"
    load.start()
    began = time.monotonic()
    while progress.elapsed < order.minutes * 60 or load.finished < order.dossiers:
        time.sleep(LOOK_EVERY)
        progress.elapsed, progress.finished = time.monotonic() - began, load.finished
        if following.at <= progress.elapsed:
            strikes.strike(following)
            progress.strikes, progress.last = progress.strikes + 1, str(following)
            following = next(coming)
        watch(progress)


def _drain(
    order: Order,
    ground: Ground,
    load: Load,
    strikes: Strikes,
    outcome: Outcome,
    progress: Progress,
    watch: Callable[[Progress], Any],
) -> None:
    """Faults end, what is on its way arrives: dossiers first, then events, then what was poisoned as dead letters."""
    progress.phase = "draining"
    watch(progress)
    load.enough()
    strikes.relent()
    began = time.monotonic()
    if not load.finish(order.drain):
        outcome.amiss.append(f"the load was not through {order.drain:g} s after the last fault")
    progress.finished = load.finished
    ground.keeper.disarm()
    try:
        settle(ground.house, order.drain)
    except NotSettled as error:
        outcome.amiss.append(str(error))
    for service, laid in strikes.poisoned.items():
        outcome.amiss += _bury_poison(ground.house, service, laid)
    outcome.drained_in = time.monotonic() - began


def _bury_poison(house: House, service: str, laid: int) -> list[str]:
    """Each poisoned message lies there as one dead letter, and is given up; what is wrong where it is not so."""
    database, until, found = house.database(service), time.monotonic() + 60, 0
    while found < laid and time.monotonic() < until:
        time.sleep(LOOK_EVERY)
        with database.reading() as session:
            found = dead_letters.count(session)
    with database.transaction() as session:
        for letter in dead_letters.buried(session):
            if letter.type == "NobodyKnows":
                dead_letters.decide(
                    session, letter, State.DISCARDED, by="rig", why="laid by the rig", at=now()
                )
    return [] if found == laid else [f"{service}: {laid} poisoned messages, {found} dead letters"]


def _note(outcome: Outcome, ground: Ground, load: Load, strikes: Strikes) -> None:
    outcome.dossiers = load.finished
    outcome.requests, outcome.repeated = load.promises.requests, load.promises.repeated
    outcome.deaths = ground.keeper.deaths
    outcome.struck = dict(strikes.struck)
    outcome.points = dict(ground.keeper.points)
    outcome.poisoned = strikes.poisoned.total()
    outcome.amiss += load.failures
    outcome.troubles = strikes.troubles
