"""What is read of promotion: the public catalogue, and for offices what may be listed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, cast, literal_column, select, tuple_
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session, aliased

from chassis.areas import lies_in
from services.promotion.domain import Listing, Status, UnknownListing
from services.promotion.folding import fold
from services.promotion.leaping import START, Place, leap, mark
from services.promotion.storage import WORDS, ListingRow, SqlListings, to_listing


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a reader asks the catalogue for; None and "" ask for all. `q` is searched without regard to marks."""

    q: str = ""
    star: int | None = None
    district: str | None = None
    commune: str | None = None

    @property
    def filters(self) -> dict[str, str | int]:
        """What is asked of a column, by its name."""
        asked = {"star": self.star, "district": self.district, "commune": self.commune}
        return {name: value for name, value in asked.items() if value is not None}


NEAR, FAR = 300, 1_000
"""Rows in the catalogue's order that are looked through at first, and before the index of words is asked."""


def shown(session: Session, wanted: Wanted, *, after: UUID | None, limit: int) -> list[Listing]:
    """Listed products by name, `limit` at a time, those after the product `after`.

    What most products carry is found within the next rows by name, what fewer carry by leaping along its words, and
    what is left by the index of words.
    """
    place = _place(session, after)
    statement = _after(_listed(wanted), place)
    words = fold(wanted.q).split()
    if not words:
        return _page(session, statement, limit)
    page = _within(session, statement, NEAR, words, limit)
    if len(page) == limit:
        return page
    if _on_postgresql(session):
        marks = [mark(name, value) for name, value in wanted.filters.items()]
        found = leap(session, words, marks, after=place or START, limit=limit)
        if found is not None:
            return _page(session, select(ListingRow).where(ListingRow.id.in_(found)), limit)
    page = _within(session, statement, FAR, words, limit)
    if len(page) == limit:
        return page
    return _sorted(session, statement.where(*_begin(session, ListingRow, words)), limit)


def _within(
    session: Session, statement: Select[ListingRow], rows: int, words: Sequence[str], limit: int
) -> list[Listing]:
    """A page of what the next rows by name hold."""
    next_ = statement.order_by(ListingRow.name_key, ListingRow.id).limit(rows)
    near = aliased(ListingRow, next_.subquery())
    return _page(session, select(near).where(*_begin(session, near, words)), limit, near)


def _listed(wanted: Wanted) -> Select[ListingRow]:
    statement = select(ListingRow).where(ListingRow.status == Status.LISTED)
    return statement.filter_by(**wanted.filters)


def _begin(session: Session, row: Any, words: Sequence[str]) -> Iterator[ColumnElement[bool]]:
    """Each of these words begins a word of the row."""
    if _on_postgresql(session) and row is ListingRow:
        asked = " & ".join(f"{_quoted(word)}:*" for word in words)
        yield literal_column(WORDS).op("@@")(cast(asked, TSQUERY))
        return
    for word in words:
        yield (" " + row.search_text).contains(" " + word, autoescape=True)


def _on_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _quoted(word: str) -> str:
    """A word as tsquery reads it, whatever signs are in it."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


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
    statement = select(ListingRow).where(lies_in(areas, ListingRow.district, ListingRow.province))
    if status is not None:
        statement = statement.where(ListingRow.status == status)
    return _page(session, _after(statement, _place(session, after)), limit)


def _place(session: Session, after: UUID | None) -> Place | None:
    """Where the last product of a page stands. Raises UnknownListing."""
    if after is None:
        return None
    return fold(SqlListings(session).get(after).product.name), after


def _after(statement: Select[ListingRow], place: Place | None) -> Select[ListingRow]:
    if place is None:
        return statement
    return statement.where(tuple_(ListingRow.name_key, ListingRow.id) > tuple_(*place))


def _page(
    session: Session, statement: Select[ListingRow], limit: int, row: Any = ListingRow
) -> list[Listing]:
    found = session.scalars(statement.order_by(row.name_key, row.id).limit(limit))
    return [to_listing(each) for each in found]


def _sorted(session: Session, statement: Select[ListingRow], limit: int) -> list[Listing]:
    """A page of what the index of words finds: by an order that no index has, or the planner would walk it instead."""
    order = (ListingRow.name_key + "", ListingRow.id)
    return [to_listing(each) for each in session.scalars(statement.order_by(*order).limit(limit))]
