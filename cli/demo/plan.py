"""Reads a sample plan: its targets, and the products that are to meet or to miss them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import yaml

from regulation.acting import Place
from regulation.territory import Territory, territory

PLANS = Path(__file__).parent / "plans"
NAMESPACE = UUID("0c0b0000-0000-5000-8000-000000000000")


class UnknownPlan(Exception):
    """There is no plan of that name."""


class Fate(StrEnum):
    """What becomes of a product in the sample year."""

    CERTIFIED = "certified"
    LOWERED = "lowered"  # the last council finds one star less than hoped
    PENDING = "pending"  # with the ministry at the end of the year
    BELOW = "below"  # under 50 points
    RETURNED = "returned"  # by its commune, not filed again
    MENDED = "mended"  # returned once, filed again, then certified
    WITHDRAWN = "withdrawn"


FATES_BESIDE_TARGETS = (Fate.RETURNED, Fate.BELOW, Fate.WITHDRAWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What an area plans: star → number of products."""

    area: str
    stars: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One sample product: `star` is what its sheets are made to give."""

    key: str
    number: int
    name: str
    producer: str
    place: Place
    criteria_set: str
    star: int
    fate: Fate

    @property
    def final_star(self) -> int:
        """What the last council finds; 0 is under 50 points."""
        return {Fate.BELOW: 0, Fate.LOWERED: self.star - 1}.get(self.fate, self.star)

    def id(self, what: str) -> UUID:
        """The id of something that belongs to this product; the same in every run."""
        return uuid5(NAMESPACE, f"{self.key}/{what}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A sample year. `calendar` is the day of each step; `members` the size of each level's council."""

    name: str
    title: Mapping[str, str]
    province: str
    year: int
    source: str
    calendar: Mapping[str, date]
    members: Mapping[str, int]
    targets: tuple[Target, ...]
    products: tuple[Product, ...]

    def on(self, step: str) -> str:
        """The day of a step, in ISO form."""
        return self.calendar[step].isoformat()


def names() -> list[str]:
    """The plans there are."""
    return sorted(path.stem for path in PLANS.glob("*.yaml"))


def read(name: str) -> Plan:
    """A plan with its products. Raises UnknownPlan."""
    path = PLANS / f"{name}.yaml"
    if name not in names():
        raise UnknownPlan(f"there is no plan {name!r}; there are {', '.join(names())}")
    data = yaml.safe_load(path.read_text())
    units = territory(data["calendar"]["open"])
    targets = tuple(_targets(data, units))
    return Plan(
        name=name,
        title=data["title"],
        province=data["province"],
        year=data["year"],
        source=data["source"],
        calendar=data["calendar"],
        members=data["members"],
        targets=targets,
        products=tuple(_products(name, targets, units, data)),
    )


def _targets(data: Mapping[str, Any], units: Territory) -> Iterator[Target]:
    for row in data.get("targets", ()):
        yield Target(area=row["area"], stars=row["stars"])
    if (every := data.get("every_commune")) is not None:
        for number, unit in enumerate(units.children(data["province"]), start=1):
            yield Target(area=unit.code, stars=_stars(number, every))


def _stars(number: int, every: Mapping[str, int]) -> dict[int, int]:
    five, four = number % every["five_of"] == 0, number % every["four_of"] == 0
    return {3: int(not four and not five), 4: int(four and not five), 5: int(five)}


def _products(
    plan: str, targets: tuple[Target, ...], units: Territory, data: Mapping[str, Any]
) -> Iterator[Product]:
    """One product per targeted star; beside some areas one that fails; one falls short, one waits for the ministry."""
    number = 0
    goods = [(code, good) for code, names in data["sets"].items() for good in names]
    every = data["failing"]
    pending = max((i for i, target in enumerate(targets) if target.stars[5]), default=-1)
    lowered = max((i for i, t in enumerate(targets) if t.stars[4] and not t.stars[5]), default=-1)
    for index, target in enumerate(targets):
        wanted = [(star, Fate.CERTIFIED) for star in (3, 4, 5) for _ in range(target.stars[star])]
        if index == pending:
            wanted[-1] = (5, Fate.PENDING)
        elif index == lowered:
            wanted[-1] = (4, Fate.LOWERED)
        if index % 5 == 2 and wanted[0] == (3, Fate.CERTIFIED):
            wanted[0] = (3, Fate.MENDED)
        if index % every == 0:
            wanted.append((3, FATES_BESIDE_TARGETS[index // every % 3]))
        for star, fate in wanted:
            number += 1
            place = _place(units, target.area, number)
            yield _product(plan, number, place, goods[number % len(goods)], star, fate)


def _product(
    plan: str, number: int, place: tuple[Place, str], good: tuple[str, str], star: int, fate: Fate
) -> Product:
    where, commune = place
    criteria_set, what = good
    return Product(
        key=f"{plan}/{number}",
        number=number,
        name=f"{what} {commune} (mẫu {number})",
        producer=f"HTX mẫu số {number}",
        place=where,
        criteria_set=criteria_set,
        star=star,
        fate=fate,
    )


def _place(units: Territory, area: str, number: int) -> tuple[Place, str]:
    """A commune of the area, another for each product in turn."""
    below = units.children(area)
    commune = below[number % len(below)] if below else units.unit(area)
    codes = {unit.level: unit.code for unit in units.chain(commune.code)}
    place = Place(province=codes["province"], district=codes.get("district"), commune=commune.code)
    return place, commune.name
