"""Builders for evaluation's tests: councils, rounds, products, assessments at every step, actors, events, a desk."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from werkzeug.test import TestResponse

from chassis.database import Database
from chassis.identity import Tokens
from chassis.settings import Settings, read
from contracts import registration
from contracts.envelope import Event
from regulation.acting import Actor, Grant, Place, Role
from regulation.criteria import CriteriaSet
from services.evaluation.api import make_app
from services.evaluation.domain.assessment import Assessment
from services.evaluation.domain.council import Council, Member, Regulation, Seat
from services.evaluation.domain.facts import AdvisoryReport, Finding, Product
from services.evaluation.domain.levels import open_assessment
from services.evaluation.domain.round import Round
from services.evaluation.domain.sheet import ScoreSheet

PROVINCE, DISTRICT, COMMUNE = "38", "399", "15871"
COMMUNE_2026 = "16012"
OLD, NEW = "QD148-2023", "QD26-2026"
SETS = {OLD: "QD148-PARTS", NEW: "QD26-01"}
VERIFIED, ADMITTED, CONCLUDED = date(2024, 5, 10), date(2024, 5, 20), date(2024, 5, 28)
TODAY = date(2026, 9, 1)
AT = datetime(2024, 5, 28, 3, tzinfo=UTC)
PARTS = {"A": 31, "B": 19, "C": 26}
"""76 points under 148/2023."""


def an_actor(role: Role, area: str = DISTRICT, *, id: str = "somebody", **more: str) -> Actor:
    grants = [Grant(role=role, area=area)]
    grants += [Grant(role=Role(name), area=where) for name, where in more.items()]
    return Actor(id=id, grants=tuple(grants))


def a_secretary(area: str = DISTRICT) -> Actor:
    return an_actor(Role.SECRETARY, area, id="secretary")


def a_member(number: int, area: str = DISTRICT) -> Actor:
    return an_actor(Role.MEMBER, area, id=f"member-{number}")


def members(count: int, **of_seats: Any) -> tuple[Member, ...]:
    """`member-1` is the chair; then members."""
    seats = [Seat.CHAIR, *([Seat.MEMBER] * (count - 1))]
    return tuple(
        Member(id=f"member-{number}", role=seat, **of_seats)
        for number, seat in enumerate(seats, 1)
    )


def a_council(count: int = 3, *, more: Sequence[Member] = (), **changes: Any) -> Council:
    rules = {name: changes.pop(name) for name in list(changes) if name in Regulation.__slots__}
    given: dict[str, Any] = {
        "id": uuid4(),
        "level": "district",
        "area": DISTRICT,
        "valid_from": date(2024, 1, 1),
        "valid_to": date(2024, 12, 31),
        "regulation": Regulation(**rules),
        "members": (*members(count), *more),
    }
    return Council(**given | changes)


def a_round(council: Council, **changes: Any) -> Round:
    given: dict[str, Any] = {
        "id": uuid4(),
        "council_id": council.id,
        "name": "Đợt 1 năm 2024 (mẫu)",
        "year": 2024,
        "number": 1,
        "starts_on": date(2024, 5, 15),
        "ends_on": date(2024, 6, 15),
    }
    return Round(**given | changes)


def a_product(pack_id: str = OLD, **changes: Any) -> Product:
    new = pack_id == NEW
    product = Product(
        dossier_id=uuid4(),
        subject_id=uuid4(),
        product_name="Mắm tép (mẫu)",
        producer="Hợp tác xã (mẫu)",
        criteria_set=SETS[pack_id],
        purpose="first",
        registration_number="01-01/PĐK-38-15871-2024",
        product_code="38-399-15871-1-2024",
        year=2024,
        place=Place(
            province=PROVINCE,
            district=None if new else DISTRICT,
            commune=COMMUNE_2026 if new else COMMUNE,
        ),
        received_on=VERIFIED - timedelta(days=9),
        verified_on=VERIFIED,
        request_letter="12/UBND-2024 (mẫu)",
        findings=(Finding(topic="local_material", met=True),),
    )
    return replace(product, **changes)


def an_assessment(pack_id: str = OLD, **changes: Any) -> Assessment:
    """Waiting for a round."""
    return open_assessment(a_product(pack_id, **changes), pack_id=pack_id)


def an_admitted(council: Council | None = None, **changes: Any) -> tuple[Assessment, Council]:
    """In a round of the council, nobody has declared."""
    council = council or a_council()
    assessment = an_assessment(**changes)
    assessment.admit(council, a_round(council), by=a_secretary(), on=ADMITTED, today=TODAY)
    return assessment, council


def a_declared(council: Council | None = None, **changes: Any) -> tuple[Assessment, Council]:
    """Every member has declared that he has no interest."""
    assessment, council = an_admitted(council, **changes)
    for member in council.scorers:
        declares(assessment, council, member.id)
    return assessment, council


def declares(
    assessment: Assessment, council: Council, member: str, *, conflict: bool = False
) -> None:
    by = an_actor(Role.MEMBER, council.area, id=member)
    assessment.declare(council, by=by, conflict=conflict, ground=None, at=AT)


def a_sheet(
    member: str | int, *, round: int = 1, submitted: bool = True, **points: int
) -> ScoreSheet:
    """Part totals under 148/2023; 76 points unless told otherwise."""
    name = f"member-{member}" if isinstance(member, int) else member
    return ScoreSheet(
        id=uuid4(),
        assessment_id=uuid4(),
        member=name,
        round=round,
        choices=PARTS | points,
        submitted_at=AT if submitted else None,
    )


def sheets(count: int = 3, **points: int) -> list[ScoreSheet]:
    return [a_sheet(number, **points) for number in range(1, count + 1)]


def an_opened(
    council: Council | None = None, *, scored: list[ScoreSheet] | None = None, **changes: Any
) -> tuple[Assessment, Council, list[ScoreSheet]]:
    """Everybody has submitted: `(assessment, council, sheets)`."""
    assessment, council = a_declared(council, **changes)
    scored = scored if scored is not None else sheets(len(council.seats))
    assessment.open_if_complete(council, scored)
    return assessment, council, scored


def a_report(**changes: Any) -> AdvisoryReport:
    return replace(AdvisoryReport(number="5/BC-TTV (mẫu)", conforms=True, on=ADMITTED), **changes)


def best(criteria_set: CriteriaSet, **changes: int) -> dict[str, int]:
    """The option with the most points in every criterion; a keyword `c1_3=1` ticks 1.3 otherwise."""
    ticks = {
        c.code: max(c.scale, key=lambda no: (c.scale[no], -no)) for c in criteria_set.criteria
    }
    return ticks | {name[1:].replace("_", "."): no for name, no in changes.items()}


def a_verified_event(product: Product, pack_id: str = OLD, **changes: Any) -> Event:
    """What registration says when a commune has verified a dossier."""
    place = product.place
    data = registration.CommuneVerified().dump(
        {name: getattr(product, name) for name in Product.__slots__ if name != "place"}
        | {"province": place.province, "district": place.district, "commune": place.commune}
    )
    return _event("CommuneVerified", product, data, pack_id, **changes)


def a_withdrawn_event(product: Product, pack_id: str = OLD, **changes: Any) -> Event:
    """What registration says when a producer takes a dossier back."""
    place = product.place
    data = registration.DossierWithdrawn().dump(
        {
            "dossier_id": product.dossier_id,
            "province": place.province,
            "district": place.district,
            "commune": place.commune,
            "withdrawn_on": VERIFIED,
        }
    )
    return _event("DossierWithdrawn", product, data, pack_id, **{"sequence": 2} | changes)


def a_named_event(subject_id: UUID, person: str | None, *, sequence: int = 1) -> Event:
    """What registration says of a subject's legal representative."""
    data = registration.RepresentativeNamed().dump(
        {
            "subject_id": subject_id,
            "representative": person,
            "province": PROVINCE,
            "district": DISTRICT,
            "commune": COMMUNE,
            "named_on": VERIFIED,
        }
    )
    return Event(
        id=uuid4(),
        source=f"/vn/{PROVINCE}/registration",
        type="RepresentativeNamed",
        subject=str(subject_id),
        time=AT,
        sequence=sequence,
        correlationid=str(subject_id),
        body=json.dumps(data, ensure_ascii=False),
    )


