"""`ocop doctor`: every fault is seen, and what to do about it is said."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from chassis.clock import now
from chassis.dead_letters import bury
from chassis.outbox import News, say
from chassis.settings import SERVICES, read
from cli.house import House, listening
from tests import servers
from tests.chassis.tally import an_event
from tests.cli.calling import Ocop


@pytest.fixture
def ocop(tmp_path: Path) -> Ocop:
    """An embedded instance in good health."""
    call = Ocop(tmp_path / "data")
    assert call("migrate").exit_code == 0
    return call


def findings(ocop: Ocop, *services: str, status: int) -> dict[str, Any]:
    report = ocop.json("doctor", *services, status=status)
    return {each["about"]: each for each in report["findings"]}


def test_a_healthy_instance_has_no_fault(ocop: Ocop) -> None:
    found = findings(ocop, status=0)

    assert {each["state"] for each in found.values()} == {"ok"}
    assert {f"database {service}" for service in SERVICES} <= set(found)
    assert "Nothing is wrong." in ocop("doctor").stdout


def test_a_fault_says_what_to_do(tmp_path: Path) -> None:
    found = findings(Ocop(tmp_path), "promotion", status=1)

    assert found["database promotion"]["seen"] == "lacks migrations: chassis, promotion"
    assert found["database promotion"]["remedy"] == "ocop migrate promotion"
    assert "database reporting" not in found


def test_a_data_folder_that_cannot_be_made_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    found = findings(Ocop(tmp_path / "file" / "data"), status=1)

    assert "cannot be written to" in found["data folder"]["seen"]
    assert "OCOP_DATA" in found["data folder"]["remedy"]


def test_a_database_that_is_no_database_is_a_fault(ocop: Ocop) -> None:
    (ocop.data / "promotion.sqlite").write_bytes(b"no database at all, but long enough" * 100)

    found = findings(ocop, "promotion", status=1)

    assert found["database promotion"]["state"] == "fault"


def test_a_key_set_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    call = Ocop(tmp_path, OCOP_JWKS_FILE="/no/such/file")
    call("migrate", "promotion")

    found = findings(call, "promotion", status=1)

    assert "OCOP_JWKS_FILE" in found["tokens"]["seen"]


def test_news_that_nobody_carries_is_a_fault(ocop: Ocop) -> None:
    speak(ocop)
    change(ocop, "UPDATE outbox SET time = '2026-01-01 00:00:00'")

    found = findings(ocop, "promotion", status=1)

    assert "1 unsent, the oldest since 2026-01-01" in found["outbox promotion"]["seen"]
    assert "ocop relay promotion" in found["outbox promotion"]["remedy"]


def test_a_clock_that_went_back_is_a_fault(ocop: Ocop) -> None:
    speak(ocop)
    change(ocop, "UPDATE outbox SET time = '2099-01-01 00:00:00'")

    assert "in the future" in findings(ocop, "promotion", status=1)["clock promotion"]["seen"]


def test_a_dead_letter_is_a_fault_that_tells_its_reason(ocop: Ocop) -> None:
    house = House(read(ocop.settings))
    with house.database("promotion").transaction() as session:
        bury(session, an_event(), "not-to-my-taste: nobody wants this", now())
    house.close()

    found = findings(ocop, "promotion", status=1)["dead letters promotion"]

    assert "not-to-my-taste: nobody wants this" in found["seen"]


def test_databases_that_do_not_answer_are_faults_and_nobody_waits_for_them(tmp_path: Path) -> None:
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:9/{service}"

    found = findings(Ocop(tmp_path, OCOP_DATABASE_URL=nowhere), status=1)

    assert all("does not answer" in found[f"database {service}"]["seen"] for service in SERVICES)


def speak(ocop: Ocop) -> None:
    house = House(read(ocop.settings))
    with house.database("promotion").transaction() as session:
        say(session, [News(type="ProductListed", subject="p-1", time=now(), data={})])
    house.close()


def change(ocop: Ocop, statement: str) -> None:
    with sqlite3.connect(ocop.data / "promotion.sqlite") as connection:
        connection.execute(statement)


@pytest.fixture
def province(broker: servers.Broker, postgres: servers.Databases, tmp_path: Path) -> Ocop:
    """An instance on servers, with databases and an empty vhost, but no process yet."""
    call = Ocop(
        tmp_path,
        OCOP_BROKER_URL=broker.url,
        OCOP_DATABASE_URL=postgres.template,
        OCOP_TOKEN_SECRET="a secret for the doctor's tests alone",
    )
    assert call("migrate").exit_code == 0
    return call


@pytest.mark.system
def test_a_broker_without_topology_is_a_fault(province: Ocop) -> None:
    found = findings(province, status=1)

    assert "20 exchanges and queues are missing" in found["topology"]["seen"]
    assert found["topology"]["remedy"] == "ocop topology apply"


@pytest.mark.system
def test_a_queue_without_a_worker_is_a_fault(province: Ocop) -> None:
    assert province("topology", "apply").exit_code == 0

    found = findings(province, "promotion", status=1)

    assert found["broker"]["state"] == "ok"
    assert "0 workers" in found["queue ocop.promotion"]["seen"]
    assert found["queue ocop.promotion"]["remedy"] == "ocop worker promotion"
    assert "queue ocop.reporting" not in found


@pytest.mark.system
def test_a_broker_that_does_not_answer_is_a_fault(province: Ocop) -> None:
    call = Ocop(
        province.data, **dict(province.settings) | {"OCOP_BROKER_URL": "amqp://127.0.0.1:9"}
    )

    found = findings(call, "promotion", status=1)

    assert "does not answer" in found["broker"]["seen"]


@pytest.mark.system
def test_the_topology_is_planned_declared_and_then_there(province: Ocop) -> None:
    before = province.json("topology", "plan", status=1)
    declared = province.json("topology", "apply")
    after = province.json("topology", "plan")

    assert {each["state"] for each in before["queues"]} == {"missing"}
    assert {each["state"] for each in declared["queues"]} == {"declared"}
    assert {each["state"] for each in after["queues"] + after["exchanges"]} == {"there"}
    assert len(after["queues"]) == 3 * len(listening())


@pytest.mark.system
def test_a_queue_with_other_arguments_is_named_and_left_as_it_is(
    province: Ocop, broker: servers.Broker
) -> None:
    from kombu import Connection

    with Connection(broker.url) as connection:
        connection.channel().queue_declare("ocop.promotion", durable=True, auto_delete=False)

    planned = province.json("topology", "plan", status=1)
    applied = province("topology", "apply")

    states = {each["name"]: each["state"] for each in planned["queues"]}
    assert states["ocop.promotion"] == "other arguments"
    assert applied.exit_code == 1
    assert "ocop.promotion is there with other arguments" in applied.stderr
