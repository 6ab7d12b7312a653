"""The proxy carries connections, cuts them, falls silent, and loses the answer to a COMMIT but not the COMMIT."""

import time
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from chaos.network import Proxied
from tests import servers

pytestmark = pytest.mark.system


@pytest.fixture
def direct(postgres_server: servers.PostgresServer) -> Iterator[str]:
    """A database address past the proxy, for psycopg."""
    with postgres_server.databases(["tally"]) as databases:
        yield databases.of("tally").replace("+psycopg", "")


@pytest.fixture
def proxied(direct: str) -> Iterator[Proxied]:
    parts = conninfo_to_dict(direct)
    with Proxied(str(parts["host"]), int(str(parts["port"]))) as made:
        yield made


def through(proxied: Proxied, direct: str) -> psycopg.Connection:
    return psycopg.connect(direct, host="127.0.0.1", port=proxied.port)


def order(proxied: Proxied, what: str, **how: object) -> None:
    proxied.order(what, **how)
    time.sleep(0.3)  # it is another process


def test_what_is_sent_arrives(proxied: Proxied, direct: str) -> None:
    with through(proxied, direct) as connection:
        assert connection.execute("SELECT repeat('x', 300000)").fetchone() == ("x" * 300000,)


def test_a_cut_ends_every_connection_and_new_ones_are_carried(
    proxied: Proxied, direct: str
) -> None:
    connection = through(proxied, direct)

    order(proxied, "cut")

    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    through(proxied, direct).close()


def test_a_silent_network_answers_nothing_until_it_is_reset(proxied: Proxied, direct: str) -> None:
    connection = through(proxied, direct)
    order(proxied, "fall-silent", seconds=1.5)
    began = time.monotonic()

    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")

    assert time.monotonic() - began > 0.5


def test_a_lost_answer_is_that_of_a_commit_that_was_carried_out(
    proxied: Proxied, direct: str
) -> None:
    connection = through(proxied, direct)
    order(proxied, "lose-commits", count=1)
    connection.execute("CREATE TABLE kept (number int)")
    connection.execute("INSERT INTO kept VALUES (7)")

    with pytest.raises(psycopg.OperationalError):
        connection.commit()

    with psycopg.connect(direct) as beside:
        assert beside.execute("SELECT number FROM kept").fetchall() == [(7,)]
    through(proxied, direct).close()
