from uuid import UUID

import pytest

from regulation.acting import Place, Role
from tests.builders.certification import (
    COMMUNE,
    DISTRICT,
    FIVE,
    FOUR,
    PROVINCE,
    THREE,
    a_case,
    a_referred_case,
    an_actor,
)
from tests.builders.certification_desk import DISTRICTS, PROVINCES, RESULT, slug


def test_a_case_shows_what_was_scored_and_what_it_awaits(desk):
    (case,) = desk.keep(a_case("QD148-2023", level="district", **FOUR))

    shown = desk.get(f"/cases/{case.id}").json

    assert (shown["status"], shown["awaits"], shown["level"]) == (
        "with-council",
        "council",
        "province",
    )
    assert shown["score"]["mean"] == "78.25"
    assert shown["score"]["outcome"] == {"act": "refer", "level": "province", "star": 4}
    assert (shown["pack"], shown["district"]) == ("QD148-2023", DISTRICT)


@pytest.mark.parametrize(
    ("role", "area", "status"),
    [
        (Role.AUTHORITY, PROVINCE, 200),
        (Role.OCOP_OFFICER, DISTRICT, 200),
        (Role.COMMUNE_OFFICER, COMMUNE, 200),
        (Role.MEMBER, PROVINCE, 200),
        (Role.AUTHORITY, "400", 403),
        (Role.COMMUNE_OFFICER, "15865", 403),
        (Role.PRODUCER, PROVINCE, 403),
    ],
)
def test_a_case_is_seen_in_its_own_area(desk, role, area, status):
    (case,) = desk.keep(a_case("QD148-2023"))

    assert desk.get(f"/cases/{case.id}", an_actor(role, area)).status_code == status


def test_a_producer_sees_its_own_case_and_certificate(desk):
    (case,) = desk.keep(a_case())
    producer = an_actor(Role.PRODUCER, str(case.product.subject_id))
    certificate = desk.decide(case).json["certificates"][0]

    assert desk.get(f"/cases/{case.id}", producer).status_code == 200
    assert desk.get(f"/certificates/{certificate['id']}", producer).status_code == 200
    assert desk.get("/cases", producer).status_code == 403


def test_cases_are_listed_by_area_and_status_in_pages(desk):
    there = Place(province=PROVINCE, district="400", commune="16015")
    here = sorted(
        case.id
        for case in desk.keep(*(a_case("QD148-2023", level="district", **THREE) for _ in range(3)))
    )
    desk.keep(
        a_case("QD148-2023", level="district", **FOUR),
        a_case("QD148-2023", place=there, level="district", **THREE),
    )

    path = "/cases?status=awaits-decision&limit=2"
    first = desk.get(path, DISTRICTS).json
    rest = desk.get(f"{path}&after={first[-1]['id']}", DISTRICTS).json

    assert [UUID(case["id"]) for case in first + rest] == here
    assert len(first) == 2
    assert len(desk.get("/cases", PROVINCES).json) == 5


@pytest.mark.parametrize("query", ["status=asleep", "limit=0", "limit=1000", "after=x"])
def test_an_unfit_query_is_refused(desk, query):
    assert desk.get(f"/cases?{query}").status_code == 422


def test_a_candidate_goes_to_the_ministry_and_comes_back_certified(desk):
    (case,) = desk.keep(a_case(**FIVE))
    path = f"/cases/{case.id}"

    referred = desk.post(f"{path}/refer", {"decision_number": "7", "on": "2024-06-20"})
    result = desk.post(f"{path}/national-result", RESULT | {"decision_number": "3/QĐ-BNNMT"})

    assert (referred.status_code, referred.json["status"]) == (200, "referred")
    assert referred.json["referral"] == {"decision_number": "7", "on": "2024-06-20"}
    assert (result.status_code, result.json["status"]) == (200, "certified")
    assert result.json["national"]["mean"] == "91.5"
    certificate = desk.get(f"/certificates/{result.json['certificate_id']}").json
    assert (certificate["level"], certificate["star"]) == ("national", 5)
    assert [act for act, _ in desk.acts_on(case.id)] == ["refer", "record-national-result"]


def test_a_lower_national_result_is_recognised_by_the_province(desk):
    (case,) = desk.keep(a_referred_case())
    path = f"/cases/{case.id}"
    desk.post(f"{path}/national-result", RESULT | {"star": 4, "mean": "85"})

    answer = desk.post(
        f"{path}/recognise-national-result", {"decision_number": "90", "on": "2024-06-30"}
    )

    assert (answer.status_code, answer.json["status"], answer.json["star"]) == (
        200,
        "certified",
        4,
    )
    assert desk.acts_on(case.id)[-1][0] == "recognise-national-result"


@pytest.mark.parametrize(
    ("make", "act", "body", "expected"),
    [
        (a_case, "refer", {"decision_number": "7"}, (409, "not-awaiting-referral")),
        (a_referred_case, "refer", {"decision_number": "7"}, (409, "not-awaiting-referral")),
        (a_case, "refer", {}, (422, "unprocessable-entity")),
        (a_case, "national-result", RESULT, (409, "not-referred")),
        (a_referred_case, "national-result", RESULT | {"mean": "89"}, (422, "star-above-mean")),
        (a_referred_case, "national-result", RESULT | {"mean": "101"}, (422, "mean-out-of-range")),
        (
            a_referred_case,
            "national-result",
            RESULT | {"mean": "NaN"},
            (422, "unprocessable-entity"),
        ),
        (a_referred_case, "national-result", RESULT | {"star": 6}, (422, "unprocessable-entity")),
        (
            a_case,
            "recognise-national-result",
            {"decision_number": "9"},
            (409, "no-national-result"),
        ),
    ],
)
def test_an_act_out_of_turn_is_refused_by_name(desk, make, act, body, expected):
    (case,) = desk.keep(make())

    answer = desk.post(f"/cases/{case.id}/{act}", body)

    assert slug(answer) == expected
    assert desk.acts_on(case.id) == []


def test_a_national_result_is_recorded_once(desk):
    (case,) = desk.keep(a_referred_case())
    path = f"/cases/{case.id}/national-result"
    desk.post(path, RESULT)

    assert slug(desk.post(path, RESULT)) == (409, "result-already-recorded")


@pytest.mark.parametrize("act", ["refer", "national-result", "recognise-national-result"])
def test_what_the_ministry_is_told_is_the_provinces_to_say(desk, act):
    (case,) = desk.keep(a_referred_case("QD148-2023"))
    body = RESULT if act == "national-result" else {"decision_number": "7"}

    assert slug(desk.post(f"/cases/{case.id}/{act}", body, by=DISTRICTS)) == (403, "not-allowed")


def test_an_act_on_an_older_version_is_refused(desk):
    (case,) = desk.keep(a_case(**FIVE))

    answer = desk.post(f"/cases/{case.id}/refer", {"decision_number": "7"}, **{"If-Match": '"9"'})

    assert slug(answer) == (412, "version-mismatch")
