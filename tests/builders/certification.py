"""Builders for certification's tests: products, scores, cases, actors, events, all changed by keywords."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from contracts import evaluation
from contracts.envelope import Event, from_structured
from regulation.acting import Actor, Grant, Place, Role
from regulation.packs import pack
from regulation.procedure import outcome
from services.certification.domain.case import Case
from services.certification.domain.certificate import Certificate, Ruling
from services.certification.domain.course import Course, Order
from services.certification.domain.decision import Decision
from services.certification.domain.product import Product
from services.certification.domain.score import NationalResult, Score

PROVINCE, DISTRICT, COMMUNE = "38", "399", "15871"
SCORED_ON, DECIDED_ON, TODAY = date(2024, 6, 10), date(2024, 6, 24), date(2024, 7, 1)
ORDERED_ON = date(2024, 6, 27)
EXAMPLES = Path(__file__).parents[2] / "contracts" / "examples"

THREE, FOUR, FIVE = (
    {"mean": "63.5", "star": 3},
    {"mean": "78.25", "star": 4},
    {"mean": "93.0", "star": 5},
)


def an_actor(role: Role, *areas: str) -> Actor:
    return Actor(id="somebody", grants=tuple(Grant(role=role, area=area) for area in areas))


def an_authority(*areas: str) -> Actor:
    return an_actor(Role.AUTHORITY, *(areas or (PROVINCE,)))


def a_place(pack_id: str) -> Place:
    """In a district where the pack's levels know districts."""
    district = DISTRICT if "district" in pack(pack_id).levels else None
    return Place(province=PROVINCE, district=district, commune=COMMUNE)


def a_product(pack_id: str = "QD26-2026", **changes: Any) -> Product:
    product = Product(
        subject_id=uuid4(),
        name="Nước mắm (mẫu)",
        producer="Hợp tác xã (mẫu)",
        code="38-15871-1-2024",
        criteria_set="QD26-11",
        purpose="first",
        registration_number="01-01/PĐK-38-15871-2024",
        year=2024,
        place=a_place(pack_id),
        pack_id=pack_id,
    )
    return replace(product, **changes)


def a_score(
    pack_id: str = "QD26-2026",
    *,
    level: str = "province",
    mean: str = "78.25",
    star: int = 4,
    **changes: Any,
) -> Score:
    """With the outcome that the pack gives it."""
    score = Score(
        assessment_id=uuid4(),
        level=level,
        mean=mean,
        star=star,
        on=SCORED_ON,
        outcome=outcome(
            pack(pack_id), level=level, rating_star=star, mean=Fraction(Decimal(mean))
        ),
    )
    return replace(score, **changes)


def a_case(
    pack_id: str = "QD26-2026", *, id: UUID | None = None, place: Place | None = None, **score: Any
) -> Case:
    """Scored at the province with four stars, unless told otherwise."""
    product = a_product(pack_id, **({"place": place} if place else {}))
    return Case.open(id=id or uuid4(), product=product, score=a_score(pack_id, **score))


def a_referred_case(pack_id: str = "QD26-2026", **changes: Any) -> Case:
    case = a_case(pack_id, **FIVE, **changes)
    case.refer(by=an_authority(), decision_number="7/QĐ-UBND", on=DECIDED_ON, today=TODAY)
    return case


def a_lower_case(pack_id: str = "QD26-2026", *, star: int = 4, mean: str = "85") -> Case:
    """Back from the ministry with less than five stars."""
    case = a_referred_case(pack_id)
    result = a_result(star=star, mean=Decimal(mean))
    case.record_national_result(result, by=an_authority(), today=TODAY)
    return case


def an_order(**changes: Any) -> Order:
    order = Order(
        decision_number="95/QĐ-UBND",
        grounds="Sản phẩm đã bổ sung phiếu kiểm nghiệm (mẫu)",
        on=ORDERED_ON,
    )
    return replace(order, **changes)


