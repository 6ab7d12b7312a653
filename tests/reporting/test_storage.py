from threading import Thread
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select, text

from chassis import rows
from chassis.migrating import downgrade, migrate, missing
from services.reporting import storage
from services.reporting.domain import Plan, Target, UnknownPlan
from services.reporting.storage import dossiers, metadata, targets

PLACE = {"province": "38", "district": "395", "commune": "15583"}


def a_plan(*areas, year=2024, source="Kế hoạch mẫu", three=5):
    stars = {3: three, 4: 1, 5: 0}
    rows = tuple(Target(area=area, level="district", stars=stars) for area in areas)
    return Plan(year=year, source=source, targets=rows)


def enter(database, plan):
    with database.transaction() as session:
        return storage.set_plan(session, plan)


def read(database, year=2024):
    with database.reading() as session:
        return storage.plan_of(session, year)


def keep(database, **columns):
    with database.transaction() as session:
        rows.keep(session, dossiers, columns | PLACE)


def test_a_plan_is_read_as_it_was_entered(database):
    plan = a_plan("395", "401")

    enter(database, plan)

    assert read(database) == plan


def test_a_plan_takes_the_place_of_the_former_as_a_whole(database):
    first = enter(database, a_plan("395", "401"))
    second = enter(database, a_plan("380", source="Sửa đổi", three=1))

    assert (first, second) == (1, 2)
    assert read(database) == a_plan("380", source="Sửa đổi", three=1)


def test_plans_of_other_years_are_left_alone(database):
    enter(database, a_plan("395"))

    enter(database, a_plan("401", year=2023))

    assert read(database) == a_plan("395")


def test_a_year_without_a_plan_has_none(database):
    with pytest.raises(UnknownPlan):
        read(database)
    with database.reading() as session:
        assert storage.plan_version(session, 2024) == 0


def test_two_plans_entered_at_once_follow_each_other(database):
    plans = [a_plan(*(str(380 + n) for n in range(20)), source=f"{k}", three=k) for k in range(6)]
    threads = [Thread(target=enter, args=(database, plan)) for plan in plans]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    kept = read(database)
    assert kept in plans
    with database.reading() as session:
        assert storage.plan_version(session, 2024) == 6
        assert session.scalar(select(func.count()).select_from(targets)) == 60


def test_what_one_sayer_says_leaves_what_another_said(database):
    dossier = uuid4()

    keep(database, dossier_id=dossier, filing="verified", year=2024)
    keep(database, dossier_id=dossier, mean="66.36", score_star=3)

    with database.reading() as session:
        [row] = session.execute(select(dossiers)).all()
    assert (row.filing, row.year, row.mean, row.score_star) == ("verified", 2024, "66.36", 3)


def test_the_migrations_make_the_tables_of_the_code(database):
    def ours(_object, name, type_, _reflected, _compared):
        return type_ != "table" or name in metadata.tables

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours})

        assert compare_metadata(context, metadata) == []


@pytest.mark.system
def test_the_migrations_derive_stage_and_stars_as_the_code_says(migrated_postgres):
    derived = text(
        "SELECT column_name, generation_expression FROM information_schema.columns"
        " WHERE table_name = :name AND is_generated = 'ALWAYS'"
    )
    with migrated_postgres.engine.begin() as connection:
        migrated = {tuple(row) for row in connection.execute(derived, {"name": "dossiers"})}
        connection.execute(text("CREATE SCHEMA fresh"))
        fresh = dossiers.to_metadata(type(metadata)(), schema="fresh", name="fresh_dossiers")
        fresh.create(connection)
        made = {tuple(row) for row in connection.execute(derived, {"name": "fresh_dossiers"})}
        connection.rollback()

    assert {name for name, _ in migrated} == {"stage", "star", "result"}
    assert made == migrated


def test_the_migrations_lead_back(sqlite):
    downgrade(sqlite, "reporting", "base")

    assert missing(sqlite) == ["reporting"]
    migrate(sqlite)
    assert missing(sqlite) == []
