from datetime import date, timedelta
from uuid import uuid4

import pytest

from regulation.acting import Role
from regulation.days import DateBeforeLastAct, DateInFuture
from regulation.refusals import NotAllowed
from services.promotion.domain import (
    AlreadyListed,
    CertificateEnded,
    NotListed,
    ProductWasDelisted,
    ProductWasListed,
    Status,
)
from tests.builders.promotion import (
    COMMUNE,
    DISTRICT,
    TODAY,
    a_certificate,
    a_listing,
    a_product,
    a_shown_listing,
    an_officer,
    show,
    take_down,
)
from tests.builders.visitor import an_actor

ENDED_ON = date(2025, 1, 1)


def test_a_certified_product_is_listed_with_a_few_words():
    listing = a_listing()

    show(listing, on=date(2024, 8, 1), summary_vi="Mắm cá cơm", summary_en="Anchovy sauce")

    assert (listing.status, listing.listed_on) == (Status.LISTED, date(2024, 8, 1))
    assert (listing.summary_vi, listing.summary_en) == ("Mắm cá cơm", "Anchovy sauce")
    assert listing.news == [ProductWasListed(listing=listing, on=date(2024, 8, 1))]


@pytest.mark.parametrize("area", ["38", DISTRICT])
def test_the_agency_of_the_district_and_of_the_province_may_list(area):
    listing = a_listing()

    show(listing, by=an_officer(area))

    assert listing.status is Status.LISTED


@pytest.mark.parametrize(
    "stranger",
    [an_officer("40"), an_officer(COMMUNE), an_actor(Role.AUTHORITY, "38")],
    ids=["another province", "a commune", "another role"],
)
@pytest.mark.parametrize(("act", "make"), [(show, a_listing), (take_down, a_shown_listing)])
def test_nobody_else_lists_or_takes_down(stranger, act, make):
    listing = make()
    before = listing.status

    with pytest.raises(NotAllowed):
        act(listing, by=stranger)

    assert (listing.status, listing.news) == (before, [])


def test_a_product_is_in_the_catalogue_once():
    listing = a_shown_listing()

    with pytest.raises(AlreadyListed):
        show(listing)


def test_a_product_is_not_listed_before_it_was_certified():
    with pytest.raises(DateBeforeLastAct):
        show(a_listing(), on=date(2024, 6, 30))


def test_a_product_is_not_listed_ahead():
    with pytest.raises(DateInFuture):
        show(a_listing(), on=TODAY + timedelta(days=1))


def test_a_certificate_past_its_last_day_lists_nothing_even_before_its_end_was_heard():
    listing = a_listing(certificate=a_certificate(expires_on=date(2024, 8, 1)))

    with pytest.raises(CertificateEnded):
        show(listing, on=date(2024, 8, 2))

    show(listing, on=date(2024, 8, 1))
    assert listing.status is Status.LISTED


def test_a_product_that_was_taken_down_may_be_listed_again_and_keeps_its_words():
    listing = a_listing()
    show(listing, summary_vi="Mắm cá cơm")

    take_down(listing)
    show(listing, on=date(2024, 9, 1))

    reasons = [getattr(news, "reason", "listed") for news in listing.news]
    assert reasons == ["listed", "taken-down", "listed"]
    assert listing.summary_vi == "Mắm cá cơm"


def test_only_what_is_shown_is_taken_down():
    with pytest.raises(NotListed):
        take_down(a_listing())


@pytest.mark.parametrize("reason", ["revoked", "expired"])
def test_a_listed_product_leaves_the_catalogue_with_its_certificate(reason):
    listing = a_shown_listing()

    listing.end(listing.certificate.id, on=ENDED_ON, reason=reason)

    assert (listing.status, listing.listed_on) == (Status.ENDED, None)
    assert listing.news == [ProductWasDelisted(listing=listing, on=ENDED_ON, reason=reason)]


def test_a_product_that_was_never_shown_ends_without_news():
    listing = a_listing()

    listing.end(listing.certificate.id, on=ENDED_ON, reason="expired")

    assert (listing.status, listing.news) == (Status.ENDED, [])


def test_an_expired_certificate_that_is_revoked_is_told_once():
    listing = a_shown_listing()

    listing.end(listing.certificate.id, on=ENDED_ON, reason="expired")
    listing.end(listing.certificate.id, on=ENDED_ON, reason="revoked")

    assert [news.reason for news in listing.news] == ["expired"]


def test_an_ended_product_is_not_listed():
    listing = a_listing()
    listing.end(listing.certificate.id, on=date(2024, 7, 2), reason="revoked")

    with pytest.raises(CertificateEnded):
        show(listing)


def test_the_end_of_a_former_certificate_takes_nothing_down():
    listing = a_shown_listing()

    listing.end(uuid4(), on=ENDED_ON, reason="expired")

    assert (listing.status, listing.news) == (Status.LISTED, [])


def test_a_newer_certificate_shows_its_star_and_leaves_the_product_listed():
    listing = a_shown_listing()

    listing.certify(a_product(), a_certificate(star=5))

    assert (listing.status, listing.certificate.star) == (Status.LISTED, 5)


def test_a_newer_certificate_makes_an_ended_product_ready_again():
    listing = a_listing()
    listing.end(listing.certificate.id, on=ENDED_ON, reason="expired")

    listing.certify(a_product(), a_certificate(decided_on=date(2027, 8, 1)))

    assert (listing.status, listing.last_on) == (Status.READY, date(2027, 8, 1))
