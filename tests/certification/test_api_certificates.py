from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.clock import today
from chassis.web.doors import table
from regulation.acting import Role
from tests.builders.certification import (
    a_case,
    a_certificate,
    an_authority,
)
from tests.builders.certification_desk import slug


def revocation(**changes):
    given = {"ground": "mark-misused", "decision_number": "5", "on": "2024-06-30"}
    return given | changes


def test_a_certificate_is_revoked(desk):
    certificate = desk.keep_certificate(a_certificate())

    answer = desk.post(f"/certificates/{certificate.id}/revoke", revocation())

    assert (answer.status_code, answer.json["status"]) == (200, "revoked")
    assert answer.json["revocation"] == revocation()
    assert desk.acts_on(certificate.dossier_id) == [("revoke", "certifying-authority")]


@pytest.mark.parametrize(
    ("pack_id", "changes", "expected"),
    [
        ("QD26-2026", {"ground": "bad-mood"}, (422, "unknown-ground")),
        ("QD26-2026", {"on": "2024-06-23"}, (422, "date-before-last-act")),
        ("QD26-2026", {"on": "9999-01-01"}, (422, "date-in-future")),
        ("QD148-2023", {"ground": "not-renewed"}, (409, "not-revocable")),
        ("QD1048-2019", {}, (409, "not-revocable")),
    ],
)
def test_an_unfit_revocation_is_refused_by_name(desk, pack_id, changes, expected):
    certificate = desk.keep_certificate(a_certificate(pack_id))

    answer = desk.post(f"/certificates/{certificate.id}/revoke", revocation(**changes))

    assert slug(answer) == expected
    assert desk.get(f"/certificates/{certificate.id}").json["status"] == "valid"


def test_a_certificate_is_revoked_once(desk):
    path = f"/certificates/{desk.keep_certificate(a_certificate()).id}/revoke"
    desk.post(path, revocation())

    assert slug(desk.post(path, revocation())) == (409, "already-revoked")


def test_a_foreign_authority_revokes_nothing(desk):
    certificate = desk.keep_certificate(a_certificate())

    answer = desk.post(
        f"/certificates/{certificate.id}/revoke", revocation(), by=an_authority("01")
    )

    assert slug(answer) == (403, "not-allowed")


def test_certificates_are_found_by_number(desk):
    desk.decide(*desk.keep(a_case(), a_case()))

    found = desk.get("/certificates?number=0002/GCN-OCOP-38-2024").json

    assert [each["number"] for each in found] == ["0002/GCN-OCOP-38-2024"]
    assert desk.get("/certificates?number=0003/GCN-OCOP-38-2024").json == []
    assert desk.get("/certificates", an_authority("01")).json == []


def test_anybody_may_verify_a_certificate(desk):
    case = desk.keep(a_case())[0]
    certificate = desk.decide(case).json["certificates"][0]

    answer = desk.get(f"/verify/{certificate['id']}", by=None)

    assert answer.json == {
        "number": "0001/GCN-OCOP-38-2024",
        "product_name": "Nước mắm (mẫu)",
        "producer": "Hợp tác xã (mẫu)",
        "product_code": "38-15871-1-2024",
        "star": 4,
        "level": "province",
        "decision_number": "81/QĐ-UBND",
        "issued_on": "2024-06-24",
        "expires_on": "2027-06-24",
        "status": certificate["status"],
    }


def test_verifying_tells_a_revocation_and_an_end_apart(desk):
    ended = desk.keep_certificate(
        a_certificate("QD148-2023", issued_on=today() - timedelta(days=1200))
    )
    revoked = desk.keep_certificate(a_certificate(serial=2))
    desk.post(f"/certificates/{revoked.id}/revoke", revocation())

    shown = [desk.get(f"/verify/{each.id}", by=None).json for each in (ended, revoked)]

    assert [each["status"] for each in shown] == ["expired", "revoked"]
    assert shown[1]["revoked_on"] == "2024-06-30"


@pytest.mark.parametrize("path", ["/verify", "/certificates", "/cases", "/decisions"])
def test_what_does_not_exist_is_not_found(desk, path):
    assert slug(desk.get(f"{path}/{uuid4()}"))[0] == 404


def test_a_stranger_finds_one_door_open(desk):
    opened = {path for _, path, roles in table(desk.app) if not roles}

    assert opened == {
        "/certification/openapi.json",
        "/certification/docs",
        "/certification/health",
        "/certification/verify/<uuid:certificate_id>",
    }


def test_only_authorities_may_act(desk):
    doors = {roles for verb, _, roles in table(desk.app) if verb != "GET"}

    assert doors == {(Role.AUTHORITY,)}
