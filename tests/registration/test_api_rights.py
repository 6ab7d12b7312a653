"""Who may what over HTTP: doors by role, areas by case; a refused request changes nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.web.doors import table
from regulation.acting import Actor, Role
from tests.builders.registration import (
    COMMUNE,
    DISTRICT,
    ELSEWHERE,
    ERAS,
    PROVINCE,
    a_producer,
    an_actor,
    an_officer,
)
from tests.registration.desk import PDF, SUBJECT, report

OFFICES = {Role.COMMUNE_OFFICER, Role.OCOP_OFFICER, Role.SECRETARY, Role.AUTHORITY}
FILERS = {Role.PRODUCER, Role.COMMUNE_OFFICER}
READERS = OFFICES | {Role.PRODUCER}

DOORS = {
    "GET /registration/dossiers": OFFICES,
    "GET /registration/dossiers/<uuid:dossier_id>": READERS | {Role.MEMBER},
    "PUT /registration/dossiers/<uuid:dossier_id>": FILERS,
    "GET /registration/dossiers/<uuid:dossier_id>/acts": OFFICES,
    "GET /registration/dossiers/<uuid:dossier_id>/checklist": READERS,
    "PUT /registration/dossiers/<uuid:dossier_id>/components": FILERS,
    "PUT /registration/dossiers/<uuid:dossier_id>/components/<code>": FILERS,
    "GET /registration/dossiers/<uuid:dossier_id>/evidence/<sha256>": READERS | {Role.MEMBER},
    "GET /registration/dossiers/<uuid:dossier_id>/forms/01": READERS,
    "GET /registration/dossiers/<uuid:dossier_id>/forms/02": READERS | {Role.MEMBER},
    "GET /registration/dossiers/<uuid:dossier_id>/forms/03": READERS | {Role.MEMBER},
    "POST /registration/dossiers/<uuid:dossier_id>/return": {Role.COMMUNE_OFFICER},
    "PUT /registration/dossiers/<uuid:dossier_id>/samples": FILERS,
    "GET /registration/dossiers/<uuid:dossier_id>/self-assessment": READERS,
    "PUT /registration/dossiers/<uuid:dossier_id>/self-assessment": FILERS,
    "POST /registration/dossiers/<uuid:dossier_id>/submit": FILERS,
    "POST /registration/dossiers/<uuid:dossier_id>/verify": {Role.COMMUNE_OFFICER},
    "POST /registration/dossiers/<uuid:dossier_id>/withdraw": FILERS,
    "POST /registration/evidence": FILERS,
    "GET /registration/ideas/<uuid:idea_id>": READERS,
    "PUT /registration/ideas/<uuid:idea_id>": FILERS,
    "POST /registration/ideas/<uuid:idea_id>/select": {Role.OCOP_OFFICER},
    "GET /registration/subjects/<uuid:subject_id>": READERS,
    "PUT /registration/subjects/<uuid:subject_id>": FILERS,
}


def test_every_door_is_open_to_whom_it_should_be(desk):
    doors = {f"{verb} {path}": set(roles or ()) for verb, path, roles in table(desk.app)}

    assert {door: roles for door, roles in doors.items() if roles} == DOORS
    assert not any("<" in door for door, roles in doors.items() if not roles)


@pytest.fixture
def case(desk):
    """A filed dossier of 2024, when there were districts, with its paths by door."""
    era = ERAS["QD148-2023"]
    dossier_id = desk.submitted(era)
    shown = desk.act("GET", f"/dossiers/{dossier_id}", an_officer())
    held = shown["components"]["M01"][0]["sha256"]
    return shown | {"held": held}


def requests_on(case):
    """Every request on an existing case: verb, path, body."""
    dossier = f"/dossiers/{case['id']}"
    subject, idea = f"/subjects/{case['subject_id']}", f"/ideas/{case['idea_id']}"
    return [
        ("GET", subject, None),
        ("PUT", subject, SUBJECT | {"phone": None}),
        ("GET", idea, None),
        ("PUT", f"/ideas/{uuid4()}", {"subject_id": case["subject_id"], "title": "Trà"}),
        ("POST", f"{idea}/select", {}),
        ("GET", dossier, None),
        ("PUT", f"/dossiers/{uuid4()}",
         {"subject_id": case["subject_id"], "purpose": "upgrade", "product_name": "Trà",
          "criteria_set": "QD26-11"}),
        ("GET", f"{dossier}/acts", None),
        ("GET", f"{dossier}/checklist", None),
        ("GET", f"{dossier}/self-assessment", None),
        ("GET", f"{dossier}/evidence/{case['held']}", None),
        ("PUT", f"{dossier}/components/M01", {"evidence": [case["held"]]}),
        ("PUT", f"{dossier}/components", {"components": {"M01": [case["held"]]}}),
        ("PUT", f"{dossier}/samples", {"count": 9}),
        ("PUT", f"{dossier}/self-assessment", {"choices": {"A": 1}}),
        ("POST", f"{dossier}/submit", {}),
        ("POST", f"{dossier}/verify", report("QD148-2023")),
        ("POST", f"{dossier}/return", {"missing": ["M01"]}),
        ("POST", f"{dossier}/withdraw", {}),
    ]  # fmt: skip


STRANGERS = {
    **{
        f"{role.value} of another area": an_actor(role, ELSEWHERE, "40", "399")
        for role in Role
        if role is not Role.PRODUCER
    },
    "another producer": a_producer(uuid4()),
    "operator": an_actor(Role.OPERATOR, PROVINCE),
    "nobody in particular": Actor(id="nobody", grants=()),
    "a producer by the commune's code": an_actor(Role.PRODUCER, COMMUNE),
}


@pytest.mark.parametrize("who", STRANGERS.values(), ids=STRANGERS.keys())
def test_a_stranger_reads_and_changes_nothing(desk, case, who):
    before = desk.book()

    refused = {
        f"{verb} {path}": desk.send(verb, path, who, data).status_code
        for verb, path, data in requests_on(case)
    }

    assert set(refused.values()) == {403}, refused
    assert desk.book() == before


@pytest.mark.parametrize("role", OFFICES | {Role.MEMBER}, ids=str)
@pytest.mark.parametrize("area", [PROVINCE, DISTRICT])
def test_higher_offices_read_and_only_the_agency_selects(desk, case, role, area):
    who = an_actor(role, area)
    before = desk.book()

    answers = {
        f"{verb} {path}": desk.send(verb, path, who, data).status_code
        for verb, path, data in requests_on(case)
    }

    if role is Role.OCOP_OFFICER:  # the idea was selected before
        assert [path for path, status in answers.items() if status == 409] == [
            f"POST /ideas/{case['idea_id']}/select"
        ]
    reading = [status for path, status in answers.items() if path.startswith("GET")]
    assert reading.count(200) == (0 if role is Role.MEMBER else 7)
    assert {status for path, status in answers.items() if status >= 400} <= {403, 409}
    assert desk.book() == before


def test_no_token_no_entry(desk, case):
    before = desk.book()

    answers = [desk.send(verb, path, None, data) for verb, path, data in requests_on(case)]
    listing = desk.send("GET", "/dossiers", None)

    assert {each.status_code for each in (*answers, listing)} == {401}
    assert {each.get_json()["slug"] for each in answers} == {"token-refused"}
    assert desk.book() == before


@pytest.mark.parametrize(
    "authorization",
    ["Bearer", "Bearer x.y.z", "Basic YTpi", "Bearer " + "a" * 5000,
     "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."],
    ids=["empty", "garbage", "basic", "long", "unsigned"],
)  # fmt: skip
def test_a_forged_token_is_refused(desk, authorization):
    response = desk.send("GET", "/dossiers", None, headers={"Authorization": authorization})

    assert (response.status_code, response.content_type) == (401, "application/problem+json")


def test_an_expired_token_is_refused(desk, case):
    path = f"/dossiers/{case['id']}/withdraw"
    before = desk.book()

    response = desk.send("POST", path, an_officer(), {}, lasts=timedelta(minutes=-2))

    assert (response.status_code, response.get_json()["slug"]) == (401, "token-refused")
    assert desk.book() == before


def test_a_stranger_learns_no_version_by_if_match(desk, case):
    path = f"/dossiers/{case['id']}/withdraw"

    response = desk.send("POST", path, an_officer(ELSEWHERE), {}, headers={"If-Match": '"99"'})

    assert (response.status_code, response.get_json()["slug"]) == (403, "not-allowed")


def test_only_those_who_file_upload(desk):
    before = desk.book()

    refused = [
        desk.upload(PDF, who=an_actor(role, PROVINCE)).status_code for role in set(Role) - FILERS
    ]

    assert set(refused) == {403}
    assert desk.book() == before
