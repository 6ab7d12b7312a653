"""Listings for the tests of promotion, on a fixed day."""

from datetime import date
from typing import Any
from uuid import uuid4

from regulation.acting import Actor, Place, Role
from services.promotion.domain import Certificate, Listing, Product
from tests.builders.visitor import an_actor

TODAY = date(2024, 12, 1)
PROVINCE, DISTRICT, COMMUNE = "38", "395", "15583"


def an_officer(area: str = PROVINCE) -> Actor:
    """The OCOP agency of a province or district."""
    return an_actor(Role.OCOP_OFFICER, area)


def a_product(**changes: Any) -> Product:
    """A certified product of a commune."""
    values = {
        "name": "Nước mắm Ba Làng (mẫu)",
        "producer": "Hợp tác xã mẫu",
        "code": "38-395-15583-1-2024",
        "criteria_set": "QD148-PARTS",
        "place": Place(province=PROVINCE, district=DISTRICT, commune=COMMUNE),
    }
    return Product(**values | changes)


def a_certificate(**changes: Any) -> Certificate:
    """A certificate of three stars, in force."""
    values = {
        "id": uuid4(),
        "number": "0001/GCN-OCOP-38-2024",
        "star": 3,
        "decided_on": date(2024, 7, 1),
        "expires_on": date(2027, 7, 1),
    }
    return Certificate(**values | changes)


def a_listing(**changes: Any) -> Listing:
    """A product that may be listed."""
    values = {
        "id": uuid4(),
        "product": a_product(),
        "certificate": a_certificate(),
        "last_on": date(2024, 7, 1),
    }
    return Listing(**values | changes)


def a_shown_listing(**changes: Any) -> Listing:
    """A product of the catalogue, its news told."""
    listing = a_listing(**changes)
    show(listing)
    listing.news.clear()
    return listing


def show(listing: Listing, **changes: Any) -> None:
    """List it."""
    values = {"by": an_officer(), "on": date(2024, 8, 1), "today": TODAY}
    listing.show(**values | changes)


def take_down(listing: Listing, **changes: Any) -> None:
    """Take it down."""
    values = {"by": an_officer(), "on": date(2024, 9, 1), "today": TODAY}
    listing.take_down(**values | changes)
