"""What is generated from contracts and figures is what lies in the repository."""

import math
from collections import defaultdict

from benchmarks import deriving
from cli.document.__main__ import stale


def test_what_is_written_from_the_contracts_is_fresh() -> None:
    assert stale() == [], "run `make docs`"


def test_what_is_said_of_scale_follows_from_the_newest_figures() -> None:
    page = deriving.PAGE.read_text(encoding="utf-8")

    assert deriving.written(page) == page


def test_a_figure_that_was_never_measured_is_not_made_up() -> None:
    lines = deriving.table(defaultdict(lambda: math.nan)).splitlines()

    relay = next(line for line in lines if "`relay.ours`" in line)
    assert relay.count("not measured") == len(deriving.PROVINCES)
