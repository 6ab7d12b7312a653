"""How a case's way through council and ministry is kept as JSON: figures as text, days in ISO form."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from regulation.procedure import Outcome
from services.certification.domain.course import Course, Order, Referral
from services.certification.domain.score import NationalResult, Score

Kept = dict[str, Any]


def kept_referral(referral: Referral | None) -> Kept | None:
    """None where there is none."""
    if referral is None:
        return None
    return {"decision_number": referral.decision_number, "on": referral.on.isoformat()}


def to_referral(kept: Kept | None) -> Referral | None:
    """None where there is none."""
    return None if kept is None else Referral(**_dated(kept))


def kept_national(result: NationalResult | None) -> Kept | None:
    """None where there is none."""
    if result is None:
        return None
    return {
        "mean": str(result.mean),
        "star": result.star,
        "document": result.document,
        "on": result.on.isoformat(),
    }


def to_national(kept: Kept | None) -> NationalResult | None:
    """None where there is none."""
    return None if kept is None else _national(kept)


def kept_course(course: Course) -> Kept:
    """What an order to assess anew has ended."""
    order = course.order
    return {
        "score": _kept_score(course.score),
        "referral": kept_referral(course.referral),
        "national": kept_national(course.national),
        "order": {
            "decision_number": order.decision_number,
            "grounds": order.grounds,
            "on": order.on.isoformat(),
        },
    }


def to_course(kept: Kept) -> Course:
    """What an order to assess anew has ended."""
    return Course(
        score=_score(kept["score"]),
        referral=Referral(**_dated(kept["referral"])),
        national=_national(kept["national"]),
        order=Order(**_dated(kept["order"])),
    )


def _national(kept: Kept) -> NationalResult:
    return NationalResult(**_dated(kept) | {"mean": Decimal(kept["mean"])})


def _kept_score(score: Score) -> Kept:
    outcome = score.outcome
    return {
        "assessment_id": str(score.assessment_id),
        "level": score.level,
        "mean": score.mean,
        "star": score.star,
        "on": score.on.isoformat(),
        "outcome": {"act": outcome.act, "level": outcome.level, "star": outcome.star},
    }


def _score(kept: Kept) -> Score:
    known = {"assessment_id": UUID(kept["assessment_id"]), "outcome": Outcome(**kept["outcome"])}
    return Score(**_dated(kept) | known)


def _dated(kept: Kept) -> Kept:
    return kept | {"on": date.fromisoformat(kept["on"])}
