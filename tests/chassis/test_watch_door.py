"""A process answers those who look after it, on a port and a thread of its own, also when its loop hangs."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from prometheus_client import CollectorRegistry

from chassis.watch.door import Door
from chassis.watch.health import Health, Pulse
from tests.servers.machine import free_port

HUB = """
import prometheus_client
import eventlet; eventlet.monkey_patch()
import sys, threading
from chassis.watch.door import Door
from chassis.watch.health import Health, Pulse
health, pulse = Health(), Pulse(hung_after=0.3)
health.lives_by("hub", pulse)
with Door(health, host="127.0.0.1", port=int(sys.argv[1])):
    pulse.beat()
    print("open", flush=True)
    end = pulse._at + 8
    import time
    while time.monotonic() < end:  # the hub never gets its turn
        pass
"""


def asked(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
def port(health: Health) -> Iterator[int]:
    free = free_port()
    with Door(health, host="127.0.0.1", port=free, registry=CollectorRegistry()):
        yield free


def test_a_process_that_has_what_it_needs_is_alive_and_ready(port: int, health: Health) -> None:
    health.lives_by("loop", Pulse())
    health.note("broker", "")

    assert asked(port, "/livez") == (200, '{"alive": true, "reasons": {}}\n')
    assert asked(port, "/readyz") == (200, '{"ready": true, "reasons": {}}\n')


def test_what_it_waits_for_is_said_with_its_reason_and_asks_for_no_restart(
    port: int, health: Health
) -> None:
    health.note("broker", "connection refused")

    status, body = asked(port, "/readyz")

    assert (status, json.loads(body)["reasons"]) == (503, {"broker": "connection refused"})
    assert asked(port, "/livez")[0] == 200
    assert 'ocop_ready{needs="broker"} 0.0' in asked(port, "/metrics")[1]


def test_a_loop_that_hangs_is_noticed(port: int, health: Health) -> None:
    health.lives_by("loop", Pulse(hung_after=0.05))

    time.sleep(0.1)

    assert asked(port, "/livez")[0] == asked(port, "/readyz")[0] == 503
    assert "ocop_alive 0.0" in asked(port, "/metrics")[1]


def test_what_takes_long_to_find_out_is_asked_all_at_once(port: int, health: Health) -> None:
    def slowly() -> str:
        time.sleep(0.5)
        return "stands still"

    for number in range(6):
        health.needs(f"database {number}", slowly)
    began = time.monotonic()

    status, body = asked(port, "/readyz")

    assert (status, len(json.loads(body)["reasons"])) == (503, 6)
    assert time.monotonic() - began < 2


def test_other_paths_are_not_there(port: int) -> None:
    assert asked(port, "/")[0] == 404


def test_a_caller_who_says_nothing_keeps_nobody_waiting(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)):
        assert asked(port, "/livez")[0] == 200


def test_the_port_is_free_again_afterwards(health: Health) -> None:
    free = free_port()
    for _ in range(2):
        with Door(health, host="127.0.0.1", port=free, registry=CollectorRegistry()):
            assert asked(free, "/livez")[0] == 200


def test_a_port_that_is_taken_is_refused(port: int, health: Health) -> None:
    with pytest.raises(OSError, match="in use"), Door(health, host="127.0.0.1", port=port):
        pass


def test_under_eventlet_it_answers_while_the_hub_is_blocked() -> None:
    free = free_port()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", HUB, str(free)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        time.sleep(0.5)

        status, body = asked(free, "/livez")

        assert (status, list(json.loads(body)["reasons"])) == (503, ["hub"])
        assert asked(free, "/metrics")[0] == 200
    finally:
        process.kill()
        process.wait()
