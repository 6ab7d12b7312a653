"""What reports are made of is what counting every dossier again gives, whatever was heard, in whatever groups."""

from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update

from chassis.hearing import Hearer
from chassis.migrating import downgrade, migrate
from services.reporting import queries, tallies
from services.reporting.hearing import reactions
from services.reporting.storage import area_tallies, dossiers, ideas, stage_tallies
from tests.builders import stores
from tests.builders.voices import Voices, Way

ACTS = ("selected", "submitted", "verified", "returned", "withdrawn", "scored", "closed", "certified",
        "referred", "national_result", "revoked", "expired", "listed", "delisted")  # fmt: skip
PLACES = (
    {"district": "395", "commune": "15583", "year": 2024},
    {"district": None, "commune": "14797", "year": 2026},
)


def wrong(database):
    with database.reading() as session:
        return tallies.wrong(session)


def counted(database, table):
    with database.reading() as session:
        return session.scalar(select(func.sum(table.c.dossiers)))


def a_way(voices, number):
    return Way(voices, f"Sản phẩm mẫu {number}", **PLACES[number % len(PLACES)])


def a_hundred_dossiers():
    voices = Voices()
    for number in range(100):
        way = a_way(voices, number)
        for act in ("selected", "submitted", "verified", "scored", "certified"):
            getattr(way, act)()
        if number % 3 == 0:
            way.revoked()
    return voices.said


@settings(max_examples=40, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(acts=st.lists(st.tuples(st.integers(0, 3), st.sampled_from(ACTS)), max_size=30),
       size=st.integers(1, 12))  # fmt: skip
def test_after_any_events_in_any_groups_the_tallies_are_what_counting_again_gives(
    database, acts, size
):
    _empty(database)
    voices = Voices()
    ways = [a_way(voices, number) for number in range(4)]
    for number, act in acts:
        getattr(ways[number], act)()
    hearer = Hearer(database, reactions)

    for start in range(0, len(voices.said), size):
        hearer.hear(voices.said[start : start + size])

    assert wrong(database) == []


def test_a_dossier_that_moves_to_another_year_or_place_is_counted_there_alone(database):
    Hearer(database, reactions).hear(a_hundred_dossiers())

    with database.transaction() as session:
        session.execute(update(dossiers).values(year=2027, district=None, commune="14801"))

    assert wrong(database) == []
    with database.reading() as session:
        assert queries.years(session) == [2027, 2026, 2024]  # the ideas stay where they were
        assert queries.funnel(session, 2024).dossiers == 0
        [row] = queries.plan_against_result(session, 2027).rows
    assert (row.area, row.result) == ("14801", {3: 66})


def test_rows_that_are_deleted_count_no_longer(database):
    Hearer(database, reactions).hear(a_hundred_dossiers())

    with database.transaction() as session:
        session.execute(delete(dossiers))
        session.execute(delete(ideas))

    assert wrong(database) == []
    with database.reading() as session:
        assert queries.years(session) == []


def test_a_wrong_tally_is_found(database):
    Hearer(database, reactions).hear(a_hundred_dossiers())

    with database.transaction() as session:
        session.execute(update(area_tallies).values(dossiers=area_tallies.c.dossiers + 1))

    assert "2024 district 395 3 dossiers" in wrong(database)[0]


def test_the_migration_counts_what_was_there_before_it(database):
    Hearer(database, reactions).hear(a_hundred_dossiers())
    downgrade(database, "reporting", "0001")

    migrate(database)

    assert wrong(database) == []
    assert counted(database, stage_tallies) == 200


@pytest.mark.system
def test_workers_at_once_neither_wait_for_each_other_s_counts_nor_miscount(migrated_postgres):
    database = stores.emptied(migrated_postgres)
    said = a_hundred_dossiers()
    shares = [[e for e in said if int(e.subject[-4:], 16) % 4 == part] for part in range(4)]
    hearer = Hearer(database, reactions)

    with database.transaction() as session:  # somebody has counted and not committed yet
        session.execute(text("INSERT INTO ideas SELECT gen_random_uuid(), gen_random_uuid(), '', 2024,"
                             " '38', NULL, '14797', now() FROM generate_series(1, 3)"))  # fmt: skip
        threads = [Thread(target=hearer.hear, args=(share,)) for share in shares]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert not any(thread.is_alive() for thread in threads)

    assert wrong(database) == []
    assert counted(database, stage_tallies) == 203


@pytest.mark.system
def test_differences_are_added_up_before_they_become_many(migrated_postgres):
    database = stores.emptied(migrated_postgres)

    with database.engine.begin() as connection:
        for number in range(1500):
            connection.execute(
                text("INSERT INTO ideas VALUES (gen_random_uuid(), gen_random_uuid(), '', :year,"
                     " '38', NULL, '14797', now())"), {"year": 2020 + number % 5}
            )  # fmt: skip

    with database.reading() as session:
        rows = session.scalar(select(func.count()).select_from(stage_tallies))
    assert rows < 1_000
    assert (wrong(database), counted(database, stage_tallies)) == ([], 1500)


def _empty(database):
    if database.engine.dialect.name == "postgresql":
        stores.emptied(database)
        return
    with database.transaction() as session:
        for (name,) in session.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'table'")
        ):
            if not name.startswith(("alembic", "sqlite")):
                session.execute(text(f"DELETE FROM {name}"))
        session.execute(delete(stage_tallies))
        session.execute(delete(area_tallies))
