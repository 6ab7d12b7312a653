"""A PostgreSQL: the databases and roles that a test gets on one, and a server of our own that a test may kill."""

import getpass
import re
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier, Literal

from chassis.settings import SERVICES
from tests.servers.machine import Account, NoServer, cleared, end, free_port, wait_until

PACKAGE = "postgresql"

MEMORY_LOOKS = 20
"""How often, half a second apart, a killed server is started before what it left in memory counts as stuck."""


@dataclass(frozen=True, slots=True)
class Databases:
    """A test's own databases, one per service, each owned by a role of its own that alone may connect.

    `template` is a `OCOP_DATABASE_URL`: it holds `{service}`.
    """

    template: str

    def of(self, service: str) -> str:
        """The database address of one service."""
        return self.template.replace("{service}", service)


class PostgresServer:
    """A running server; `admin` is how psycopg reaches it as a role that may create roles and databases."""

    def __init__(self, admin: str) -> None:
        self.admin = admin

    @contextmanager
    def databases(self, services: Iterable[str] = SERVICES) -> Iterator[Databases]:
        """Databases that are there for as long as the block runs."""
        prefix, password = f"ocop_test_{secrets.token_hex(4)}_", secrets.token_hex(8)
        names = [prefix + service for service in services]
        try:
            with psycopg.connect(self.admin, autocommit=True) as connection:
                for name in names:
                    _create(connection, name, password)
            yield Databases(f"postgresql+psycopg://{prefix}{{service}}:{password}@{self._place()}/"
                            f"{prefix}{{service}}")  # fmt: skip
        finally:
            with psycopg.connect(self.admin, autocommit=True) as connection:
                for name in names:
                    _drop(connection, name)

    def stop(self) -> None:
        """Nothing: it is not ours to stop."""

    def _place(self) -> str:
        """Where our databases are reached: over TCP, because a role of ours is no user of the machine."""
        parts = conninfo_to_dict(self.admin)
        host = str(parts.get("host") or "127.0.0.1")
        return f"{'127.0.0.1' if host.startswith('/') else host}:{parts.get('port') or 5432}"


def _create(connection: psycopg.Connection, name: str, password: str) -> None:
    role = Identifier(name)
    connection.execute(SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, Literal(password)))
    me = connection.execute("SELECT current_user").fetchone()
    with suppress(psycopg.Error):  # a superuser needs no membership to give a database away
        connection.execute(SQL("GRANT {} TO {}").format(role, Identifier(str(me and me[0]))))
    connection.execute(SQL("CREATE DATABASE {} OWNER {}").format(role, role))
    connection.execute(SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(role))


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
    connection.execute(SQL("DROP ROLE IF EXISTS {}").format(Identifier(name)))


def to_admin(url: str) -> str:
    """A database address as psycopg takes it: without SQLAlchemy's driver name."""
    return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql://", url)


def usable(admin: str) -> bool:
    """Whether the server answers, lets us make databases, and lets their roles in."""
    try:
        with PostgresServer(admin).databases(["probe"]) as databases:
            psycopg.connect(to_admin(databases.of("probe")), connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


def on_localhost() -> Iterator[str]:
    """The ways in which a server on localhost usually takes one in: `postgres` by trust, or the local user."""
    yield "postgresql://postgres@127.0.0.1:5432/postgres?connect_timeout=3"
    user = getpass.getuser()
    yield f"postgresql://{user}@/postgres?host=/var/run/postgresql&connect_timeout=3"


def programs() -> Path | None:
    """The folder of initdb and postgres; Debian keeps it off the path, one per version."""
    debian = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if debian:
        return max(debian, key=lambda folder: int(folder.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class PrivatePostgres(PostgresServer):
    """A server of our own on a free loopback port: it can be started, killed, started again.

    Raises NoServer where PostgreSQL is not installed.
    """

    def __init__(self) -> None:
        folder = programs()
        if folder is None:
            raise NoServer(f"Debian's package {PACKAGE} is not installed")
        self._programs = folder
        self._account = Account.named("postgres")
        self._home = self._account.folder("postgres")
        self._log = self._home / "server.log"
        self._port = free_port()
        self._process: subprocess.Popen[str] | None = None
        super().__init__(f"postgresql://postgres@127.0.0.1:{self._port}/postgres")

    def start(self) -> None:
        """Start it, on what it had on disk before if it ran before, and wait until it answers."""
        data = self._home / "data"
        if not data.exists():
            options = [
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
            ]
            self._account.run([str(self._programs / "initdb"), *options, f"--pgdata={data}"])
        flags = {
            "port": self._port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
        }
        settings = [word for name, value in flags.items() for word in ("-c", f"{name}={value}")]
        self._process = self._account.start(
            [str(self._programs / "postgres"), "-D", str(data), *settings],
            log=self._log,
            orphaned="INT",
        )
        wait_until(self._answers, words=self._log.read_text, gone=self._gone)

    def kill(self) -> None:
        """SIGKILL, and nothing is tidied up."""
        if self._process is not None:
            end(self._process, signal.SIGKILL)

    def crash(self) -> None:
        """Stop it at once, as `pg_ctl stop -m immediate` does: every connection is cut, nothing is tidied up."""
        if self._process is not None:
            end(self._process, signal.SIGQUIT)

    def restart(self) -> None:
        """Kill it and start it again, once its memory is free; it recovers from its log."""
        self.kill()
        for _ in range(MEMORY_LOOKS):
            try:
                return self.start()
            except NoServer as error:
                if "shared memory block" not in str(error):
                    raise
                time.sleep(0.5)
        return self.start()

    def stop(self) -> None:
        """Stop it for good and leave nothing behind."""
        with cleared(self._home):
            if self._process is not None:
                end(self._process, signal.SIGINT)

    def _gone(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.admin, connect_timeout=3).close()
        except psycopg.Error:
            return False
        return True