def a_course(*, assessment_id: UUID, **order: Any) -> Course:
    """What an order has ended."""
    (course,) = a_case_assessed_anew().earlier
    score = replace(course.score, assessment_id=assessment_id)
    return replace(course, score=score, order=an_order(**order))


def a_case_assessed_anew(**changes: Any) -> Case:
    """The province's council is to score it once more."""
    case = a_lower_case()
    case.order_new_assessment(an_order(**changes), by=an_authority(), today=TODAY)
    return case


def a_result(**changes: Any) -> NationalResult:
    result = NationalResult(
        mean=Decimal("91.5"), star=5, document="12/TB-BNNMT (mẫu)", on=DECIDED_ON
    )
    return replace(result, **changes)


def a_ruling(**changes: Any) -> Ruling:
    return replace(Ruling(number="81/QĐ-UBND", level="province", on=DECIDED_ON), **changes)


def a_decision(*cases: Case, by: Actor | None = None, **changes: Any) -> Decision:
    given = {
        "id": uuid4(),
        "number": "81/QĐ-UBND",
        "level": "province",
        "decided_on": DECIDED_ON,
        "signed_by_office": "UBND tỉnh (mẫu)",
        "today": TODAY,
    }
    return Decision.sign(cases, by=by or an_authority(), **given | changes)


def a_certificate(
    pack_id: str = "QD26-2026",
    *,
    issued_on: date = DECIDED_ON,
    star: int = 4,
    serial: int = 1,
    **changes: Any,
) -> Certificate:
    level = changes.pop("level", pack(pack_id).authority(star))
    return Certificate.issue(
        dossier_id=changes.pop("dossier_id", None) or uuid4(),
        product=a_product(pack_id, **changes),
        star=star,
        by=a_ruling(level=level, on=issued_on),
        serial=serial,
    )


def an_example(type_: str, **changes: Any) -> Event:
    """The contracts' example of a type, with fields of its data changed."""
    document = json.loads((EXAMPLES / f"{type_}.json").read_text("utf-8"))
    document["data"] |= changes
    return from_structured(document)


def a_scored_event(
    pack_id: str = "QD148-2023",
    *,
    level: str = "district",
    sequence: int = 1,
    dossier_id: UUID | None = None,
    score: Score | None = None,
    place: Place | None = None,
    **changes: Any,
) -> Event:
    """What evaluation says when a council has closed its assessment."""
    dossier_id = dossier_id or uuid4()
    contract = {
        "district": evaluation.ScoredAtDistrict(),
        "province": evaluation.ScoredAtProvince(),
    }[level]
    score = score or a_score(pack_id, level=level, **changes)
    data = contract.dump(_scored_data(dossier_id, a_product(pack_id), score, place))
    return Event(
        id=uuid4(),
        source=f"/vn/{PROVINCE}/evaluation",
        type=type(contract).__name__,
        subject=str(dossier_id),
        time=datetime(2024, 6, 10, 3, tzinfo=UTC),
        sequence=sequence,
        correlationid=str(dossier_id),
        body=json.dumps(data, ensure_ascii=False),
        rulepack=pack_id,
    )


def _scored_data(
    dossier_id: UUID, product: Product, score: Score, place: Place | None
) -> dict[str, Any]:
    place = place or product.place
    return {
        "dossier_id": dossier_id,
        "assessment_id": score.assessment_id,
        "subject_id": product.subject_id,
        "product_name": product.name,
        "producer": product.producer,
        "criteria_set": product.criteria_set,
        "purpose": product.purpose,
        "registration_number": product.registration_number,
        "product_code": product.code,
        "year": product.year,
        "province": place.province,
        "district": place.district,
        "commune": place.commune,
        "scored_on": score.on,
        "members": 7,
        "mean": score.mean,
        "parts": {"A": "30", "B": "20", "C": "28.25"},
        "band": score.star,
        "gates_missed": {},
        "knocked_out": False,
        "star": score.star,
        "outcome": score.outcome,
    }
