"""A web process that is asked to leave answers those who are inside, and lets nobody new in."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
import requests
from flask import Flask

from chassis.web.serving import together
from tests.servers.machine import free_port

SLOW = """
import sys, time
from chassis.watch.health import Health
from chassis.web.serving import serve

def slow(environ, start_response):
    time.sleep(1)
    start_response("200 OK", [("Content-Length", "4")])
    return [b"done"]

serve(slow, host="127.0.0.1", port=int(sys.argv[1]), max_body=2000, health=Health(),
      ready=lambda: print("ready", flush=True))
"""


@pytest.fixture
def web() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A slow web process with its address."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(port)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield process, f"http://127.0.0.1:{port}/"
    process.kill()
    process.wait()


def test_who_is_inside_is_answered_before_the_process_leaves(
    web: tuple[subprocess.Popen[str], str],
) -> None:
    process, url = web
    answers: list[str] = []
    visitor = threading.Thread(target=lambda: answers.append(requests.get(url, timeout=9).text))
    visitor.start()
    time.sleep(0.3)

    process.send_signal(signal.SIGTERM)
    code = process.wait(timeout=15)
    visitor.join()

    assert (answers, code) == (["done"], 0)


def test_a_process_with_nobody_inside_leaves_at_once(
    web: tuple[subprocess.Popen[str], str],
) -> None:
    process, url = web
    with requests.Session() as session:  # its connection stays open
        session.get(url, timeout=9)
        start = time.monotonic()

        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=15)

    assert code == 0
    assert time.monotonic() - start < 3


def test_a_body_that_is_too_large_is_refused_before_it_is_read(
    web: tuple[subprocess.Popen[str], str],
) -> None:
    _, url = web

    answer = requests.post(url, data=b"x" * 5000, timeout=9)

    assert answer.status_code == 413


def test_services_behind_one_port_keep_their_own_paths() -> None:
    apps = {name: Flask(name) for name in ("a", "b")}
    for name, app in apps.items():
        app.add_url_rule(f"/{name}/who", "who", lambda name=name: name)
    apps["b"].add_url_rule("/", "front", lambda: "front")

    client = Flask("door")
    client.wsgi_app = together(apps, front="b")  # type: ignore[method-assign]  # it is a door to both
    knocks = [client.test_client().get(path) for path in ("/a/who", "/b/who", "/", "/a/no")]

    assert [answer.text for answer in knocks[:3]] == ["a", "b", "front"]
    assert knocks[3].status_code == 404
