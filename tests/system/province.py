"""A province's instance as separate processes: web, worker and relay of each service, which a test may kill."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests

from chassis.settings import SERVICES, Settings, read

OCOP = (sys.executable, "-m", "cli.main")
KINDS = ("web", "worker", "relay")


class Province:
    """The processes of one instance. `settings` are those of every process; each web has a port of its own."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self.environment = dict(environment)
        self.settings: Settings = read(self.environment)
        self._folder = folder
        self._ports = {service: free_port() for service in SERVICES}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def prepare(self) -> None:
        """Migrate the databases and declare the topology."""
        self.run("migrate")
        self.run("topology", "apply")

    def start(self, *names: str) -> None:
        """Start processes by name (`web evaluation`, `worker evaluation` …), all when none is named."""
        for name in names or self.names():
            kind, service = name.split()
            self._processes[name] = subprocess.Popen(
                [*OCOP, kind, service],
                env=self._env({"OCOP_PORT": str(self._ports[service])}),
                stdout=(self._folder / f"{kind}-{service}.log").open("ab"),
                stderr=subprocess.STDOUT,
            )

    def names(self) -> list[str]:
        """The names of all processes."""
        return [f"{kind} {service}" for service in SERVICES for kind in KINDS]

    def wait_ready(self, *services: str, timeout: float = 180) -> None:
        """Until the webs of these services answer, every one when none is named."""
        until = time.monotonic() + timeout
        for service in services or SERVICES:
            while not self._answers(service):
                assert time.monotonic() < until, (
                    f"{service} is not ready: {self.log('web', service)}"
                )
                time.sleep(0.1)

    def kill(self, name: str) -> None:
        """SIGKILL one process."""
        process = self._processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """SIGTERM all, and SIGKILL who does not listen."""
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._processes.clear()

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """One `ocop` command to its end."""
        done = subprocess.run(
            [*OCOP, *words], env=self._env({}), capture_output=True, text=True, timeout=300
        )
        assert not check or done.returncode == 0, f"ocop {' '.join(words)}: {done.stderr[-2000:]}"
        return done

    def url(self, service: str) -> str:
        """Where a service's web answers."""
        return f"http://127.0.0.1:{self._ports[service]}"

    def log(self, kind: str, service: str) -> str:
        """The end of a process's log."""
        path = self._folder / f"{kind}-{service}.log"
        return path.read_text()[-2000:] if path.exists() else ""

    def app(self, service: str) -> "Remote":
        """The service's application as the demo's office knows it, but over HTTP."""
        return Remote(self.url(service))

    def _answers(self, service: str) -> bool:
        try:
            return requests.get(f"{self.url(service)}/{service}/openapi.json", timeout=5).ok
        except requests.ConnectionError:
            return False

    def _env(self, more: Mapping[str, str]) -> dict[str, str]:
        bare = {name: value for name, value in os.environ.items() if not name.startswith("OCOP_")}
        return bare | self.environment | dict(more)


class Remote:
    """Stands where a Flask application stands in the demo: its `test_client` speaks HTTP."""

    def __init__(self, url: str) -> None:
        self._url = url

    def test_client(self) -> "Remote":
        """Itself."""
        return self

    def open(self, path: str, *, method: str, json: Any, headers: Mapping[str, str]) -> "Answer":
        """Any request with a JSON body."""
        return Answer(
            requests.request(method, self._url + path, json=json, headers=headers, timeout=60)
        )

    def get(self, path: str, *, headers: Mapping[str, str]) -> "Answer":
        """A question."""
        return Answer(requests.get(self._url + path, headers=headers, timeout=60))

    def post(self, path: str, *, data: Mapping[str, Any], headers: Mapping[str, str]) -> "Answer":
        """An upload: werkzeug's `(stream, name)` in requests' order."""
        files = {field: (name, stream) for field, (stream, name) in data.items()}
        return Answer(requests.post(self._url + path, files=files, headers=headers, timeout=60))


class Answer:
    """A response as werkzeug's test client gives it."""

    def __init__(self, response: requests.Response) -> None:
        self._response = response
        self.status_code = response.status_code
        self.status = f"{response.status_code} {response.reason}"

    def get_json(self, *, silent: bool = False) -> Any:
        """The body."""
        return self._response.json() if self._response.content else None


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
