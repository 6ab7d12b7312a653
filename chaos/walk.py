"""Leads one cohort through all acts; what must come by events first is waited for by asking again."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid5

from chaos.office import NotingOffice
from cli.demo import office
from cli.demo.acts import Acts
from cli.demo.office import ActRefused
from cli.demo.plan import NAMESPACE, Fate, Plan, Product

PATIENCE = 300.0
"""Seconds within which events must have made the next act possible."""

ASK_EVERY = 0.3


class Walk:
    """One cohort on its way."""

    def __init__(self, cohort: Plan, desk: NotingOffice, *, done: Callable[[int], None]) -> None:
        self._plan = cohort
        self._desk = desk
        self._acts = Acts(cohort, desk)
        self._done = done

    def go(self) -> None:
        """All acts of all dossiers, in the order of the law. Raises ActRefused where events never made one possible."""
        products = self._plan.products
        for product in products:
            for act in (self._acts.idea, self._acts.dossier, self._acts.commune):
                _patiently(act, product)
        verified = [p for p in products if p.fate not in (Fate.RETURNED, Fate.WITHDRAWN)]
        self._done(len(products) - len(verified))
        for level in self._acts.pack.councils:
            self._council(level, [p for p in verified if level in self._acts.levels(p)])
        for product in verified:
            if product.star == 5:
                _patiently(self._national, product)
        for product in verified:
            if _certified(product):
                _patiently(self._acts.list_product, product)
        self._done(len(verified))

    def _council(self, level: str, ranked: Sequence[Product]) -> None:
        areas: dict[str, list[Product]] = defaultdict(list)
        for product in ranked:
            areas[product.place.at(level) or ""].append(product)
        for area, products in areas.items():
            round_id = self._acts.set_up(level, area)
            for product in products:
                _patiently(self._acts.score, level, area, round_id, product)
                self._desk.promised(f"ScoredAt{level.capitalize()}", product.id("dossier"))
        self._decide(level, ranked)

    def _national(self, product: Product) -> None:
        self._acts.national(product)
        if _certified(product):
            self._desk.promised("CertifiedNational", product.id("dossier"))

    def _decide(self, level: str, ranked: Sequence[Product]) -> None:
        """One decision per deciding area over the whole cohort."""
        deciders: dict[tuple[str, str], list[Product]] = defaultdict(list)
        for product in ranked:
            authority = self._acts.pack.authority(product.final_star)
            here = self._acts.levels(product)[-1] == level
            if here and _certified(product) and authority in ("district", "province"):
                deciders[authority, product.place.at(authority) or ""].append(product)
        for (authority, area), products in deciders.items():
            _patiently(self._issue, level, authority, area, products)

    def _issue(self, level: str, authority: str, area: str, products: Sequence[Product]) -> None:
        first = products[0]
        self._desk.act(
            "PUT",
            f"/certification/decisions/{uuid5(NAMESPACE, f'{first.key}/{level}/{area}')}",
            office.authority(area),
            {
                "number": f"{first.number}-{level[:1].upper()}/QĐ-UBND-{self._plan.year}",
                "level": authority,
                "decided_on": self._plan.on(f"{level}-decision"),
                "signed_by_office": f"UBND {area} (mẫu)",
                "dossiers": [str(product.id("dossier")) for product in products],
            },
        )
        for product in products:
            self._desk.promised(f"CertifiedAt{authority.capitalize()}", product.id("dossier"))


def _certified(product: Product) -> bool:
    return product.fate in (Fate.CERTIFIED, Fate.MENDED, Fate.LOWERED)


def _patiently(act: Callable[..., None], *details: Any) -> None:
    """Do it as soon as the events that it needs have arrived; until then it is refused, and nothing is changed."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            act(*details)
        except (ActRefused, StopIteration):
            if time.monotonic() > until:
                raise
            time.sleep(ASK_EVERY)
        else:
            return
