"""PostgreSQL databases dumped as all of them stood at one moment, and put back, by PostgreSQL's own client."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, make_url, text

from chassis.database import Database
from cli.backup.vessel import Source, take_out
from cli.house import House
from cli.mistakes import Failure

SUFFIX = ".dump"
PATIENCE = "10s"

DROP_ALL = """
DO $$ DECLARE each record; BEGIN
  FOR each IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DROP TABLE IF EXISTS public.%I CASCADE', each.name);
  END LOOP;
  FOR each IN SELECT p.oid::regprocedure::text AS name FROM pg_proc p
      WHERE p.pronamespace = 'public'::regnamespace AND pg_has_role(p.proowner, 'USAGE') LOOP
    EXECUTE 'DROP FUNCTION IF EXISTS ' || each.name || ' CASCADE';
  END LOOP;
END $$
"""
"""Also what a newer version than the backup's has made."""


class Snapshot:
    """One database at that moment."""

    def __init__(self, database: Database, connection: Connection) -> None:
        self._url = database.url
        self._connection = connection
        self._id = connection.scalar(text("SELECT pg_export_snapshot()"))

    def ask(self, statement: str) -> list[Any]:
        """The rows of a query."""
        return list(self._connection.execute(text(statement)))

    def tables(self) -> list[str]:
        """The names of all tables."""
        found = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        return [name for (name,) in self.ask(found)]

    def write(self, path: Path) -> None:
        """Dump it into a file."""
        _run("pg_dump", self._url, "--format=custom", f"--snapshot={self._id}", f"--file={path}")


@contextmanager
def snapshots(house: House) -> Iterator[dict[str, Snapshot]]:
    """All databases of a house at one moment: nothing can be said or heard until each has begun to be read.

    Inbox before outbox, in the order in which a hearer writes them: nobody waits for us who holds what we wait for.
    """
    with ExitStack() as stack:
        readers: dict[str, Connection] = {}
        with ExitStack() as quiet:
            for name in house.services:
                held = quiet.enter_context(house.database(name).engine.connect())
                held.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}'"))
                for table in ("inbox", "outbox"):
                    held.execute(text(f"LOCK TABLE {table} IN SHARE MODE"))
            for name in house.services:
                readers[name] = stack.enter_context(house.database(name).engine.connect())
                readers[name].execution_options(isolation_level="REPEATABLE READ")
                readers[name].execute(text("SELECT 1"))
            made = {name: Snapshot(house.database(name), readers[name]) for name in readers}
        yield made


def put_back(database: Database, source: Source, name: str) -> None:
    """A dump of the backup in place of what the database holds."""
    with database.engine.begin() as connection:
        connection.execute(text(DROP_ALL))
    database.engine.dispose()
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "dump"
        take_out(source, name, dump)
        _run("pg_restore", database.url, "--single-transaction", "--exit-on-error", last=str(dump))


def _run(program: str, url: str, *options: str, last: str | None = None) -> None:
    """One of PostgreSQL's programs; the password travels in its environment. Raises Failure."""
    found = shutil.which(program)
    if found is None:
        raise Failure(f"{program} is not installed: it is in PostgreSQL's client package")
    parts = make_url(url)
    bare = parts.set(drivername="postgresql", password=None).render_as_string()
    words = [found, "--no-owner", "--no-privileges", *options, f"--dbname={bare}"]
    done = subprocess.run(  # noqa: S603  PostgreSQL's own program
        [*words, *([last] if last else [])],
        env={"PATH": os.defpath, "PGPASSWORD": str(parts.password or ""), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Failure(f"{program} failed: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
