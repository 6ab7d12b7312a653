"""Every service's database is brought up, down and up again, and then is what its rooms declare."""

import importlib
import pkgutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, inspect

from chassis import migrating, tables
from chassis.database import Database
from chassis.settings import SERVICES
from tests.chassis.conftest import DECLARING

assert DECLARING, "the chassis's tables are declared where they are used"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.system)])
def empty(request: pytest.FixtureRequest, tmp_path: Path, service: str) -> Iterator[Database]:
    """The service's database before anything was done to it."""
    if request.param == "sqlite":
        yield Database(service, f"sqlite:///{tmp_path}/{service}.sqlite")
        return
    with request.getfixturevalue("postgres_server").databases([service]) as databases:
        made = Database(service, databases.of(service))
        yield made
        made.engine.dispose()


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    """Each service's name."""
    name: str = request.param
    return name


def test_migrations_go_up_and_down_and_up_again(empty: Database) -> None:
    assert migrating.missing(empty) == ["chassis", empty.service]

    migrating.migrate(empty)
    after_up = migrating.missing(empty)
    migrating.downgrade(empty, empty.service, "base")
    migrating.downgrade(empty, "chassis", "base")
    left = set(inspect(empty.engine).get_table_names())
    migrating.migrate(empty)

    assert after_up == []
    assert left == {"alembic_version_chassis", f"alembic_version_{empty.service}"}
    assert migrating.missing(empty) == []


def test_a_migrated_database_is_what_the_rooms_declare(empty: Database) -> None:
    migrating.migrate(empty)

    with empty.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": _ours}
        )
        differences = compare_metadata(context, _declared(empty))

    assert differences == []


@pytest.mark.parametrize("service", ["registration"], indirect=True)
def test_processes_that_migrate_at_once_wait_for_each_other(empty: Database) -> None:
    faults: list[BaseException] = []

    def migrate() -> None:
        try:
            migrating.migrate(Database(empty.service, empty.url))
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=migrate) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert migrating.missing(empty) == []


def _ours(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    return not (kind == "table" and str(name).startswith("alembic_version"))


def _declared(empty: Database) -> MetaData:
    """The chassis's tables and those of a service's rooms, as one: what this kind of database is to have."""
    dialect = empty.engine.dialect.name
    together = MetaData(naming_convention=tables.NAMING)
    for declared in (tables.metadata, *_metadata_of(empty.service)):
        for table in declared.sorted_tables:
            if table.name not in together.tables and table.info.get("only", dialect) == dialect:
                table.to_metadata(together)
    return together


def _metadata_of(service: str) -> list[MetaData]:
    room = importlib.import_module(f"services.{service}.storage")
    modules = [room] + [
        importlib.import_module(f"{room.__name__}.{each.name}")
        for each in pkgutil.iter_modules(getattr(room, "__path__", []))
    ]
    return [
        found
        for module in modules
        for value in vars(module).values()
        if isinstance(found := getattr(value, "metadata", None), MetaData)
    ]


@pytest.mark.parametrize("service", ["registration"], indirect=True)
def test_what_was_sent_and_what_waits_is_kept_up_and_down(empty: Database) -> None:
    migrating.upgrade(empty, "chassis")
    migrating.downgrade(empty, "chassis", "0003")
    _put(empty, "a", sent_at="2026-07-01 00:00:00+00:00")
    _put(empty, "b")

    migrating.upgrade(empty, "chassis")
    _put(empty, "c")
    up = _asked(empty, "outbox LEFT JOIN outbox_sent USING (position)")
    waiting = _asked(empty, "outbox JOIN outbox_waiting USING (position)", what="1")
    migrating.downgrade(empty, "chassis", "0003")
    down = _asked(empty, "outbox")

    assert up == down == {"a": True, "b": False, "c": False}
    assert set(waiting) == {"b", "c"}


def _put(database: Database, subject: str, **also: str) -> None:
    """A row of the outbox, by the columns that it has had in every version."""
    row = {"id": str(uuid4()), "type": "T", "subject": subject, "sequence": "1", "correlationid": "c",
           "time": "2026-07-01 00:00:00+00:00", "body": "{}", **also}  # fmt: skip
    values = ", ".join(f"'{value}'" for value in row.values())
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO outbox ({', '.join(row)}) VALUES ({values})")


def _asked(database: Database, tables: str, what: str = "sent_at IS NOT NULL") -> dict[str, bool]:
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"SELECT subject, {what} FROM {tables}")
        return {subject: bool(answer) for subject, answer in rows}
