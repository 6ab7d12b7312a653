"""`ocop recover broker`: a broker that has lost everything is set up anew, and nothing that was said is lost."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.pacing import Pace
from cli.recover import send_unheard
from tests import servers
from tests.cli.calling import assert_mistake
from tests.cli.conftest import wait_until
from tests.cli.mailroom import Mailroom
from tests.cli.running import Running
from tests.servers.rabbitmq import Control, with_vhost

SECRET = "a secret for the tests of recovery alone"


def test_an_embedded_instance_has_no_broker_to_recover(tmp_path: Path) -> None:
    assert_mistake(Mailroom(tmp_path).ocop("recover", "broker"), "embedded")


def test_what_comes_back_is_what_was_not_heard(tmp_path: Path) -> None:
    room = Mailroom(tmp_path)
    heard, lost = room.way("Chè lam"), room.way("Mắm tép")
    room.say(heard.submitted(), lost.submitted())
    room.carry()
    with room.house.database("reporting").transaction() as session:
        run = session.connection().exec_driver_sql
        subject = str(lost.id)
        run("DELETE FROM inbox WHERE subject = ?", (subject,))
        run("DELETE FROM inbox_positions WHERE subject = ?", (subject,))
        run("DELETE FROM dossiers WHERE product_name = 'Mắm tép'")

    sent = send_unheard(room.house, Pace(None))

    assert sent == dict.fromkeys(room.house.services, 0) | {"reporting": 1}
    assert room.filing(lost) == "submitted"
    assert sum(send_unheard(room.house, Pace(None)).values()) == 0
    room.close()


@pytest.mark.system
def test_a_vhost_that_was_deleted_loses_nothing(
    broker_server: servers.BrokerServer, postgres: servers.Databases, tmp_path: Path
) -> None:
    control = broker_server.control
    if control is None:
        pytest.skip("nobody may make vhosts on this broker")
    vhost = f"ocop-test-lost-{os.getpid()}"
    control.add_vhost(vhost, "guest")
    try:
        room = Mailroom(
            tmp_path, OCOP_BROKER_URL=with_vhost(broker_server.url, vhost),
            OCOP_DATABASE_URL=postgres.template, OCOP_TOKEN_SECRET=SECRET,
        )  # fmt: skip
        _lose_everything(room, tmp_path, lambda: _anew(control, vhost))
        room.close()
    finally:
        control.delete_vhost(vhost)


def _anew(control: Control, vhost: str) -> None:
    control.delete_vhost(vhost)
    control.add_vhost(vhost, "guest")


@pytest.mark.system
def test_a_broker_that_was_killed_and_wiped_loses_nothing(
    postgres: servers.Databases, tmp_path: Path
) -> None:
    broker = servers.own_broker()
    if not isinstance(broker, servers.PrivateBroker):
        pytest.skip("a broker in a container keeps its disk to itself")
    room = Mailroom(
        tmp_path, OCOP_BROKER_URL=broker.url, OCOP_DATABASE_URL=postgres.template,
        OCOP_TOKEN_SECRET=SECRET,
    )  # fmt: skip

    def wipe() -> None:
        broker.kill()
        shutil.rmtree(broker._home / "data")
        broker.start()

    try:
        _lose_everything(room, tmp_path, wipe)
    finally:
        room.close()
        broker.stop()


def _lose_everything(room: Mailroom, folder: Path, lose: Callable[[], None]) -> None:
    """Some heard, some on queues, one dead and edited on its way, some unsent; then the broker is empty."""
    assert room.ocop("topology", "apply").exit_code == 0
    ways = [room.way(f"Sản phẩm {number}") for number in range(20)]
    for way in ways[:5]:
        room.say(way.submitted())
    room.carry()
    worker = Running(room.ocop.settings, folder / "before.log", "worker", "reporting")
    wait_until(lambda: room.heard() == 5)
    worker.end()
    for way in ways[5:15]:
        room.say(way.submitted(), way.verified())
    room.carry()
    waiting = {line["service"]: line["waiting"] for line in room.ocop.json("queues")}
    for way in ways[15:]:
        room.say(way.submitted())

    lose()
    recovered = room.ocop.json("recover", "broker")
    twice = room.ocop.json("recover", "broker")

    assert waiting["reporting"] == 20
    assert recovered["reporting"] == twice["reporting"] == 20
    assert recovered["evaluation"] == 25
    processes = [
        Running(room.ocop.settings, folder / f"{name}.log", name, "all")
        for name in ("worker", "relay")
    ]
    wait_until(lambda: room.heard() == 30)
    audit = room.ocop.json("audit", "--wait", "20", status=room.ocop("audit").exit_code)
    for process in processes:
        process.end()
    fates = [
        (line["lost"], line["dead"], line["parked"], line["doubled"]) for line in audit["events"]
    ]
    assert set(fates) == {(0, 0, 0, 0)}
    assert room.count("reporting", "events") == 30
