"""Every process of an instance says at a port of its own whether it lives, whether it can work, and what it did."""

import contextlib
import json
import secrets
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from chassis.outbox import News, say
from chassis.settings import read
from cli.house import House
from tests import servers
from tests.builders.voices import Voices, Way
from tests.cli.calling import Ocop
from tests.cli.conftest import wait_until
from tests.cli.running import Running
from tests.cli.test_serve import a_listing
from tests.servers.machine import free_port

pytestmark = pytest.mark.system


def an_instance(broker_url: str, postgres: servers.Databases, folder: Path) -> Ocop:
    call = Ocop(
        folder,
        OCOP_BROKER_URL=broker_url,
        OCOP_DATABASE_URL=postgres.template,
        OCOP_TOKEN_SECRET="a secret for these tests and no other",
        OCOP_PORT=str(free_port()),
        OCOP_CONFIRM_TIMEOUT="2",
    )
    assert call("migrate").exit_code == 0
    assert call("topology", "apply").exit_code == 0
    return call


Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts `ocop` processes that end with the test."""
    started: list[Running] = []

    def run(ocop: Ocop, port: int, *words: str) -> Running:
        settings = {**ocop.settings, "OCOP_WATCH_PORT": str(port)}
        log = tmp_path / f"{'-'.join(words)}.log"
        started.append(Running(settings, log, *words))
        return started[-1]

    yield run
    for each in started:
        each.end(signal.SIGKILL)


def speak(ocop: Ocop, news: News, by: str = "promotion") -> None:
    house = House(read(ocop.settings), (by,))
    with house.database(by).transaction() as session:
        say(session, [news])
    house.close()


def a_filing() -> News:
    said = Way(Voices()).submitted()
    return News(type=said.type, subject=said.subject, time=said.time, data=said.data)


def asked(port: int, path: str) -> requests.Response:
    return requests.get(f"http://127.0.0.1:{port}{path}", timeout=10)


def ready(port: int) -> bool:
    try:
        return asked(port, "/readyz").ok
    except requests.ConnectionError:
        return False


def four_ports_in_a_row() -> int:
    """Four that are free now, below those that the system gives away by itself."""
    while True:
        first = 20_000 + secrets.randbelow(10_000)
        with contextlib.ExitStack() as probes, contextlib.suppress(OSError):
            for port in range(first, first + 4):
                probes.enter_context(socket.create_server(("127.0.0.1", port)))
            return first


def test_web_relay_and_workers_each_tell_at_their_own_port(
    broker: servers.Broker, postgres: servers.Databases, tmp_path: Path, start: Start
) -> None:
    ocop = an_instance(broker.url, postgres, tmp_path)
    first = four_ports_in_a_row()
    running = start(ocop, first, "serve", "promotion", "reporting")
    running.until('"ready"', 4)
    web, relay, promotion, reporting = range(first, first + 4)
    for port in (web, relay, promotion, reporting):
        wait_until(lambda port=port: ready(port))  # type: ignore[misc]  # a lambda with a default

    speak(ocop, a_listing())

    heard = 'ocop_events_total{service="reporting",type="ProductListed",verdict="heard"} 1.0'
    wait_until(lambda: heard in asked(reporting, "/metrics").text)
    told = asked(relay, "/metrics").text
    assert 'ocop_relay_confirmed_total{service="promotion"} 1.0' in told
    assert 'ocop_relay_leads{service="promotion"} 1.0' in told
    assert 'ocop_outbox_unsent{service="promotion"} 0.0' in told
    assert 'ocop_database_up{service="reporting"} 1.0' in told
    assert "process_resident_memory_bytes" in asked(promotion, "/metrics").text
    assert {asked(port, "/livez").status_code for port in (web, relay, promotion, reporting)} == {
        200
    }


def test_while_the_broker_is_away_http_goes_on_and_the_relay_says_why_it_waits(
    private_broker: servers.PrivateBroker,
    postgres: servers.Databases,
    tmp_path: Path,
    start: Start,
) -> None:
    ocop = an_instance(private_broker.url, postgres, tmp_path)
    web, relay, worker = free_port(), free_port(), free_port()
    for port, kind in ((web, "web"), (relay, "relay"), (worker, "worker")):
        start(ocop, port, kind, "promotion")
        wait_until(lambda port=port: ready(port), 60)  # type: ignore[misc]  # a lambda with a default

    private_broker.kill()
    speak(ocop, a_listing())
    wait_until(lambda: not ready(relay))
    wait_until(lambda: not ready(worker))

    assert ready(web)
    reasons = json.loads(asked(relay, "/readyz").text)["reasons"]
    assert "broker" in reasons["carrying promotion"]
    assert "broker promotion" in json.loads(asked(worker, "/readyz").text)["reasons"]
    assert 'ocop_relay_trouble{service="promotion"} 1.0' in asked(relay, "/metrics").text
    assert {asked(port, "/livez").status_code for port in (web, relay, worker)} == {200}
    private_broker.start()
    wait_until(lambda: ready(relay) and ready(worker), 60)


def test_a_worker_says_that_its_database_lacks_migrations(
    broker: servers.Broker, postgres: servers.Databases, tmp_path: Path, start: Start
) -> None:
    ocop = Ocop(tmp_path, OCOP_BROKER_URL=broker.url, OCOP_DATABASE_URL=postgres.template)
    assert ocop("topology", "apply").exit_code == 0
    port = free_port()

    start(ocop, port, "worker", "promotion").until('"ready"')

    wait_until(lambda: "lacks migrations" in asked(port, "/readyz").text)
    assert ocop("migrate").exit_code == 0
    wait_until(lambda: ready(port), 40)


def test_a_watch_port_that_is_taken_ends_the_process_in_one_line(
    broker: servers.Broker, postgres: servers.Databases, tmp_path: Path, start: Start
) -> None:
    ocop = an_instance(broker.url, postgres, tmp_path)
    port = free_port()
    start(ocop, port, "relay", "promotion").until('"ready"')

    second = start(ocop, port, "web", "promotion")

    assert second.process.wait(60) == 1
    assert "OCOP_WATCH_PORT" in second.log.read_text()


def test_news_in_an_embedded_instance_is_counted_on_both_ends(
    tmp_path: Path, start: Start
) -> None:
    ocop = Ocop(tmp_path / "data", OCOP_PORT=str(free_port()))
    port = free_port()
    start(ocop, port, "up").until('"ready"')

    speak(ocop, a_filing(), by="registration")

    heard = 'ocop_events_total{service="reporting",type="DossierSubmitted",verdict="heard"} 1.0'
    wait_until(lambda: heard in asked(port, "/metrics").text)
    assert 'ocop_dossiers_oldest_seconds{stage="submitted"}' in asked(port, "/metrics").text
    assert ready(port)
