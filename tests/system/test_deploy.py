"""What lies in deploy/ does what it says, on servers of our own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import amqp
import psycopg
import pytest
from kombu import Connection

from chassis.settings import SERVICES
from chassis.wire.topology import declare, missing, topology
from cli.house import listening
from tests.servers import NoServer, PrivateBroker, PrivatePostgres
from tests.servers.rabbitmq import with_vhost

pytestmark = pytest.mark.system

DEPLOY = Path(__file__).parents[2] / "deploy"
PASSWORDS = {f"{name.upper()}_PASSWORD": f"of-{name}" for name in (*SERVICES, "operator")}


@pytest.fixture(scope="module")
def server() -> Iterator[PrivatePostgres]:
    """A PostgreSQL whose data are new, set up by init.sh; twice, because it may be repeated."""
    try:
        server = PrivatePostgres()
    except NoServer as reason:
        pytest.skip(str(reason))
    server.start()
    for _ in range(2):
        _run(["sh", DEPLOY / "postgres" / "init.sh"], **PASSWORDS, **_where(server))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def rabbit() -> Iterator[PrivateBroker]:
    """A RabbitMQ with its management API, set up by province.py; twice, because it may be repeated."""
    try:
        broker = PrivateBroker(management=True)
    except NoServer as reason:
        pytest.skip(str(reason))
    broker.start()
    admin = {
        "RABBITMQ_API": broker.api,
        "RABBITMQ_ADMIN": "guest",
        "RABBITMQ_ADMIN_PASSWORD": "guest",
    }
    for _ in range(2):
        script = [sys.executable, DEPLOY / "rabbitmq" / "province.py"]
        _run(script, **admin, RABBITMQ_PASSWORD="secret", PROVINCE="38")
    yield broker
    broker.stop()


def _run(command: list[str | Path], **environment: str) -> None:
    done = subprocess.run(
        command,
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _where(server: PrivatePostgres) -> dict[str, str]:
    parts = psycopg.conninfo.conninfo_to_dict(server.admin)
    return {"PGHOST": str(parts["host"]), "PGPORT": str(parts["port"]), "PGUSER": "postgres"}


def _login(server: PrivatePostgres, role: str, database: str) -> psycopg.Connection:
    return psycopg.connect(server.admin, user=role, password=f"of-{role}", dbname=database)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_owns_its_database_and_enters_no_other(
    server: PrivatePostgres, service: str
) -> None:
    with _login(server, service, service) as connection:
        connection.execute("CREATE TABLE own (number int)")

    for other in {*SERVICES} - {service}:
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            _login(server, service, other)


def test_what_the_operator_makes_belongs_to_the_service(server: PrivatePostgres) -> None:
    with _login(server, "operator", "reporting") as connection:
        connection.execute("CREATE TABLE migrated (number int)")
        row = connection.execute(
            "SELECT tableowner FROM pg_tables WHERE tablename = 'migrated'"
        ).fetchone()

    assert row == ("reporting",)


def test_the_instances_user_may_declare_its_topology(rabbit: PrivateBroker) -> None:
    url, wanted = _as_instance(rabbit), topology(listening())

    declare(wanted, url)

    assert missing(wanted, url) == []


def test_the_instances_user_may_reach_a_dead_letter_queue_by_its_name(
    rabbit: PrivateBroker,
) -> None:
    with Connection(_as_instance(rabbit)) as connection:
        channel = connection.default_channel
        channel.queue_declare("ocop.probe.dead", durable=True, auto_delete=False)
        channel.basic_publish(amqp.Message("one"), routing_key="ocop.probe.dead")

        assert channel.basic_get("ocop.probe.dead", no_ack=True).body == "one"


def test_no_dead_letter_is_dropped_for_having_been_delivered_often(rabbit: PrivateBroker) -> None:
    wanted = topology(listening())

    declare(wanted, _as_instance(rabbit))

    words = ("list_queues", "--vhost", "ocop-38", "--formatter", "json", "name", "policy")
    told = json.loads(rabbit.control.call(*words))
    kept = {queue["name"] for queue in told if queue["policy"] == "ocop-keeps-the-dead"}
    assert kept == {queue.name for queue in wanted.queues if queue.name.endswith(".dead")}


def test_the_instances_user_may_make_nothing_else(rabbit: PrivateBroker) -> None:
    with (
        Connection(_as_instance(rabbit)) as connection,
        pytest.raises(amqp.exceptions.AccessRefused),
    ):
        connection.default_channel.queue_declare("foreign")


def _as_instance(rabbit: PrivateBroker) -> str:
    return with_vhost(rabbit.url, "ocop-38").replace("guest:guest", "ocop:secret")
