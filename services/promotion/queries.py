"""What is read of promotion: the public catalogue, and for offices what may be listed."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from services.promotion.domain import Listing, Status, UnknownListing
from services.promotion.folding import fold
from services.promotion.storage import ListingRow, SqlListings, to_listing


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a reader asks the catalogue for; None and "" ask for all. `q` is searched without regard to marks."""

    q: str = ""
    star: int | None = None
    district: str | None = None
    commune: str | None = None


def shown(session: Session, wanted: Wanted, *, after: UUID | None, limit: int) -> list[Listing]:
    """Listed products by name, `limit` at a time, those after the product `after`."""
    statement = select(ListingRow).where(ListingRow.status == Status.LISTED)
    for word in fold(wanted.q).split():
        statement = statement.where(ListingRow.search_text.contains(word, autoescape=True))
    for column in ("star", "district", "commune"):
        if (value := getattr(wanted, column)) is not None:
            statement = statement.where(getattr(ListingRow, column) == value)
    return _page(session, statement, after, limit)


def product(session: Session, dossier_id: UUID) -> Listing:
    """One listed product. Raises UnknownListing also where there is one that is not listed."""
    listing = SqlListings(session).find(dossier_id)
    if listing is None or listing.status is not Status.LISTED:
        raise UnknownListing(f"the catalogue shows no product of the dossier {dossier_id}")
    return listing


def of_areas(
    session: Session,
    areas: frozenset[str],
    *,
    status: Status | None,
    after: UUID | None,
    limit: int,
) -> list[Listing]:
    """Certified products of these districts and provinces, listed or not."""
    statement = select(ListingRow).where(
        ListingRow.district.in_(areas) | ListingRow.province.in_(areas)
    )
    if status is not None:
        statement = statement.where(ListingRow.status == status)
    return _page(session, statement, after, limit)


def _page(
    session: Session, statement: Select[ListingRow], after: UUID | None, limit: int
) -> list[Listing]:
    place = tuple_(ListingRow.name_key, ListingRow.id)
    if after is not None:
        last = SqlListings(session).get(after)
        statement = statement.where(place > tuple_(fold(last.product.name), after))
    rows = session.scalars(statement.order_by(ListingRow.name_key, ListingRow.id).limit(limit))
    return [to_listing(row) for row in rows]
