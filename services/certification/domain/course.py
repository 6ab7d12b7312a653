"""How a case went: to the ministry and back, and how often its authority had the product assessed anew."""

from dataclasses import dataclass
from datetime import date

from services.certification.domain.score import NationalResult, Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """How a candidate went to the ministry: by the decision that approved the council's result."""

    decision_number: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An authority's decision to have a product assessed anew, and its grounds."""

    decision_number: str
    grounds: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One way through council and ministry, which an order ended; kept as it was."""

    score: Score
    referral: Referral
    national: NationalResult
    order: Order
