"""A whole instance killed, stopped, starved and cut under load, by three seeds: nothing lost, doubled or stuck."""

from pathlib import Path

import pytest
from rich.console import Console

from chaos import report
from chaos.ground import NAMES
from chaos.plan import KINDS, within
from chaos.run import Order, run

SEEDS = (1, 2, 4)
SHORT = {"minutes": 0.55, "every": 3.0, "drain": 240.0, "threads": 3, "size": 12}


def test_the_three_seeds_deal_every_kind_of_fault() -> None:
    dealt = {
        strike.kind
        for seed in SEEDS
        for strike in within(seed, NAMES, every=SHORT["every"], seconds=SHORT["minutes"] * 60)
    }

    assert dealt == set(KINDS)


@pytest.mark.system
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", SEEDS)
def test_under_fire_nothing_is_lost_doubled_or_stuck(seed: int, tmp_path: Path) -> None:
    order = Order(seed=seed, **SHORT)  # type: ignore[arg-type]  # every figure fits its field

    outcome = run(order, tmp_path, lambda _progress: None)

    report.show(order, outcome, Console(width=160))
    assert outcome.troubles == []
    assert outcome.dossiers > 0
    assert outcome.is_right
