from datetime import date, datetime
from uuid import uuid4

import pytest
import time_machine

from chassis import acts
from chassis.clock import VIET_NAM
from regulation.acting import Place, Role
from services.promotion.storage import SqlListings
from tests.builders.promotion import (
    DISTRICT,
    TODAY,
    a_certificate,
    a_listing,
    a_product,
    a_shown_listing,
    an_officer,
)
from tests.builders.visitor import an_actor, slug

OFFICER = an_officer()


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(datetime(2024, 12, 1, 9, tzinfo=VIET_NAM), tick=True):
        yield


@pytest.fixture
def kept(database):
    """Saves listings and gives the first back."""

    def keep(*listings):
        with database.transaction() as session:
            for listing in listings:
                SqlListings(session).save(listing)
        return listings[0]

    return keep


def named(name, **changes):
    return a_shown_listing(product=a_product(name=name, **changes))


def names(answer):
    assert answer.status_code == 200, answer.text
    return [product["product_name"] for product in answer.json]


def test_an_officer_lists_a_product_and_the_public_sees_it(visitor, kept):
    listing = kept(a_listing())

    done = visitor.post(
        f"/promotion/listings/{listing.id}/list",
        {"on": "2024-08-01", "summary_vi": "Mắm cá cơm"},
        by=OFFICER,
    )

    assert (done.status_code, done.json["status"], done.headers["ETag"]) == (200, "listed", '"2"')
    shown = visitor.get(f"/promotion/products/{listing.id}").json
    assert shown["product_name"] == "Nước mắm Ba Làng (mẫu)"
    assert (shown["listed_on"], shown["summary_vi"]) == ("2024-08-01", "Mắm cá cơm")
    assert "status" not in shown


def test_an_act_without_a_day_is_of_today(visitor, kept):
    listing = kept(a_listing())

    done = visitor.post(f"/promotion/listings/{listing.id}/list", by=OFFICER)

    assert done.json["listed_on"] == str(TODAY)


def test_what_was_taken_down_is_not_shown(visitor, kept):
    listing = kept(a_shown_listing())

    done = visitor.post(
        f"/promotion/listings/{listing.id}/take-down", {"on": "2024-09-01"}, by=OFFICER
    )

    assert (done.status_code, done.json["status"]) == (200, "taken-down")
    assert slug(visitor.get(f"/promotion/products/{listing.id}")) == (404, "unknown-listing")
    assert names(visitor.get("/promotion/products")) == []


def test_an_act_is_recorded_with_its_grounds(visitor, kept, database):
    listing = kept(a_listing())

    visitor.post(f"/promotion/listings/{listing.id}/list", {"on": "2024-08-01"}, by=OFFICER)

    with database.reading() as session:
        [act] = acts.of(session, str(listing.id))
    assert (act.act, act.role) == ("list-product", "ocop-officer")
    assert act.grounds == '{"on": "2024-08-01", "star": 3}'


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"on": "2024-12-02"}, (422, "date-in-future")),
        ({"on": "2024-06-30"}, (422, "date-before-last-act")),
        ({"on": "yesterday"}, (422, "unprocessable-entity")),
        ({"on": "2024-08-01", "price": 1}, (422, "unprocessable-entity")),
        ({"summary_vi": "x" * 2001}, (422, "unprocessable-entity")),
        ({"summary_vi": "a\x00b"}, (422, "unprocessable-entity")),
        ({"summary_en": "\ud800"}, (422, "unprocessable-entity")),
    ],
    ids=[
        "future",
        "before the certificate",
        "no date",
        "unknown field",
        "too long",
        "NUL",
        "half",
    ],
)
def test_a_listing_that_breaks_a_rule_is_refused_and_changes_nothing(
    visitor, kept, given, refusal
):
    listing = kept(a_listing())

    answer = visitor.post(f"/promotion/listings/{listing.id}/list", given, by=OFFICER)

    assert slug(answer) == refusal
    after = visitor.get(f"/promotion/listings/{listing.id}", by=OFFICER)
    assert (after.json["status"], after.json["version"]) == ("ready", 1)


def test_a_second_listing_is_refused(visitor, kept):
    listing = kept(a_shown_listing())

    answer = visitor.post(f"/promotion/listings/{listing.id}/list", by=OFFICER)

    assert slug(answer) == (409, "already-listed")


def test_an_act_on_an_older_version_is_refused(visitor, kept):
    listing = kept(a_listing())
    visitor.post(f"/promotion/listings/{listing.id}/list", by=OFFICER)

    answer = visitor.post(
        f"/promotion/listings/{listing.id}/take-down", by=OFFICER, If_Match='"1"'
    )

    assert slug(answer) == (412, "version-mismatch")


def test_the_same_request_twice_under_one_key_has_one_effect(visitor, kept):
    listing = kept(a_listing())
    path = f"/promotion/listings/{listing.id}/list"

    first = visitor.post(path, by=OFFICER, Idempotency_Key="k1")
    again = visitor.post(path, by=OFFICER, Idempotency_Key="k1")

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json == first.json


