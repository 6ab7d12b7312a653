"""Words that many products carry, on PostgreSQL: what leaping finds is what reading every product would find."""

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text

from chassis.database import Database
from chassis.migrating import downgrade, migrate
from regulation.acting import Place
from services.promotion.folding import fold
from services.promotion.leaping import MOST, START, WIDE, leap, mark, wrong
from services.promotion.queries import NEAR, Wanted, shown
from services.promotion.storage import LONGEST_WORD, ListingRow, SqlListings
from tests.builders import stores
from tests.builders.promotion import a_certificate, a_listing, a_product, a_shown_listing

pytestmark = pytest.mark.system

SYLLABLES = ("mật", "mắm", "ong", "ông", "on", "hoa", "m")
PLACES = (
    Place(province="38", district="395", commune="15583"),
    Place(province="38", district=None, commune="14797"),
)


@pytest.fixture
def database(migrated_postgres: Database) -> Database:
    """Only PostgreSQL keeps words; see `tests/promotion/test_api.py` for what both kinds find."""
    return stores.emptied(migrated_postgres)


def keep(database, *listings):
    with database.transaction() as session:
        for listing in listings:
            SqlListings(session).save(listing)


def a_product_named(name, *, place=PLACES[0], star=3, listed=True):
    make = a_shown_listing if listed else a_listing
    return make(
        product=a_product(name=name, producer="x", code="y", place=place),
        certificate=a_certificate(number="z", star=star),
    )


def found(database, *words, marks=(), after=START, limit=50):
    with database.reading() as session:
        return leap(session, words, marks, after=after, limit=limit)


def entered(database):
    """What is kept, and what the listings that there are would have kept."""
    with database.reading() as session:
        kept = session.execute(text("SELECT word, name_key, listing FROM listing_words")).all()
        rows = session.query(ListingRow).all()
    due = {(word, row.name_key, row.id) for row in rows for word in row.search_text.split(" ")}
    for name in ("star", "district", "commune"):
        due |= {
            (mark(name, value), row.name_key, row.id)
            for row in rows
            if (value := getattr(row, name)) is not None
        }
    assert len(kept) == len(set(kept))
    return set(map(tuple, kept)), due


listings = st.builds(
    a_product_named,
    st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=3).map(" ".join),
    place=st.sampled_from(PLACES),
    star=st.integers(3, 5),
    listed=st.integers(0, 4).map(bool),
)


@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(
    kept=st.lists(listings, max_size=25),
    words=st.lists(st.sampled_from([fold(each) for each in SYLLABLES]), min_size=1, max_size=3),
    star=st.sampled_from([None, 3, 4, 5]),
    commune=st.sampled_from([None, "15583", "14797"]),
    behind=st.integers(0, 30),
    limit=st.integers(1, 5),
)
def test_leaping_finds_in_their_order_what_reading_all_would_find(
    migrated_postgres, kept, words, star, commune, behind, limit
):
    database = stores.emptied(migrated_postgres)
    keep(database, *kept)
    order = sorted(kept, key=lambda each: (fold(each.product.name), each.id))
    last = order[min(behind, len(order)) - 1] if behind and order else None
    after = START if last is None else (fold(last.product.name), last.id)
    asked = {"star": star, "commune": commune}
    marks = [mark(name, value) for name, value in asked.items() if value is not None]

    ids = found(database, *words, marks=marks, after=after, limit=limit)

    assert (
        ids
        == [
            each.id
            for each in order
            if (fold(each.product.name), each.id) > after
            and each.status == "listed"
            and star in (None, each.certificate.star)
            and commune in (None, each.product.place.commune)
            and all(f" {word}" in f" {_searched(database, each.id)}" for word in words)
        ][:limit]
    )


def _searched(database, listing_id):
    with database.reading() as session:
        return session.get_one(ListingRow, listing_id).search_text


def test_a_word_that_begins_very_many_is_looked_for_in_what_the_others_find(database):
    beginnings = [f"m{chr(97 + number)}" for number in range(WIDE + 1)]
    keep(database, *(a_product_named(f"hoa {word}") for word in beginnings))
    keep(database, a_product_named("hoa am"))

    assert len(found(database, "m", "hoa") or ()) == WIDE + 1
    assert found(database, "m") is None
    assert found(database, "m", "nowhere") == []


def copy_many(database, count, name):
    """Copies of the listing that there is; `name` is its folded name, as SQL makes it of the number n."""
    columns = [each.name for each in ListingRow.__table__.columns]
    new = {"id": "gen_random_uuid()", "product_name": name, "name_key": name, "search_text": name}
    chosen = ", ".join(new.get(column, column) for column in columns)
    with database.engine.begin() as connection:
        connection.execute(
            text(f"INSERT INTO listings ({', '.join(columns)}) SELECT {chosen}"
                 " FROM (SELECT * FROM listings ORDER BY name_key LIMIT 1) AS one,"
                 f" generate_series(1, {count}) AS n"))  # fmt: skip


