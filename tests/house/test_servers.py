"""The servers that tests run on: each test has its own part of them, and a killed one comes back with what it had."""

import time

import psycopg
import pytest
from kombu import Connection

from tests.servers import Broker, Databases, PrivateBroker, PrivatePostgres
from tests.servers.postgres import to_admin
from tests.servers.rabbitmq import ON_DISK_AFTER

pytestmark = pytest.mark.system


def test_a_vhost_is_empty_and_usable(broker: Broker) -> None:
    with Connection(broker.url) as connection:
        declared = connection.default_channel.queue_declare("ocop.probe", durable=True)

    assert declared.message_count == 0


def test_a_service_reaches_its_own_database_and_no_other(postgres: Databases) -> None:
    own = to_admin(postgres.of("registration"))
    foreign = own.replace("registration", "evaluation", 2).replace("evaluation", "registration", 1)

    with psycopg.connect(own) as connection:
        row = connection.execute("SELECT current_user = current_database()").fetchone()

    assert row == (True,)
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(foreign)


def test_a_killed_broker_comes_back_with_its_messages(private_broker: PrivateBroker) -> None:
    arguments = {"x-queue-type": "quorum"}
    with Connection(private_broker.url) as connection:
        queue = connection.SimpleQueue("kept", queue_args=arguments)
        queue.put("one")
    time.sleep(ON_DISK_AFTER)

    private_broker.restart()

    with Connection(private_broker.url) as connection:
        queue = connection.SimpleQueue("kept", queue_args=arguments)
        assert queue.get(timeout=10).payload == "one"


def test_a_killed_database_server_comes_back_with_its_rows(
    private_postgres: PrivatePostgres,
) -> None:
    with psycopg.connect(private_postgres.admin) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")

    private_postgres.restart()

    with psycopg.connect(private_postgres.admin) as connection:
        row = connection.execute("SELECT number FROM kept").fetchone()
    assert row == (1,)
