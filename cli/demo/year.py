"""The acts of a sample year, step by step; between steps the events find their way."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid5

from cli.demo import office
from cli.demo.acts import Acts
from cli.demo.office import Office
from cli.demo.plan import NAMESPACE, Fate, Plan, Product

Settle = Callable[[], None]
"""Waits until every event that was said has been heard by all who listen."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the year: what it is called, how many acts' subjects it has, and the acts themselves."""

    name: str
    size: int
    acts: Iterator[None]


class Year:
    """A sample year on the way."""

    def __init__(self, plan: Plan, desk: Office, settle: Settle) -> None:
        self._plan = plan
        self._desk = desk
        self._settle = settle
        self._acts = Acts(plan, desk)

    def steps(self) -> Iterator[Step]:
        """The steps in the order of the year."""
        products = self._plan.products
        verified = [p for p in products if p.fate not in (Fate.RETURNED, Fate.WITHDRAWN)]
        yield Step("targets", 1, self._each([None], self._acts.import_targets))
        yield Step("ideas", len(products), self._each(products, self._acts.idea))
        yield Step("dossiers", len(products), self._each(products, self._acts.dossier))
        yield Step("communes", len(products), self._each(products, self._acts.commune))
        for level in self._acts.pack.councils:
            self._settle()
            ranked = [p for p in verified if level in self._acts.levels(p)]
            areas = self._by_area(ranked, level)
            size = len(ranked)
            yield Step(f"{level} council", size, self._council(level, areas))
            self._settle()
            yield Step(f"{level} decisions", len(areas), self._decisions(level, ranked))
        self._settle()
        candidates = [p for p in verified if p.star == 5]
        yield Step("national", len(candidates), self._each(candidates, self._acts.national))
        self._settle()
        listed = [p for p in verified if self._is_certified(p)]
        yield Step("catalogue", len(listed), self._each(listed, self._acts.list_product))
        self._settle()

    def _each(self, items: Any, act: Callable[[Any], None]) -> Iterator[None]:
        for item in items:
            act(item)
            yield

    def _is_certified(self, product: Product) -> bool:
        return product.fate in (Fate.CERTIFIED, Fate.MENDED, Fate.LOWERED)

    def _by_area(self, products: list[Product], level: str) -> dict[str, list[Product]]:
        areas: dict[str, list[Product]] = defaultdict(list)
        for product in products:
            areas[product.place.at(level) or ""].append(product)
        return areas

    def _council(self, level: str, areas: dict[str, list[Product]]) -> Iterator[None]:
        for area, products in areas.items():
            round_id = self._acts.set_up(level, area)
            for product in products:
                self._acts.score(level, area, round_id, product)
                yield

    def _decisions(self, level: str, ranked: list[Product]) -> Iterator[None]:
        """One decision per deciding area, over everything that awaits it after this level's council."""
        deciders: dict[tuple[str, str], list[Product]] = defaultdict(list)
        for product in ranked:
            authority = self._acts.pack.authority(product.final_star)
            if self._is_certified(product) and authority in ("district", "province"):
                area = product.place.at(authority) or ""
                if self._acts.levels(product)[-1] == level:
                    deciders[authority, area].append(product)
        for (authority, area), products in deciders.items():
            self._desk.act(
                "PUT",
                f"/certification/decisions/{uuid5(NAMESPACE, f'{self._plan.name}/{level}/{area}')}",
                office.authority(area),
                {
                    "number": f"{area}-{level[:1].upper()}/QĐ-UBND-{self._plan.year}",
                    "level": authority,
                    "decided_on": self._plan.on(f"{level}-decision"),
                    "signed_by_office": f"UBND {area} (mẫu)",
                    "dossiers": [str(product.id("dossier")) for product in products],
                },
            )
            yield
