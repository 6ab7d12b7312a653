"""How promotion remembers: a listing's row, its translation to the aggregate, and the only writer of its outbox."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, Index, Integer, MetaData, String, Table, Text, Uuid, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from chassis import outbox, rows
from chassis.clock import now
from chassis.tables import NAMING
from regulation.acting import Place
from regulation.refusals import UnknownUnit
from regulation.territory import LAST_DAY_OF_DISTRICTS, TWO_TIERS_FROM, territory
from services.promotion import messages
from services.promotion.domain import Certificate, Listing, Product, Status, UnknownListing
from services.promotion.folding import fold


class Base(DeclarativeBase):
    """Promotion's tables."""

    metadata = MetaData(naming_convention=NAMING)


WORDS = "array_to_tsvector(string_to_array(search_text, ' '))"
"""The searched words as PostgreSQL's index holds them, each found by its beginning."""


LONGEST_WORD = 200
"""Characters; an index takes no word of more than some 2,000 bytes."""


class ListingRow(Base):
    """A certified product; `name_key` orders the catalogue, `search_text` is what is searched, both folded."""

    __tablename__ = "listings"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    product_name: Mapped[str] = mapped_column(Text)
    producer: Mapped[str] = mapped_column(Text)
    product_code: Mapped[str] = mapped_column(String(60))
    criteria_set: Mapped[str] = mapped_column(String(40))
    province: Mapped[str] = mapped_column(String(5))
    district: Mapped[str | None] = mapped_column(String(5))
    commune: Mapped[str] = mapped_column(String(5))
    certificate_id: Mapped[UUID] = mapped_column(Uuid)
    certificate_number: Mapped[str] = mapped_column(String(60))
    star: Mapped[int] = mapped_column(Integer)
    decided_on: Mapped[date] = mapped_column(Date)
    expires_on: Mapped[date] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(20))
    summary_vi: Mapped[str] = mapped_column(Text)
    summary_en: Mapped[str] = mapped_column(Text)
    listed_on: Mapped[date | None] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    name_key: Mapped[str] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_listings_name", "name_key", "id"),
        Index("ix_listings_status", "status", "name_key", "id"),
        Index("ix_listings_star", "star", "name_key", "id"),
        Index("ix_listings_district", "district", "name_key", "id"),
        Index("ix_listings_commune", "commune", "name_key", "id"),
        Index("ix_listings_words", text(WORDS), postgresql_using="gin").ddl_if("postgresql"),
    )


Table(
    "listing_words",
    Base.metadata,
    Column("word", Text(collation="C"), primary_key=True),
    Column("name_key", Text, primary_key=True),
    Column("listing", Uuid, primary_key=True),
    info={"only": "postgresql"},
)
"""Each word of each listing, kept by PostgreSQL's triggers; SQLite has none. Read by `leaping` alone."""


class SqlListings:
    """Listings in SQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, dossier_id: UUID) -> Listing | None:
        """None where nothing was certified on that dossier."""
        row = rows.read(self._session, ListingRow, dossier_id)
        return None if row is None else to_listing(row)

    def get(self, dossier_id: UUID) -> Listing:
        """Raises UnknownListing."""
        listing = self.find(dossier_id)
        if listing is None:
            raise UnknownListing(f"no certified product has the dossier {dossier_id}")
        return listing

    def save(self, listing: Listing) -> None:
        """State and news together."""
        rows.write(self._session, ListingRow, listing, _values(listing))
        outbox.say(self._session, [messages.say(news, now()) for news in listing.news])
        listing.news.clear()


def to_listing(row: ListingRow) -> Listing:
    """The aggregate of a row."""
    place = Place(province=row.province, district=row.district, commune=row.commune)
    return Listing(
        id=row.id,
        product=Product(
            name=row.product_name,
            producer=row.producer,
            code=row.product_code,
            criteria_set=row.criteria_set,
            place=place,
        ),
        certificate=Certificate(
            id=row.certificate_id,
            number=row.certificate_number,
            star=row.star,
            decided_on=row.decided_on,
            expires_on=row.expires_on,
        ),
        status=Status(row.status),
        summary_vi=row.summary_vi,
        summary_en=row.summary_en,
        listed_on=row.listed_on,
        last_on=row.last_on,
        version=row.version,
    )


def _values(listing: Listing) -> dict[str, Any]:
    product, certificate = listing.product, listing.certificate
    return {
        "product_name": product.name,
        "producer": product.producer,
        "product_code": product.code,
        "criteria_set": product.criteria_set,
        **asdict(product.place),
        "certificate_id": certificate.id,
        "certificate_number": certificate.number,
        "star": certificate.star,
        "decided_on": certificate.decided_on,
        "expires_on": certificate.expires_on,
        "status": listing.status.value,
        "summary_vi": listing.summary_vi,
        "summary_en": listing.summary_en,
        "listed_on": listing.listed_on,
        "last_on": listing.last_on,
        "name_key": fold(product.name),
        "search_text": _searched(listing),
    }


def _searched(listing: Listing) -> str:
    product = listing.product
    words = (product.name, product.producer, product.code, listing.certificate.number,
             listing.summary_vi, listing.summary_en, *_names(product.place))  # fmt: skip
    return " ".join(word[:LONGEST_WORD] for word in fold(" ".join(words)).split())


def _names(place: Place) -> list[str]:
    """What the commune and its district are called; nothing where the list of units does not know them."""
    units = territory(LAST_DAY_OF_DISTRICTS if place.district else TWO_TIERS_FROM)
    try:
        return [unit.name for unit in units.chain(place.commune) if unit.level != "province"]
    except UnknownUnit:
        return []
