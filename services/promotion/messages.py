"""Promotion's news in the contracts' words, and what it understands of certification's events."""

from datetime import datetime
from functools import singledispatch
from typing import Any

from chassis.outbox import News
from chassis.reactions import understood
from contracts import certification, promotion
from contracts.envelope import Event
from regulation.acting import Place
from services.promotion.domain import (
    Certificate,
    Listing,
    Product,
    ProductWasDelisted,
    ProductWasListed,
)

_listed = promotion.ProductListed()
_delisted = promotion.ProductDelisted()

_CERTIFIED = (
    "dossier_id", "certificate_id", "certificate_number", "star", "decided_on", "expires_on",
    "product_name", "producer", "product_code", "criteria_set", "province", "district", "commune",
)  # fmt: skip


@singledispatch
def say(news: Any, at: datetime) -> News:
    """Own news as an event to be sent."""
    raise TypeError(f"promotion does not say {type(news).__name__}")


@say.register
def _(news: ProductWasListed, at: datetime) -> News:
    listing = news.listing
    data = _listed.dump(
        _shown(listing)
        | {
            "product_name": listing.product.name,
            "star": listing.certificate.star,
            "listed_on": news.on,
        }
    )
    return News(type="ProductListed", subject=str(listing.id), time=at, data=data)


@say.register
def _(news: ProductWasDelisted, at: datetime) -> News:
    listing = news.listing
    data = _delisted.dump(_shown(listing) | {"reason": news.reason, "delisted_on": news.on})
    return News(type="ProductDelisted", subject=str(listing.id), time=at, data=data)


def _shown(listing: Listing) -> dict[str, Any]:
    place = listing.product.place
    return {
        "dossier_id": listing.id,
        "certificate_id": listing.certificate.id,
        "province": place.province,
        "district": place.district,
        "commune": place.commune,
    }


def certified(event: Event) -> dict[str, Any]:
    """CertifiedAtDistrict, CertifiedAtProvince, CertifiedNational."""
    heard = understood(getattr(certification, event.type), event, _CERTIFIED)
    place = Place(province=heard["province"], district=heard["district"], commune=heard["commune"])
    return {
        "dossier_id": heard["dossier_id"],
        "product": Product(
            name=heard["product_name"],
            producer=heard["producer"],
            code=heard["product_code"],
            criteria_set=heard["criteria_set"],
            place=place,
        ),
        "certificate": Certificate(
            id=heard["certificate_id"],
            number=heard["certificate_number"],
            star=heard["star"],
            decided_on=heard["decided_on"],
            expires_on=heard["expires_on"],
        ),
    }


def revoked(event: Event) -> dict[str, Any]:
    """CertificateRevoked."""
    fields = ("dossier_id", "certificate_id", "revoked_on")
    heard = understood(certification.CertificateRevoked, event, fields)
    return _ended(heard, on=heard["revoked_on"], reason="revoked")


def expired(event: Event) -> dict[str, Any]:
    """CertificateExpired."""
    fields = ("dossier_id", "certificate_id", "expired_on")
    heard = understood(certification.CertificateExpired, event, fields)
    return _ended(heard, on=heard["expired_on"], reason="expired")


def _ended(heard: dict[str, Any], **how: Any) -> dict[str, Any]:
    return {"dossier_id": heard["dossier_id"], "certificate_id": heard["certificate_id"], **how}
