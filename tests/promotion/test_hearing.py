from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from chassis.hearing import Hearer, Verdict
from chassis.outbox import outbox
from services.promotion import use_cases
from services.promotion.domain import Status
from services.promotion.hearing import reactions
from services.promotion.storage import ListingRow, SqlListings
from tests.builders.promotion import TODAY, an_officer
from tests.builders.voices import Voices, Way


@pytest.fixture
def way() -> Way:
    return Way(Voices())


def hear(database, *events):
    heard = Hearer(database, reactions).hear(events)
    return [item.verdict for item in heard]


def listing_of(database, way):
    with database.reading() as session:
        return SqlListings(session).get(way.id)


def list_it(database, way):
    with database.transaction() as session:
        use_cases.list_product(
            SqlListings(session),
            dossier_id=way.id,
            by=an_officer(),
            on=date(2024, 8, 1),
            today=TODAY,
            summary_vi="",
            summary_en="",
        )


def said(database):
    with database.reading() as session:
        return list(session.scalars(select(outbox.c.type).order_by(outbox.c.position)))


@pytest.mark.parametrize(("at", "star"), [("AtDistrict", 3), ("AtProvince", 4), ("National", 5)])
def test_a_certified_product_may_be_listed(database, way, at, star):
    verdicts = hear(database, way.certified(at, star=star))

    listing = listing_of(database, way)
    assert verdicts == [Verdict.HEARD]
    assert (listing.status, listing.certificate.star) == (Status.READY, star)
    assert listing.product.name == way.product["product_name"]


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_a_listed_product_is_delisted_when_its_certificate_ends(database, way, end):
    hear(database, way.certified())
    list_it(database, way)

    hear(database, getattr(way, end)())

    assert listing_of(database, way).status is Status.ENDED
    assert said(database) == ["ProductListed", "ProductDelisted"]


def test_the_delisting_names_the_event_that_it_follows_from(database, way):
    hear(database, way.certified())
    list_it(database, way)
    revoked = way.revoked()

    hear(database, revoked)

    with database.reading() as session:
        cause = session.scalar(
            select(outbox.c.causationid).where(outbox.c.type == "ProductDelisted")
        )
    assert cause == str(revoked.id)


def test_an_event_twice_has_one_effect(database, way):
    certified, revoked = way.certified(), way.revoked()
    hear(database, certified)
    list_it(database, way)

    verdicts = hear(database, revoked, certified, revoked)

    assert verdicts == [Verdict.HEARD, Verdict.DUPLICATE, Verdict.DUPLICATE]
    assert said(database) == ["ProductListed", "ProductDelisted"]


def test_the_end_of_a_certificate_waits_for_the_certificate(database, way):
    certified, revoked = way.certified(), way.revoked()

    early = hear(database, revoked)
    hear(database, certified)

    assert early == [Verdict.PARKED]
    assert listing_of(database, way).status is Status.ENDED


def test_what_certification_says_besides_keeps_the_order_and_leads_to_nothing(database, way):
    verdicts = hear(database, way.referred(), way.national_result(), way.certified("National", 5))

    assert verdicts == [Verdict.HEARD] * 3
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ListingRow)) == 1


def test_the_end_of_a_certificate_that_nobody_issued_is_dead(database, way):
    [heard] = Hearer(database, reactions).hear([way.revoked()])

    assert heard.verdict is Verdict.DEAD
    assert heard.reason.startswith("unknown-listing")


def test_a_group_of_many_products_is_heard_together(database):
    ways = [Way(Voices(), f"Sản phẩm mẫu {number}") for number in range(60)]

    verdicts = hear(database, *(way.certified() for way in ways))

    assert set(verdicts) == {Verdict.HEARD}
    with database.reading() as session:
        assert SqlListings(session).find(uuid4()) is None
        assert session.scalar(select(func.count()).select_from(ListingRow)) == 60