def _event(
    type_: str, product: Product, data: dict[str, Any], pack_id: str, **changes: Any
) -> Event:
    event = Event(
        id=uuid4(),
        source=f"/vn/{PROVINCE}/registration",
        type=type_,
        subject=str(product.dossier_id),
        time=AT,
        sequence=1,
        correlationid=str(product.dossier_id),
        body=json.dumps(data, ensure_ascii=False),
        rulepack=pack_id,
    )
    return replace(event, **changes)


def the_settings(data: Path) -> Settings:
    return read({"OCOP_DATA": str(data), "OCOP_TOKEN_SECRET": "s" * 40})


class Desk:
    """Evaluation's API with somebody in front of it."""

    def __init__(self, database: Database, data: Path) -> None:
        settings = the_settings(data)
        self.app: Flask = make_app(database, settings)
        self._tokens = Tokens(settings)
        self._client = self.app.test_client()

    def ask(
        self, verb: str, path: str, who: Actor | None, body: Any = None, **headers: str
    ) -> TestResponse:
        """One request under /evaluation; `If_Match="1"` becomes a header."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if who is not None:
            sent["Authorization"] = f"Bearer {self._tokens.mint(who, lasts=timedelta(hours=1))}"
        return self._client.open(f"/evaluation{path}", method=verb, json=body, headers=sent)

    def raw(self, verb: str, path: str, who: Actor, body: str) -> TestResponse:
        """One request with a body that is sent as it stands."""
        token = self._tokens.mint(who, lasts=timedelta(hours=1))
        return self._client.open(
            f"/evaluation{path}",
            method=verb,
            data=body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )

    def done(self, verb: str, path: str, who: Actor, body: Any = None) -> Any:
        """One request that must succeed: its JSON."""
        response = self.ask(verb, path, who, body)
        assert response.status_code < 300, response.get_data(as_text=True)
        return response.json

    def set_up(
        self, count: int = 3, *, area: str = DISTRICT, regulation: Any = None, more: Any = ()
    ) -> tuple[UUID, UUID]:
        """A council of `member-1` (chair) … and its round: their ids."""
        council, round_ = uuid4(), uuid4()
        seats = [
            {"id": f"member-{n}", "role": "chair" if n == 1 else "member", "agency": "Sở (mẫu)"}
            for n in range(1, count + 1)
        ]
        self.done(
            "PUT",
            f"/councils/{council}",
            a_secretary(area),
            {
                "level": "district" if len(area) == 3 else "province",
                "area": area,
                "valid_from": "2024-01-01",
                "valid_to": "2026-12-31",
                "regulation": regulation or {},
                "members": [*seats, *more],
            },
        )
        self.done(
            "PUT",
            f"/rounds/{round_}",
            a_secretary(area),
            {
                "council_id": str(council),
                "name": "Đợt 1 (mẫu)",
                "year": 2024,
                "number": 1,
                "starts_on": "2024-05-15",
                "ends_on": "2026-12-15",
            },
        )
        return council, round_

    def admit(
        self, path: str, round_: UUID, *, area: str = DISTRICT, on: str = "2024-05-20"
    ) -> Any:
        body = {"round_id": str(round_), "on": on}
        return self.done("POST", f"{path}/admit", a_secretary(area), body)

    def score(
        self, path: str, number: int, choices: dict[str, int], *, area: str = DISTRICT
    ) -> Any:
        """Declare, fill in, submit."""
        who = a_member(number, area)
        self.done("POST", f"{path}/declarations", who, {"conflict": False})
        self.done("PUT", f"{path}/sheet", who, {"choices": choices})
        return self.done("POST", f"{path}/sheet/submit", who)
