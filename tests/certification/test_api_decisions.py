from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from chassis.clock import today
from regulation.acting import Place, Role
from tests.builders.certification import (
    COMMUNE,
    DISTRICT,
    FIVE,
    FOUR,
    PROVINCE,
    THREE,
    a_case,
    an_actor,
    an_authority,
)
from tests.builders.certification_desk import DISTRICTS, PROVINCES, slug


def test_a_decision_answers_with_its_certificates(desk):
    cases = desk.keep(a_case(), a_case())

    answer = desk.decide(*cases)

    assert answer.status_code == 201, answer.json
    assert answer.json["dossiers"] == [str(case.id) for case in cases]
    assert [(each["number"], each["star"]) for each in answer.json["certificates"]] == [
        ("0001/GCN-OCOP-38-2024", 4),
        ("0002/GCN-OCOP-38-2024", 4),
    ]
    assert answer.headers["ETag"] == '"1"'


def test_every_dossier_of_a_decision_has_the_act_on_record(desk):
    cases = desk.keep(a_case(), a_case())

    desk.decide(*cases)

    assert [desk.acts_on(case.id) for case in cases] == [
        [("certify", "certifying-authority")],
        [("certify", "certifying-authority")],
    ]


def test_a_decision_can_be_read_by_every_role(desk):
    id = uuid4()
    given = desk.decide(*desk.keep(a_case()), id=id).json

    for role in Role:
        answer = desk.get(f"/decisions/{id}", an_actor(role, "01"))

        assert answer.json == given


def test_a_district_certifies_three_stars_of_2023(desk):
    (case,) = desk.keep(a_case("QD148-2023", level="district", **THREE))

    answer = desk.decide(case, by=DISTRICTS, level="district")

    assert answer.status_code == 201
    assert answer.json["area"] == DISTRICT
    assert answer.json["certificates"][0]["level"] == "district"


@pytest.mark.parametrize(
    ("by", "status"),
    [
        (PROVINCES, 201),
        (an_authority("01"), 403),
        (an_authority(DISTRICT), 403),
        (an_authority(COMMUNE), 403),
        (an_actor(Role.OPERATOR, PROVINCE), 403),
        (an_actor(Role.SECRETARY, PROVINCE), 403),
        (an_actor(Role.MEMBER, PROVINCE), 403),
        (an_actor(Role.OCOP_OFFICER, PROVINCE), 403),
        (an_actor(Role.COMMUNE_OFFICER, COMMUNE), 403),
        (an_actor(Role.PRODUCER, PROVINCE), 403),
        (None, 401),
    ],
    ids=lambda value: None if isinstance(value, int) else value and str(value.grants),
)
def test_only_the_provinces_authority_decides_for_the_province(desk, by, status):
    (case,) = desk.keep(a_case())

    assert desk.decide(case, by=by).status_code == status


def test_a_district_has_no_say_in_another_district(desk):
    there = Place(province=PROVINCE, district="400", commune="16015")
    (case,) = desk.keep(a_case("QD148-2023", place=there, level="district", **THREE))

    answer = desk.decide(case, by=DISTRICTS, level="district")

    assert slug(answer) == (403, "not-allowed")


def test_a_batch_is_certified_whole_or_not_at_all(desk):
    good, referred = desk.keep(a_case(), a_case(**FIVE))

    answer = desk.decide(good, referred)

    assert slug(answer) == (409, "not-awaiting-decision")
    assert str(referred.id) in answer.json["title"]
    assert desk.get(f"/cases/{good.id}").json["status"] == "awaits-decision"
    assert desk.get("/certificates").json == []
    assert desk.acts_on(good.id) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"level": "district"}, (403, "not-allowed")),
        ({"level": "national"}, (409, "wrong-level")),
        ({"decided_on": "2024-06-09"}, (422, "date-before-last-act")),
        ({"decided_on": "9999-12-31"}, (422, "date-in-future")),
        ({"decided_on": "yesterday"}, (422, "unprocessable-entity")),
        ({"number": ""}, (422, "unprocessable-entity")),
        ({"number": "8\u00001"}, (422, "unprocessable-entity")),
        ({"number": 81}, (422, "unprocessable-entity")),
        ({"dossiers": []}, (422, "unprocessable-entity")),
        ({"dossiers": ["x"]}, (422, "unprocessable-entity")),
        ({"dossiers": [str(UUID(int=1))] * 2}, (422, "unprocessable-entity")),
        ({"dossiers": [str(UUID(int=1))]}, (404, "unknown-case")),
        ({"extra": 1}, (422, "unprocessable-entity")),
    ],
)
def test_an_unfit_decision_is_refused_by_name(desk, changes, expected):
    (case,) = desk.keep(a_case("QD148-2023", **FOUR))

    answer = desk.decide(case, **changes)

    assert slug(answer) == expected
    assert desk.get(f"/cases/{case.id}").json["status"] == "awaits-decision"


def test_a_decision_of_tomorrow_is_refused_by_its_field(desk):
    (case,) = desk.keep(a_case())

    answer = desk.decide(case, decided_on=(today() + timedelta(days=1)).isoformat())

    assert slug(answer) == (422, "date-in-future")
    assert answer.json["title"].startswith("decided_on:")


def test_the_same_decision_id_again_is_refused(desk):
    id, cases = uuid4(), desk.keep(a_case())
    desk.decide(*cases, id=id)

    assert slug(desk.decide(*cases, id=id)) == (409, "already-exists")


def test_the_same_decision_number_again_is_refused(desk):
    one, other = desk.keep(a_case(), a_case())
    desk.decide(one)

    assert slug(desk.decide(other)) == (409, "decision-number-taken")


def test_a_repeated_request_with_its_key_is_answered_as_before(desk):
    id, cases = uuid4(), desk.keep(a_case())
    key = {"Idempotency-Key": "k1"}

    first = desk.decide(*cases, id=id, headers=key)
    again = desk.decide(*cases, id=id, headers=key)

    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert desk.acts_on(cases[0].id) == [("certify", "certifying-authority")]