def in_the_catalogue(database, **wanted):
    with database.reading() as session:
        return [
            each.product.name for each in shown(session, Wanted(**wanted), after=None, limit=3)
        ]


def test_what_stands_together_far_down_the_alphabet_is_in_the_catalogue_by_name(database):
    keep(database, a_product_named("Chè xanh"), a_product_named("Mật ong rừng", star=5))
    copy_many(database, NEAR, "'che xanh ' || n")
    copy_many(database, 4, "'mat ong ' || n")

    assert in_the_catalogue(database, q="mật ong") == ["mat ong 1", "mat ong 2", "mat ong 3"]
    assert in_the_catalogue(database, q="mật ong", star=5) == ["Mật ong rừng"]
    assert in_the_catalogue(database, q="mật ong", commune="14797") == []


def test_words_that_are_often_near_and_never_together_are_left_to_the_index_of_words(database):
    keep(database, a_product_named("mat ong"))
    for word in ("mat", "ong"):
        copy_many(database, MOST // 2 + 1, f"lpad(n::text, 5, '0') || ' {word}'")

    assert found(database, "mat", "ong") is None
    assert in_the_catalogue(database, q="mật ong") == ["mat ong"]


def test_a_listing_s_words_are_kept_as_it_comes_changes_and_goes(database):
    listing, other = a_shown_listing(), a_shown_listing(summary_vi="Mắm cá cơm, cá cơm")

    keep(database, listing, other)
    kept, due = entered(database)
    assert kept == due

    listing.certify(a_product(name="Mật ong", place=PLACES[1]), a_certificate(star=5))
    keep(database, listing)
    kept, due = entered(database)
    assert kept == due
    assert any(word == " star 5" for word, _, _ in kept)

    with database.transaction() as session:
        session.execute(delete(ListingRow).where(ListingRow.id == other.id))
    kept, due = entered(database)
    assert kept == due
    assert {listing_id for _, _, listing_id in kept} == {listing.id}


@pytest.mark.parametrize(
    "by_hand",
    [
        "DELETE FROM listing_words WHERE word = 'mat'",
        "DELETE FROM listing_words WHERE word = ' star 3'",
        "UPDATE listing_words SET word = 'mut' WHERE word = 'mat'",
        "INSERT INTO listing_words SELECT 'mut', name_key, id FROM listings WHERE star = 3",
        "UPDATE listing_words SET name_key = 'a' WHERE word = 'mat'",
    ],
)
def test_a_listing_whose_words_were_changed_by_hand_is_named(database, by_hand):
    listing = a_product_named("Mật ong")
    keep(database, listing, a_product_named("Chè xanh", star=4))
    with database.reading() as session:
        assert wrong(session) == []

    with database.engine.begin() as connection:
        connection.execute(text(by_hand))

    with database.reading() as session:
        assert wrong(session) == [listing.id]


def test_the_end_of_a_certificate_does_not_touch_the_words(database):
    def versions():
        with database.reading() as session:
            return session.scalars(text("SELECT xmin::text FROM listing_words")).all()

    listing = a_shown_listing()
    keep(database, listing)
    before = versions()

    listing.end(listing.certificate.id, on=date(2024, 9, 1), reason="revoked")
    keep(database, listing)

    assert versions() == before


@pytest.fixture
def older(postgres_server):
    """A database as it was before the catalogue was searched by words."""
    with stores.on_server("promotion", postgres_server) as database:
        downgrade(database, "promotion", "0001")
        yield database


def test_a_catalogue_with_a_word_longer_than_an_index_takes_is_brought_up_to_date(older):
    endless = "蜜" * 2_000
    with older.engine.begin() as connection:
        row = {each.name: None for each in ListingRow.__table__.columns} | {
            "id": uuid4(), "product_name": "Mật ong", "producer": "HTX", "product_code": "1",
            "criteria_set": "QD148-PARTS", "province": "38", "commune": "15583", "certificate_id": uuid4(),
            "certificate_number": "1", "star": 3, "decided_on": date(2024, 7, 1),
            "expires_on": date(2027, 7, 1), "status": "listed", "summary_vi": endless, "summary_en": "",
            "last_on": date(2024, 7, 1), "name_key": "mat ong", "search_text": f"mat ong {endless} hoa",
            "version": 1,
        }  # fmt: skip
        connection.execute(ListingRow.__table__.insert(), row)

    migrate(older)

    with older.reading() as session:
        (kept,) = session.query(ListingRow).all()
    assert kept.search_text == f"mat ong {endless[:LONGEST_WORD]} hoa"
    assert found(older, "hoa", "mat") == [kept.id]
    assert entered(older)[0] == entered(older)[1]
