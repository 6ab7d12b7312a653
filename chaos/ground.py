"""Servers of the rig's own behind proxies, and the environment of every process of the instance on them."""

import http.client
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from chaos.clocks import Clocks
from chaos.keeper import Keeper, Process
from chaos.network import Proxied
from chassis.settings import SERVICES, read
from chassis.wire import topology
from cli.house import House, listening
from tests import servers
from tests.servers.machine import free_port, wait_until

SECOND_WORKERS = ("evaluation", "certification", "reporting")
"""Services that have two workers at once."""

READY_WITHIN = 180.0
"""Seconds; a loaded machine takes its time to start eighteen processes."""

NAMES = (
    *(f"{kind} {service}" for service in SERVICES for kind in ("web", "worker", "relay")),
    *(f"worker {service} 2" for service in SECOND_WORKERS),
)
"""The processes of the instance."""

ROOM = {"max_connections": 400, "shared_buffers": "'256MB'", "checkpoint_timeout": "'15min'",
        "max_wal_size": "'4GB'"}  # fmt: skip
"""What the database server is given beyond its defaults; nothing that makes a commit less durable."""

SETTINGS = {
    "OCOP_PROVINCE": "38",
    "OCOP_TOKEN_SECRET": "the-rig-signs-its-tokens-with-this-secret",
    "OCOP_LOG_LEVEL": "warning",
    "OCOP_RETRY_FIRST": "0.3",
    "OCOP_CONFIRM_TIMEOUT": "5",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Everything that a strike can be done to. `house` reaches databases and broker past the proxies."""

    broker: servers.PrivateBroker
    postgres: servers.PrivatePostgres
    to_broker: Proxied
    to_postgres: Proxied
    clocks: Clocks
    keeper: Keeper
    house: House
    urls: dict[str, str]

    def wait_ready(self) -> None:
        """Until the web of every service answers. Raises NoServer."""
        wait_until(lambda: all(map(_answers, self.urls.items())), words=str, within=READY_WITHIN)


def _answers(named: tuple[str, str]) -> bool:
    service, url = named
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    try:
        connection.request("GET", f"/{service}/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def prepared(folder: Path, *, wait: float) -> Iterator[Ground]:
    """A ground whose processes run, migrated and declared, for as long as the block does. Raises NoServer.

    Workers wait so many seconds for company, relays half as many.
    """
    with ExitStack() as stack:
        broker, postgres = servers.PrivateBroker(), servers.PrivatePostgres()
        for server in (broker, postgres):
            stack.callback(server.stop)
            server.start()
        _give_room(postgres)
        databases = stack.enter_context(postgres.databases())
        straight = SETTINGS | {
            "OCOP_DATA": str(folder / "data"),
            "OCOP_BROKER_URL": broker.url,
            "OCOP_DATABASE_URL": databases.template,
            "OCOP_GROUP_WAIT": str(wait),
            "OCOP_RELAY_WAIT": str(wait / 2),
        }
        house = House(read(straight))
        stack.callback(house.close)
        house.migrate()
        topology.declare(topology.topology(listening()), broker.url)
        to_broker = stack.enter_context(Proxied("127.0.0.1", _port(broker.url)))
        to_postgres = stack.enter_context(Proxied("127.0.0.1", _port(databases.template)))
        environment = straight | {
            "OCOP_BROKER_URL": _through(to_broker, broker.url),
            "OCOP_DATABASE_URL": _through(to_postgres, databases.template),
        }
        clocks = Clocks(folder)
        ports = {service: free_port() for service in SERVICES}
        keeper = Keeper([
            Process(name, _environment(name, environment, ports, clocks), folder / f"{name}.log")
            for name in NAMES
        ])  # fmt: skip
        stack.enter_context(keeper)
        yield Ground(
            broker=broker,
            postgres=postgres,
            to_broker=to_broker,
            to_postgres=to_postgres,
            clocks=clocks,
            keeper=keeper,
            house=house,
            urls={service: f"http://127.0.0.1:{port}" for service, port in ports.items()},
        )


def _environment(
    name: str, environment: dict[str, str], ports: dict[str, int], clocks: Clocks
) -> dict[str, str]:
    bare = {key: value for key, value in os.environ.items() if not key.startswith("OCOP_")}
    port = {"OCOP_PORT": str(ports[name.split()[1]])}
    return bare | environment | port | clocks.environment(name)


def _give_room(postgres: servers.PrivatePostgres) -> None:
    with psycopg.connect(postgres.admin, autocommit=True) as connection:
        for name, value in ROOM.items():
            connection.execute(f"ALTER SYSTEM SET {name} = {value}")
    postgres.restart()


def _port(url: str) -> int:
    return urlsplit(url).port or 0


def _through(proxied: Proxied, url: str) -> str:
    return url.replace(f":{_port(url)}/", f":{proxied.port}/", 1)
