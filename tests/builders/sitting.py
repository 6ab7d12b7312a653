"""A council at work over HTTP: a dossier heard, admitted, scored and concluded, step by step."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.database import Database
from chassis.hearing import Hearer
from chassis.identity import Tokens
from regulation.acting import Actor
from regulation.criteria import CriteriaSet
from regulation.packs import pack
from services.evaluation.domain.facts import Product
from services.evaluation.hearing import reactions
from tests.builders.evaluation import (
    NEW,
    PROVINCE,
    SETS,
    Desk,
    a_member,
    a_product,
    a_secretary,
    a_verified_event,
    best,
)

NEW_SET: CriteriaSet = pack(NEW).criteria_set(SETS[NEW])
BEST = best(NEW_SET)
"""The best option of every criterion of the set of 2026."""


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """One dossier in a round of a council, `member-1` in the chair."""

    desk: Desk
    database: Database
    area: str
    round: UUID
    product: Product
    path: str
    on: str

    @property
    def secretary(self) -> Actor:
        return a_secretary(self.area)

    def authorization(self, who: Actor) -> dict[str, str]:
        """The header that a request carries which is not JSON."""
        tokens = Tokens(self.desk.app.extensions["ocop"].settings)
        token = tokens.mint(who, lasts=timedelta(hours=1))
        return {"Authorization": f"Bearer {token}"}

    def member(self, number: int) -> Actor:
        return a_member(number, self.area)

    def declare(self, *numbers: int, conflict: bool = False, **more: Any) -> None:
        for number in numbers:
            body = {"conflict": conflict} | more
            self.desk.done("POST", f"{self.path}/declarations", self.member(number), body)

    def fill_in(self, number: int, choices: dict[str, int] | None = None) -> Any:
        body = {"choices": BEST if choices is None else choices}
        return self.desk.done("PUT", f"{self.path}/sheet", self.member(number), body)

    def submit(self, *numbers: int) -> None:
        for number in numbers:
            self.desk.done("POST", f"{self.path}/sheet/submit", self.member(number))

    def score(self, *numbers: int, choices: dict[str, int] | None = None) -> None:
        for number in numbers:
            self.fill_in(number, choices)
            self.submit(number)

    def conclude(self, **given: Any) -> Any:
        body = {"on": self.on} | given
        return self.desk.done("POST", f"{self.path}/conclude", self.secretary, body)

    def beside(self, **product: Any) -> "Sitting":
        """Another dossier in the same round."""
        other = replace(self, product=_heard(self.database, NEW, **product))
        return other._admitted()

    def above(self, *, on: str) -> "Sitting":
        """The same dossier before a council of the province."""
        _, round_ = self.desk.set_up(3, area=PROVINCE)
        return replace(self, area=PROVINCE, round=round_, on=on)._admitted()

    def waiting(self, **product: Any) -> str:
        """The path of another dossier, which waits for a round."""
        return replace(self, product=_heard(self.database, NEW, **product))._newest()

    def _newest(self) -> str:
        of = f"/assessments/of-dossier/{self.product.dossier_id}"
        return f"/assessments/{self.desk.done('GET', of, self.secretary)[-1]['id']}"

    def _admitted(self) -> "Sitting":
        path = self._newest()
        self.desk.admit(path, self.round, area=self.area, on=self.on)
        return replace(self, path=path)


def a_sitting(
    desk: Desk,
    database: Database,
    *,
    pack_id: str = NEW,
    area: str = PROVINCE,
    count: int = 3,
    regulation: Any = None,
    on: str = "2024-05-20",
    **product: Any,
) -> Sitting:
    """A dossier in a round; nobody has declared."""
    _, round_ = desk.set_up(count, area=area, regulation=regulation)
    heard = _heard(database, pack_id, **product)
    given = {"area": area, "round": round_, "product": heard, "path": "", "on": on}
    return Sitting(desk=desk, database=database, **given)._admitted()


def _heard(database: Database, pack_id: str, **product: Any) -> Product:
    made = a_product(pack_id, **product)
    Hearer(database, reactions).hear([a_verified_event(made, pack_id)])
    return made
