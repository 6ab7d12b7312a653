"""Ordering a new assessment over HTTP: who may, what is refused, what is on record."""

import pytest

from chassis import acts
from chassis.outbox import outbox
from regulation.acting import Role
from tests.builders.certification import (
    COMMUNE,
    FIVE,
    PROVINCE,
    a_case,
    a_case_assessed_anew,
    a_lower_case,
    a_referred_case,
    an_actor,
    an_authority,
)
from tests.builders.certification_desk import DISTRICTS, slug

ORDER = {"decision_number": "95", "grounds": "Bổ sung minh chứng (mẫu)", "on": "2024-06-27"}


def everything(desk):
    """What an act could have changed: rows, news, records."""
    with desk.database.reading() as session:
        return [
            session.connection().exec_driver_sql(f"SELECT * FROM {table}").fetchall()
            for table in ("cases", "certificates", outbox.name, acts.acts.name)
        ]


def test_the_provinces_authority_orders_a_new_assessment(desk):
    (case,) = desk.keep(a_lower_case())

    answer = desk.post(f"/cases/{case.id}/order-new-assessment", ORDER)

    shown = answer.json
    assert (answer.status_code, shown["status"], shown["awaits"], shown["level"]) == (
        200,
        "with-council",
        "council",
        "province",
    )
    assert (shown["referral"], shown["national"]) == (None, None)
    (course,) = shown["earlier"]
    assert course["order"] == ORDER
    assert (course["national"]["mean"], course["score"]["mean"]) == ("85", "93.0")
    assert desk.acts_on(case.id) == [("order-new-assessment", "certifying-authority")]


def test_the_order_is_said_without_its_grounds(desk):
    (case,) = desk.keep(a_lower_case())

    desk.post(f"/cases/{case.id}/order-new-assessment", ORDER)

    with desk.database.reading() as session:
        last = session.execute(outbox.select().order_by(outbox.c.position.desc())).first()
    assert (last.type, last.subject) == ("NewAssessmentOrdered", str(case.id))
    assert ORDER["grounds"] not in str(last._mapping)


@pytest.mark.parametrize(
    ("make", "body", "expected"),
    [
        (a_case, ORDER, (409, "no-national-result")),
        (lambda: a_case(**FIVE), ORDER, (409, "no-national-result")),
        (a_referred_case, ORDER, (409, "no-national-result")),
        (a_case_assessed_anew, ORDER, (409, "no-national-result")),
        (lambda: a_lower_case("QD148-2023"), ORDER, (409, "no-new-assessment")),
        (a_lower_case, ORDER | {"on": "2024-06-01"}, (422, "date-before-last-act")),
        (a_lower_case, ORDER | {"on": "2999-01-01"}, (422, "date-in-future")),
        (a_lower_case, ORDER | {"grounds": ""}, (422, "unprocessable-entity")),
        (a_lower_case, {"grounds": "x"}, (422, "unprocessable-entity")),
        (a_lower_case, {"decision_number": "1"}, (422, "unprocessable-entity")),
    ],
)
def test_an_order_that_does_not_fit_is_refused_by_name_and_changes_nothing(
    desk, make, body, expected
):
    (case,) = desk.keep(make())
    before = everything(desk)

    answer = desk.post(f"/cases/{case.id}/order-new-assessment", body)

    assert slug(answer) == expected
    assert everything(desk) == before


@pytest.mark.parametrize(
    ("by", "status"),
    [
        (an_authority("01"), 403),
        (DISTRICTS, 403),
        (an_actor(Role.OCOP_OFFICER, PROVINCE), 403),
        (an_actor(Role.SECRETARY, PROVINCE), 403),
        (an_actor(Role.MEMBER, PROVINCE), 403),
        (an_actor(Role.COMMUNE_OFFICER, COMMUNE), 403),
        (an_actor(Role.OPERATOR, PROVINCE), 403),
        (None, 401),
    ],
)
def test_nobody_else_orders_it(desk, by, status):
    (case,) = desk.keep(a_lower_case())
    before = everything(desk)

    answer = desk.post(f"/cases/{case.id}/order-new-assessment", ORDER, by=by)

    assert answer.status_code == status
    assert everything(desk) == before


def test_an_order_that_is_sent_again_has_its_effect_once(desk):
    (case,) = desk.keep(a_lower_case())
    path = f"/cases/{case.id}/order-new-assessment"

    answers = [desk.post(path, ORDER, **{"Idempotency-Key": "once"}) for _ in range(2)]

    assert [each.status_code for each in answers] == [200, 200]
    assert len(desk.get(f"/cases/{case.id}").json["earlier"]) == 1
    assert len(desk.acts_on(case.id)) == 1
