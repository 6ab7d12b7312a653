"""Which dossiers the load sends: cohorts of one pack each, whose fates cover every way that a dossier can go."""

from datetime import date

from cli.demo.plan import Fate, Plan, Product
from regulation.acting import Place

STEPS = ("subject", "idea", "select", "open", "submit", "commune", "withdraw", "district-council",
         "district-decision", "province-council", "province-decision", "refer", "national-result",
         "list")  # fmt: skip

OLD = Place(province="38", district="380", commune="14758")
NEW = Place(province="38", district=None, commune="14758")

PACKS = (
    (date(2025, 8, 4), NEW, "QD1489-PARTS"),
    (date(2026, 6, 1), NEW, "QD26-11"),
    (date(2024, 3, 4), OLD, "QD148-PARTS"),
)
"""For each pack in turn: the first day of its acts, where its products come from, their criteria set."""

FATES = (
    (3, Fate.CERTIFIED),
    (4, Fate.CERTIFIED),
    (3, Fate.CERTIFIED),
    (5, Fate.CERTIFIED),
    (3, Fate.MENDED),
    (4, Fate.LOWERED),
    (3, Fate.CERTIFIED),
    (3, Fate.BELOW),
    (4, Fate.CERTIFIED),
    (3, Fate.RETURNED),
    (5, Fate.PENDING),
    (3, Fate.WITHDRAWN),
)
"""Star and fate of each dossier in turn."""


def a_cohort(seed: int, number: int, *, size: int) -> Plan:
    """The dossiers of cohort 0, 1, 2 … under one pack; their ids follow from the seed.

    Cohorts of one pack share its council and round: the plan's name is the pack's.
    """
    start, place, criteria_set = PACKS[number % len(PACKS)]
    days = {step: date.fromordinal(start.toordinal() + 2 * i) for i, step in enumerate(STEPS)}
    return Plan(
        name=f"rig-{seed}-{criteria_set}",
        title={"vi": "", "en": ""},
        province="38",
        year=start.year,
        source="rig",
        calendar=days,
        members={"district": 1, "province": 1},
        targets=(),
        products=tuple(
            _product(seed, number * size + index, place, criteria_set) for index in range(size)
        ),
    )


def _product(seed: int, number: int, place: Place, criteria_set: str) -> Product:
    star, fate = FATES[number % len(FATES)]
    return Product(
        key=f"rig-{seed}/{number}",
        number=number,
        name=f"Sản phẩm mẫu {number}",
        producer=f"HTX mẫu {number}",
        place=place,
        criteria_set=criteria_set,
        star=star,
        fate=fate,
    )
