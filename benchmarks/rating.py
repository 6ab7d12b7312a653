"""The law's own work, on one core and without any server: loading every pack, rating every set of 26/2026."""

import random
import time
from collections.abc import Callable

from regulation.criteria import CriteriaSet
from regulation.packs import SHELF, pack, read_shelf
from regulation.rating import Sheet, rate

LOADED_WITHIN = 1.0
"""Seconds that loading and checking all packs may take."""

WANTED = 26_000 / 30
"""Ratings a second: a thousand councils under each of 26 sets in half a minute."""

MEMBERS = 9
PACK = "QD26-2026"


def loading() -> float:
    """Seconds to read and check every pack and every criteria set, from the files."""

    def load() -> None:
        for each in read_shelf(SHELF):
            for code in each.sets:
                each.criteria_set(code)

    return _seconds(load)


def rating(councils: int) -> float:
    """Ratings a second: that many councils of nine sheets under each set of 26/2026."""
    law = pack(PACK)
    chance = random.Random(26)  # noqa: S311  the same councils in every run
    sittings = {
        code: [_sheets(law.criteria_set(code), chance) for _ in range(min(councils, 50))]
        for code in law.sets
    }

    def rate_all() -> None:
        for code, prepared in sittings.items():
            criteria_set = law.criteria_set(code)
            for number in range(councils):
                rate(criteria_set, prepared[number % len(prepared)], pack=law)

    return councils * len(sittings) / _seconds(rate_all)


def _sheets(criteria_set: CriteriaSet, chance: random.Random) -> list[Sheet]:
    """Sheets that differ from member to member; most options are high, as in real councils."""
    return [
        Sheet(
            member=f"m{number}",
            choices={
                code: max(chance.choice([*scale]), chance.choice([*scale]))
                for code, scale in criteria_set.scales.items()
            },
        )
        for number in range(MEMBERS)
    ]


def _seconds(work: Callable[[], None]) -> float:
    """Of processor time, so that whoever else is at work on the machine does not count."""
    started = time.process_time()
    work()
    return time.process_time() - started
