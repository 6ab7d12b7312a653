"""A year of a few products under each rule pack, for system tests."""

from datetime import date

from cli.demo.plan import Fate, Plan, Product, Target
from regulation.acting import Place

STEPS = ("subject", "idea", "select", "open", "submit", "commune", "withdraw", "district-council",
         "district-decision", "province-council", "province-decision", "refer", "national-result",
         "list")  # fmt: skip

OLD = Place(province="38", district="380", commune="14758")
NEW = Place(province="38", district=None, commune="14758")

FATES = (
    (3, Fate.CERTIFIED),
    (4, Fate.MENDED),
    (4, Fate.LOWERED),
    (5, Fate.CERTIFIED),
    (5, Fate.PENDING),
    (3, Fate.BELOW),
    (3, Fate.RETURNED),
    (3, Fate.WITHDRAWN),
)

CASES = {
    "QD1048-2019": (date(2020, 3, 2), OLD, "QD1048-12"),
    "QD148-2023": (date(2024, 3, 4), OLD, "QD148-PARTS"),
    "QD1489-2025": (date(2025, 8, 4), NEW, "QD1489-PARTS"),
    "QD26-2026": (date(2026, 6, 1), NEW, "QD26-11"),
}
"""Pack → the first day of the year's acts, where its products come from, their criteria set."""


def a_plan(pack_id: str) -> Plan:
    """One product for each fate, under one pack; each step a day after the one before."""
    start, place, criteria_set = CASES[pack_id]
    name = f"system-{pack_id}"
    calendar = {step: date.fromordinal(start.toordinal() + 2 * i) for i, step in enumerate(STEPS)}
    products = tuple(
        Product(
            key=f"{name}/{number}",
            number=number,
            name=f"Sản phẩm mẫu {number}",
            producer=f"HTX mẫu {number}",
            place=place,
            criteria_set=criteria_set,
            star=star,
            fate=fate,
        )
        for number, (star, fate) in enumerate(FATES, start=1)
    )
    return Plan(
        name=name,
        title={"vi": name, "en": name},
        province="38",
        year=start.year,
        source="system test",
        calendar=calendar,
        members={"district": 3, "province": 3},
        targets=(Target(area=place.district or place.commune, stars={3: 1, 4: 2, 5: 2}),),
        products=products,
    )
