"""What can be asked of promotion: one function per request."""

from datetime import date
from typing import Protocol
from uuid import UUID

from regulation.acting import Actor
from services.promotion.domain import Certificate, Listing, Product


class Listings(Protocol):
    """Where listings are kept."""

    def get(self, dossier_id: UUID) -> Listing: ...
    def find(self, dossier_id: UUID) -> Listing | None: ...
    def save(self, listing: Listing) -> None: ...


def list_product(
    listings: Listings,
    *,
    dossier_id: UUID,
    by: Actor,
    on: date,
    today: date,
    summary_vi: str,
    summary_en: str,
) -> Listing:
    """Show a certified product to the public."""
    listing = listings.get(dossier_id)
    listing.show(by=by, on=on, today=today, summary_vi=summary_vi, summary_en=summary_en)
    listings.save(listing)
    return listing


def take_down(
    listings: Listings, *, dossier_id: UUID, by: Actor, on: date, today: date
) -> Listing:
    """Show it no longer."""
    listing = listings.get(dossier_id)
    listing.take_down(by=by, on=on, today=today)
    listings.save(listing)
    return listing


def make_ready(
    listings: Listings, *, dossier_id: UUID, product: Product, certificate: Certificate
) -> None:
    """A product was certified: it may be listed from now on."""
    listing = listings.find(dossier_id)
    if listing is None:
        listing = Listing(
            id=dossier_id, product=product, certificate=certificate, last_on=certificate.decided_on
        )
    else:
        listing.certify(product, certificate)
    listings.save(listing)


def end_listing(
    listings: Listings, *, dossier_id: UUID, certificate_id: UUID, on: date, reason: str
) -> None:
    """A certificate ended."""
    listing = listings.get(dossier_id)
    listing.end(certificate_id, on=on, reason=reason)
    listings.save(listing)
