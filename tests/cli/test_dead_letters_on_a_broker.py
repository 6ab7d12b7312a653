"""Dead letters on a broker: their queue is the way into the table, and the way back is their own service's queue."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection

from chassis.database import Database
from chassis.wire.collecting import Collector
from tests import servers
from tests.cli.conftest import wait_until
from tests.cli.mailroom import Mailroom, let_die
from tests.cli.running import Running

pytestmark = pytest.mark.system

WHY = ("--why", "a test", "--by", "operator-1")


@pytest.fixture
def province(
    broker: servers.Broker, postgres: servers.Databases, tmp_path: Path
) -> Iterator[Mailroom]:
    """An instance on servers, with reporting's worker at work and no relay yet."""
    made = Mailroom(
        tmp_path,
        OCOP_BROKER_URL=broker.url,
        OCOP_DATABASE_URL=postgres.template,
        OCOP_TOKEN_SECRET="a secret for the tests of dead letters",
    )
    assert made.ocop("topology", "apply").exit_code == 0
    worker = Running(made.ocop.settings, tmp_path / "worker.log", "worker", "reporting")
    worker.until("listening")
    yield made
    worker.end()
    made.close()


def on_dead_queue(room: Mailroom) -> int:
    return int(next(
        line["dead_queue"] for line in room.ocop.json("queues") if line["service"] == "reporting"
    ))  # fmt: skip


def test_a_relay_takes_dead_letters_from_their_queue_into_the_table(
    province: Mailroom, tmp_path: Path
) -> None:
    let_die(province, "Chè lam")
    publish(province, b"\xff\xfe", {"cloudEvents_type": "Strange", "x-when": 5})
    wait_until(lambda: on_dead_queue(province) == 2)

    relay = Running(province.ocop.settings, tmp_path / "relay.log", "relay", "reporting")
    wait_until(lambda: len(province.letters()) == 2)
    relay.end()

    told, stranger = sorted(province.letters(), key=lambda letter: letter.event_id is None)
    assert on_dead_queue(province) == 0
    assert told.reason.startswith("ValidationError: {'received_on'")
    assert told.exception == "ValidationError"
    assert told.frame.startswith("services/reporting/messages.py:")
    assert stranger.reason == "undecodable: the body is not UTF-8"
    assert bytes(stranger.body) == b"\xff\xfe"
    assert json.loads(stranger.headers) == {"cloudEvents_type": "Strange", "x-when": 5}


def test_on_a_broker_too_a_redrive_goes_to_one_queue_and_stops_at_a_new_failure(
    province: Mailroom, tmp_path: Path
) -> None:
    let_die(province, "Chè lam", "Mắm tép")
    relay = Running(province.ocop.settings, tmp_path / "relay.log", "relay", "reporting")
    wait_until(lambda: len(province.letters()) == 2)
    body = json.dumps(json.loads(province.letters()[0].body) | {"received_on": "2024-04-01"})
    number = province.letters()[0].number
    province.ocop("dead-letters", "edit", f"reporting/{number}", "--body", "-", *WHY, given=body)

    result = province.ocop("dead-letters", "redrive", "--all", *WHY)

    relay.end()
    assert result.exit_code == 1
    assert result.stdout == "1 heard, 1 dead again\n"
    assert [(each.state, each.deaths) for each in province.letters()] == [
        ("redriven", 1),
        ("waiting", 2),
    ]
    waiting = {line["service"]: line["waiting"] for line in province.ocop.json("queues")}
    assert (waiting["reporting"], waiting["evaluation"]) == (0, 4)
    assert province.parked() == 1


def test_letters_stay_in_their_queue_for_those_who_watch_it(
    province: Mailroom, tmp_path: Path
) -> None:
    let_die(province, "Chè lam")
    wait_until(lambda: on_dead_queue(province) == 1)
    settings = {**province.ocop.settings, "OCOP_COLLECT_DEAD": "false"}

    relay = Running(settings, tmp_path / "relay.log", "relay", "reporting")
    relay.until("ready")
    time.sleep(2.5)
    relay.end()
    left = on_dead_queue(province)
    audit = province.ocop.json("audit", status=1)
    moved = province.ocop.json("dead-letters", "collect")

    assert left == 1
    assert audit["dead_messages"]["reporting"] == 1
    assert moved["reporting"] == len(province.letters()) == 1


def test_what_ends_its_worker_each_time_is_a_letter_that_says_so(province: Mailroom) -> None:
    """The broker itself dead-letters it, without a reason of ours."""
    deaths = [{"reason": "delivery_limit", "queue": "ocop.reporting", "count": 1}]
    publish(province, b"{}", {"x-death": deaths}, queue="ocop.reporting.dead")

    province.ocop("dead-letters", "collect")

    (letter,) = province.letters()
    assert letter.reason.startswith("delivery-limit: ")


def test_while_the_database_is_away_letters_stay_in_their_queue(
    province: Mailroom,
) -> None:
    publish(province, b"[]", {})
    wait_until(lambda: on_dead_queue(province) == 1)
    away = Database("reporting", "postgresql+psycopg://nobody@127.0.0.1:1/none")

    moved = Collector(away, province.settings.broker_url).collect()
    province.ocop("dead-letters", "collect")

    assert moved == 0
    (letter,) = province.letters()
    assert letter.reason.startswith("undecodable")
    assert on_dead_queue(province) == 0


def test_a_dead_letter_queue_that_was_deleted_and_made_anew_is_collected_again(
    province: Mailroom, tmp_path: Path
) -> None:
    relay = Running(province.ocop.settings, tmp_path / "relay.log", "relay", "reporting")
    relay.until("ready")
    with Connection(province.settings.broker_url) as connection:
        connection.default_channel.queue_delete("ocop.reporting.dead")
    relay.until("cannot collect dead letters")

    province.ocop("topology", "apply")
    publish(province, b"[]", {})
    wait_until(lambda: len(province.letters()) == 1)

    assert relay.end() == 0


def publish(
    room: Mailroom, body: bytes, headers: dict[str, Any], queue: str = "ocop.reporting"
) -> None:
    """Put any message on a queue, as a stranger might."""
    with Connection(room.settings.broker_url) as connection:
        connection.Producer().publish(
            body, routing_key=queue, headers=headers, content_type="application/json"
        )
