import pytest
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from chassis.migrating import downgrade, migrate, missing
from chassis.outbox import outbox
from regulation.acting import Place
from services.promotion.domain import UnknownListing
from services.promotion.storage import ListingRow, SqlListings
from tests.builders.promotion import a_listing, a_product, a_shown_listing, show, take_down


def save(database, listing):
    with database.transaction() as session:
        SqlListings(session).save(listing)


def read(database, listing_id):
    with database.reading() as session:
        return SqlListings(session).get(listing_id)


@pytest.mark.parametrize(
    "listing",
    [
        a_listing(),
        a_shown_listing(summary_vi="Mắm cá cơm", summary_en="Anchovy sauce"),
        a_listing(product=a_product(place=Place(province="38", district=None, commune="14923"))),
    ],
    ids=["ready", "listed", "without a district"],
)
def test_a_listing_is_read_as_it_was_saved(database, listing):
    listing.version = 0

    save(database, listing)

    assert read(database, listing.id) == listing


def test_a_dossier_without_a_certificate_has_no_listing(database):
    with pytest.raises(UnknownListing):
        read(database, a_listing().id)


def test_news_are_said_with_the_state_in_the_order_they_happened(database):
    listing = a_listing()
    show(listing)
    take_down(listing)

    save(database, listing)

    with database.reading() as session:
        said = session.execute(
            select(outbox.c.type, outbox.c.sequence).order_by(outbox.c.position)
        ).all()
    assert said == [("ProductListed", 1), ("ProductDelisted", 2)]
    assert listing.news == []


def test_of_two_who_change_one_listing_the_second_is_refused(database):
    listing = a_listing()
    save(database, listing)
    mine, theirs = read(database, listing.id), read(database, listing.id)
    show(mine)
    show(theirs)

    save(database, mine)

    with pytest.raises(StaleDataError):
        save(database, theirs)


def test_what_is_searched_holds_the_product_its_numbers_and_its_place_without_marks(database):
    listing = a_listing(summary_vi="Đặc sản vùng biển")

    save(database, listing)

    with database.reading() as session:
        text = session.scalar(select(ListingRow.search_text))
    for part in (
        "nuoc mam ba lang",
        "hop tac xa",
        "0001/gcn",
        "dac san",
        "xa xuan lai",
        "tho xuan",
    ):
        assert part in text


def test_a_commune_that_the_list_does_not_know_is_kept_without_a_name(database):
    nowhere = Place(province="38", district="395", commune="99999")
    listing = a_listing(product=a_product(place=nowhere))

    save(database, listing)

    assert read(database, listing.id).product.place == nowhere


def test_the_migrations_lead_back(sqlite):
    downgrade(sqlite, "promotion", "base")

    assert missing(sqlite) == ["promotion"]
    migrate(sqlite)
    assert missing(sqlite) == []