@pytest.mark.parametrize("act", ["list", "take-down"])
@pytest.mark.parametrize(
    ("by", "refusal"),
    [
        (None, (401, "token-refused")),
        (an_actor(Role.AUTHORITY, "38"), (403, "not-allowed")),
        (an_officer("40"), (403, "not-allowed")),
    ],
    ids=["nobody", "another role", "another province"],
)
def test_strangers_neither_list_nor_take_down(visitor, kept, act, by, refusal):
    listing = kept(a_shown_listing())

    answer = visitor.post(f"/promotion/listings/{listing.id}/{act}", by=by)

    assert slug(answer) == refusal


def test_an_unknown_product_is_not_found(visitor):
    unknown = uuid4()

    answers = [
        visitor.get(f"/promotion/products/{unknown}"),
        visitor.get(f"/promotion/listings/{unknown}", by=OFFICER),
        visitor.post(f"/promotion/listings/{unknown}/list", by=OFFICER),
        visitor.get(f"/promotion/products?after={unknown}"),
    ]

    assert [slug(answer) for answer in answers] == [(404, "unknown-listing")] * 4


def test_offices_see_what_may_be_listed_in_their_area_alone(visitor, kept):
    elsewhere = Place(province="40", district="412", commune="16663")
    kept(
        a_listing(product=a_product(name="Chè (mẫu)")),
        a_shown_listing(),
        a_listing(product=a_product(place=elsewhere)),
    )

    ready = visitor.get("/promotion/listings?status=ready", by=an_officer(DISTRICT))
    foreign = visitor.get("/promotion/listings", by=an_officer("99"))

    assert names(ready) == ["Chè (mẫu)"]
    assert names(foreign) == []


def test_an_office_does_not_see_a_foreign_listing(visitor, kept):
    listing = kept(a_listing())

    answer = visitor.get(f"/promotion/listings/{listing.id}", by=an_officer("40"))

    assert slug(answer) == (403, "not-allowed")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=nuoc mam", ["Nước mắm Ba Làng (mẫu)"]),
        ("q=NƯỚC  MẮM", ["Nước mắm Ba Làng (mẫu)"]),
        ("q=lang ba", ["Nước mắm Ba Làng (mẫu)"]),
        ("q=do", ["Bưởi đỏ (mẫu)"]),
        ("q=100%25", []),
        ("q=_", []),
        ("q=gao", []),
        ("star=4", ["Bưởi đỏ (mẫu)"]),
        ("star=5", []),
        ("district=395", ["Bưởi đỏ (mẫu)", "Nước mắm Ba Làng (mẫu)"]),
        ("commune=14923", ["Chè xanh (mẫu)"]),
        ("", ["Bưởi đỏ (mẫu)", "Chè xanh (mẫu)", "Nước mắm Ba Làng (mẫu)"]),
    ],
)
def test_the_catalogue_is_searched_without_regard_to_marks(visitor, kept, query, found):
    no_district = Place(province="38", district=None, commune="14923")
    kept(
        named("Nước mắm Ba Làng (mẫu)"),
        a_shown_listing(
            product=a_product(name="Bưởi đỏ (mẫu)"), certificate=a_certificate(star=4)
        ),
        named("Chè xanh (mẫu)", place=no_district),
        a_listing(product=a_product(name="Gạo (mẫu), chưa giới thiệu")),
    )

    answer = visitor.get(f"/promotion/products?{query}")

    assert names(answer) == found


def test_pages_follow_each_other_without_gap_or_double(visitor, kept):
    kept(*(named(f"Sản phẩm {number % 3} (mẫu)") for number in range(7)))
    path, seen = "/promotion/products?limit=2", []

    page = visitor.get(path).json
    while page:
        seen += page
        page = visitor.get(f"{path}&after={page[-1]['dossier_id']}").json

    assert len({product["dossier_id"] for product in seen}) == len(seen) == 7
    assert sorted(p["product_name"] for p in seen) == [p["product_name"] for p in seen]


@pytest.mark.parametrize(
    "query",
    ["star=2", "star=x", "district=38", "commune=1", "after=x", "limit=0", "limit=201", "q=%00"],
)
def test_a_question_that_the_catalogue_does_not_know_is_refused(visitor, query):
    answer = visitor.get(f"/promotion/products?{query}")

    assert slug(answer) == (422, "unprocessable-entity")
    assert answer.json["title"].startswith(query.split("=")[0])


def test_a_certificate_past_its_day_lists_nothing(visitor, kept):
    listing = kept(a_listing(certificate=a_certificate(expires_on=date(2024, 11, 30))))

    answer = visitor.post(f"/promotion/listings/{listing.id}/list", by=OFFICER)

    assert slug(answer) == (409, "certificate-ended")
