"""A decision: one authority's word on a batch of dossiers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from regulation.acting import Actor
from regulation.days import require_order
from regulation.refusals import NotFound, Refusal
from services.certification.domain.case import Case
from services.certification.domain.certificate import Ruling


class UnknownDecision(NotFound):
    """There is no such decision."""

    slug = "unknown-decision"


class DecisionNumberTaken(Refusal):
    """An authority gives a number once a year."""

    slug = "decision-number-taken"


class MoreThanOneAuthority(Refusal):
    """A decision is signed by one authority; its dossiers belong to that authority's area."""

    slug = "more-than-one-authority"


@dataclass(slots=True, kw_only=True)
class Decision:
    """A decision on a batch; `area` is the code of the unit whose authority signed it."""

    id: UUID
    number: str
    level: str
    area: str
    province: str
    decided_on: date
    signed_by_office: str
    dossiers: tuple[UUID, ...]
    version: int = 0

    @classmethod
    def sign(
        cls,
        cases: Sequence[Case],
        *,
        id: UUID,
        by: Actor,
        number: str,
        level: str,
        decided_on: date,
        signed_by_office: str,
        today: date,
    ) -> Self:
        """A decision over these cases, at least one.

        Raises NotAllowed, MoreThanOneAuthority, DateInFuture. What each case says to it, `certify`
        tells.
        """
        first = cases[0].product
        for case in cases:
            case.require_authority(by, level)
            if case.product.area(level) != first.area(level):
                raise MoreThanOneAuthority(f"dossiers: {case.id} belongs to another authority")
        require_order(decided_on, today=today, last=None, field="decided_on")
        return cls(
            id=id,
            number=number,
            level=level,
            area=first.area(level),
            province=first.place.province,
            decided_on=decided_on,
            signed_by_office=signed_by_office,
            dossiers=tuple(case.id for case in cases),
        )

    @property
    def ruling(self) -> Ruling:
        """What its certificates rest on."""
        return Ruling(
            number=self.number, level=self.level, on=self.decided_on, decision_id=self.id
        )
