"""One transaction is all or nothing, times keep their zone, and SQLite's writers wait for each other."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from chassis import dead_letters, outbox
from chassis.database import Database
from tests.chassis.tally import AT, an_event, effects, some_news, write_down


def test_a_failed_transaction_leaves_neither_state_nor_news(database: Database) -> None:
    def fail_half_way() -> None:
        with database.transaction() as session:
            write_down(session, an_event())
            outbox.say(session, [some_news()])
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError):
        fail_half_way()

    assert _count(database, "tally_effects") == 0
    assert _count(database, "outbox") == 0


def test_a_savepoint_is_rolled_back_alone(database: Database) -> None:
    with database.transaction() as session:
        write_down(session, an_event("kept"))
        part = session.begin_nested()
        write_down(session, an_event("dropped"))
        part.rollback()

    with database.reading() as session:
        assert session.scalars(select(effects.c.subject)).all() == ["kept"]


def test_a_time_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    in_viet_nam = datetime(2026, 7, 1, 6, 30, 0, 123456, tzinfo=timezone(timedelta(hours=7)))
    with database.transaction() as session:
        dead_letters.bury(session, an_event(), "a reason", in_viet_nam)

    with database.reading() as session:
        (letter,) = dead_letters.buried(session)

    assert letter.buried_at == in_viet_nam
    assert letter.buried_at.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"), database.transaction() as session:
        dead_letters.bury(session, an_event(), "a reason", AT.replace(tzinfo=None))


def test_an_error_shows_no_values(database: Database) -> None:
    with pytest.raises(DBAPIError) as error, database.transaction() as session:
        session.execute(text("SELECT :phone FROM nowhere"), {"phone": "0912 345 678"})

    assert "0912" not in str(error.value)


def test_it_tells_whether_it_answers(database: Database) -> None:
    nobody = Database("tally", "postgresql+psycopg://nobody@127.0.0.1:1/none")

    assert database.answers()
    assert not nobody.answers()


@pytest.fixture
def file(tmp_path: Path) -> Database:
    """A SQLite file whose writers lose patience soon."""
    made = Database("tally", f"sqlite:///{tmp_path}/t.sqlite")
    event.listen(made.engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=50"))
    with made.transaction() as session:
        session.execute(text("CREATE TABLE counters (n INTEGER NOT NULL)"))
        session.execute(text("INSERT INTO counters VALUES (0)"))
    return made


def test_a_commit_on_sqlite_is_on_the_disk(file: Database) -> None:
    with file.reading() as session:
        synchronous = session.scalar(text("PRAGMA synchronous"))
        journal = session.scalar(text("PRAGMA journal_mode"))

    assert (synchronous, journal) == (2, "wal")


def test_writers_on_sqlite_wait_for_each_other(tmp_path: Path) -> None:
    databases = [Database("tally", f"sqlite:///{tmp_path}/t.sqlite") for _ in range(4)]
    with databases[0].transaction() as session:
        session.execute(text("CREATE TABLE counters (n INTEGER NOT NULL)"))
        session.execute(text("INSERT INTO counters VALUES (0)"))

    def count(database: Database) -> None:
        for _ in range(10):
            with database.transaction() as session:
                seen = session.scalar(text("SELECT n FROM counters"))
                session.execute(text("UPDATE counters SET n = :n"), {"n": (seen or 0) + 1})

    threads = [threading.Thread(target=count, args=[each]) for each in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with databases[0].reading() as session:
        assert session.scalar(text("SELECT n FROM counters")) == 40


def test_readers_on_sqlite_do_not_wait_for_the_writer(file: Database) -> None:
    with file.transaction() as writer:
        writer.execute(text("UPDATE counters SET n = 1"))
        with file.reading() as reader:
            seen = reader.scalar(text("SELECT n FROM counters"))
        answers = file.answers()

    assert seen == 0
    assert answers


def _count(database: Database, table: str) -> Any:
    with database.reading() as session:
        return session.scalar(text(f"SELECT count(*) FROM {table}"))
