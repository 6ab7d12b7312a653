"""An absent database is told from a wrong statement: for the first one waits, the second is a fault."""

import os
import socket
import sqlite3
import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from chassis.database import Database, is_away, is_contention
from tests.servers import PostgresServer, PrivatePostgres


@pytest.mark.parametrize(
    "statement", ["SELECT 1 FROM nowhere", "SELEC 1", "SELECT nothing FROM outbox"]
)
def test_a_wrong_statement_does_not_mean_that_the_database_is_away(
    database: Database, statement: str
) -> None:
    error = _error_of(database, lambda session: session.execute(text(statement)))

    assert not is_away(error)
    assert not is_contention(error)


def test_a_broken_rule_does_not_mean_that_the_database_is_away(database: Database) -> None:
    twice = text("INSERT INTO outbox_sequences (subject, last) VALUES ('a', 1), ('a', 2)")

    error = _error_of(database, lambda session: session.execute(twice))

    assert not is_away(error)


def test_an_exhausted_pool_counts_as_away(database: Database) -> None:
    held = [database.engine.connect() for _ in range(_room(database))]
    database.engine.pool._timeout = 0.01  # type: ignore[attr-defined]  # nobody wants to wait here

    error = _error_of(database, lambda session: session.execute(text("SELECT 1")))

    for connection in held:
        connection.close()
    assert is_away(error)


@pytest.fixture
def file(tmp_path: Path) -> Database:
    """A SQLite file whose writers lose patience soon."""
    made = Database("tally", f"sqlite:///{tmp_path}/t.sqlite")
    event.listen(made.engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=50"))
    return made


def test_a_locked_file_counts_as_away(file: Database) -> None:
    writer = sqlite3.connect(file.url.removeprefix("sqlite:///"), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")

    error = _error_of(file, lambda session: session.execute(text("SELECT 1")))

    writer.close()
    assert is_away(error)


def test_a_file_that_cannot_be_opened_counts_as_away(tmp_path: Path) -> None:
    (tmp_path / "t.sqlite").mkdir()
    folder = Database("tally", f"sqlite:///{tmp_path}/t.sqlite")

    error = _error_of(folder, lambda session: session.execute(text("SELECT 1")))

    assert is_away(error)


@pytest.fixture
def served(postgres_server: PostgresServer, request: pytest.FixtureRequest) -> Any:
    """A database of its own on PostgreSQL, and a superuser's connection beside it."""
    with (
        postgres_server.databases(["tally"]) as databases,
        psycopg.connect(postgres_server.admin, autocommit=True) as admin,
    ):
        database = Database("tally", databases.of("tally"))
        yield database, admin
        database.engine.dispose()


@pytest.mark.system
@pytest.mark.parametrize("shut", ["ALLOW_CONNECTIONS false", "CONNECTION LIMIT 0"])
def test_a_server_that_lets_nobody_in_counts_as_away(served: Any, shut: str) -> None:
    database, admin = served
    admin.execute(f"ALTER DATABASE {database.engine.url.database} {shut}")

    error = _error_of(database, lambda session: session.execute(text("SELECT 1")))

    assert is_away(error)


@pytest.mark.system
@pytest.mark.parametrize("changed", [{"username": "nobody"}, {"database": "nowhere"}, {"port": 1}])
def test_a_door_that_does_not_open_counts_as_away(served: Any, changed: dict[str, Any]) -> None:
    database, _ = served
    url = database.engine.url.set(**changed)

    elsewhere = Database("tally", url.render_as_string(hide_password=False))

    assert is_away(_error_of(elsewhere, lambda session: session.execute(text("SELECT 1"))))


@pytest.mark.system
def test_a_session_ended_by_the_administrator_counts_as_away(served: Any) -> None:
    database, admin = served

    def end(session: Session) -> None:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
        admin.execute("SELECT pg_terminate_backend(%s)", [pid])
        session.execute(text("SELECT 1"))

    assert is_away(_error_of(database, end))
    assert database.answers()


@pytest.mark.system
def test_a_reset_connection_counts_as_away(served: Any) -> None:
    database, _ = served

    def cut(session: Session) -> None:
        raw: Any = session.connection().connection.driver_connection
        line = socket.socket(fileno=os.dup(raw.fileno()))
        line.shutdown(socket.SHUT_RDWR)
        line.close()
        session.execute(text("SELECT 1"))

    assert is_away(_error_of(database, cut))
    assert database.answers()


@pytest.mark.system
def test_a_killed_server_counts_as_away_until_it_is_back(
    private_postgres: PrivatePostgres,
) -> None:
    with private_postgres.databases(["tally"]) as databases:
        database = Database("tally", databases.of("tally"))

        def kill(session: Session) -> None:
            session.execute(text("SELECT 1"))
            private_postgres.kill()
            session.execute(text("SELECT 1"))

        in_the_middle = _error_of(database, kill)
        at_the_door = _error_of(database, lambda session: session.execute(text("SELECT 1")))
        private_postgres.start()

        assert is_away(in_the_middle)
        assert is_away(at_the_door)
        assert database.answers()
        database.engine.dispose()


@pytest.mark.system
@pytest.mark.parametrize(
    ("statements", "contention"),
    [
        (["SET statement_timeout = 20", "SELECT pg_sleep(5)"], True),
        (["CREATE TEMP TABLE t (word text PRIMARY KEY)",
          "INSERT INTO t SELECT string_agg(md5(n::text), '') FROM generate_series(1, 999) n"], False),
        (["SELECT 1 / 0"], False),
        (["SELECT 'x'::int"], False),
    ],
)  # fmt: skip
def test_what_a_statement_does_wrong_is_not_taken_for_absence(
    served: Any, statements: list[str], contention: bool
) -> None:
    database, _ = served

    def run(session: Session) -> None:
        for statement in statements:
            session.execute(text(statement))

    error = _error_of(database, run)

    assert not is_away(error)
    assert is_contention(error) is contention


@pytest.mark.system
def test_a_deadlock_is_contention(served: Any) -> None:
    database, _ = served
    with database.transaction() as session:
        session.execute(text("CREATE TABLE pair (name text PRIMARY KEY, n int)"))
        session.execute(text("INSERT INTO pair VALUES ('a', 0), ('b', 0)"))
    both_hold_one = threading.Barrier(2)
    errors: list[BaseException] = []

    def take(first: str, second: str) -> None:
        try:
            with database.transaction() as session:
                session.execute(text(f"UPDATE pair SET n = 1 WHERE name = '{first}'"))
                both_hold_one.wait()
                session.execute(text(f"UPDATE pair SET n = 1 WHERE name = '{second}'"))
        except DBAPIError as error:
            errors.append(error)

    threads = [threading.Thread(target=take, args=order) for order in ("ab", "ba")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [(is_contention(error), is_away(error)) for error in errors] == [(True, False)]


def _error_of(database: Database, work: Any) -> BaseException:
    with pytest.raises(SQLAlchemyError) as error, database.transaction() as session:
        work(session)
    return error.value


def _room(database: Database) -> int:
    pool: Any = database.engine.pool
    return int(pool.size() + pool._max_overflow)
