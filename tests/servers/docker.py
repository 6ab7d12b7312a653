"""The same servers from a Docker engine, where one answers."""

import shutil
import subprocess
from collections.abc import Callable

import psycopg

from tests.servers.machine import NoServer, free_port, wait_until
from tests.servers.managing import ManagementApi
from tests.servers.postgres import PostgresServer
from tests.servers.rabbitmq import BrokerServer, answers

BROKER_IMAGE = "rabbitmq:4-management"
POSTGRES_IMAGE = "postgres:17"


def engine_answers() -> bool:
    """Whether there is a Docker engine that we may use."""
    docker = shutil.which("docker")
    if docker is None:
        return False
    return subprocess.run([docker, "info"], capture_output=True, check=False).returncode == 0


def _docker(*words: str) -> str:
    done = subprocess.run(["docker", *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NoServer(f"docker {words[0]}: {done.stderr.strip()[-400:]}")
    return done.stdout.strip()


class Container:
    """One container; its ports are bound to loopback ports that stay the same when it is started again."""

    def __init__(self, image: str, ports: dict[int, int], **environment: str) -> None:
        words = [
            word for inside, out in ports.items() for word in ("-p", f"127.0.0.1:{out}:{inside}")
        ]
        words += [
            word for name, value in environment.items() for word in ("-e", f"{name}={value}")
        ]
        self._id = _docker("create", *words, image)

    def start(self, ready: Callable[[], bool]) -> None:
        """Start it and wait until it answers. Raises NoServer."""
        _docker("start", self._id)
        wait_until(ready, words=lambda: _docker("logs", "--tail", "20", self._id))

    def kill(self, how: str = "KILL") -> None:
        """Send it that signal."""
        _docker("kill", f"--signal={how}", self._id)

    def call(self, *words: str) -> None:
        """Run a command in it. Raises NoServer when it fails."""
        _docker("exec", self._id, *words)

    def remove(self) -> None:
        """Stop it for good, with its volumes; nothing happens a second time."""
        id_, self._id = self._id, ""
        if id_:
            _docker("rm", "--force", "--volumes", id_)


class DockerBroker(BrokerServer):
    """RabbitMQ in a container of our own; see PrivateBroker."""

    def __init__(self) -> None:
        port, management = free_port(), free_port()
        self._container = Container(BROKER_IMAGE, {5672: port, 15672: management})
        api = ManagementApi(f"http://127.0.0.1:{management}", "guest", "guest")
        super().__init__(f"amqp://guest:guest@127.0.0.1:{port}//", api)
        self._api = api

    def start(self) -> None:
        """Start it, on what it had on disk before if it ran before, and wait until it answers."""
        self._container.start(lambda: answers(self.url) and self._api.answers())

    def kill(self) -> None:
        """SIGKILL, and nothing is tidied up."""
        self._container.kill()

    def restart(self) -> None:
        """Kill it and start it again."""
        self.kill()
        self.start()

    def give_memory(self, share: float) -> None:
        """Raise its memory alarm from this share of the machine's memory on; 0.4 is its own choice."""
        self._container.call("rabbitmqctl", "set_vm_memory_high_watermark", f"{share:f}")

    def stop(self) -> None:
        """Stop it for good and leave nothing behind."""
        self._container.remove()


class DockerPostgres(PostgresServer):
    """PostgreSQL in a container of our own; see PrivatePostgres."""

    def __init__(self) -> None:
        port = free_port()
        self._container = Container(
            POSTGRES_IMAGE, {5432: port}, POSTGRES_HOST_AUTH_METHOD="trust"
        )
        super().__init__(f"postgresql://postgres@127.0.0.1:{port}/postgres")

    def start(self) -> None:
        """Start it, on what it had on disk before if it ran before, and wait until it answers."""
        self._container.start(self._answers)

    def kill(self) -> None:
        """SIGKILL, and nothing is tidied up."""
        self._container.kill()

    def crash(self) -> None:
        """Stop it at once, as `pg_ctl stop -m immediate` does."""
        self._container.kill("QUIT")

    def restart(self) -> None:
        """Kill it and start it again."""
        self.kill()
        self.start()

    def stop(self) -> None:
        """Stop it for good and leave nothing behind."""
        self._container.remove()

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.admin, connect_timeout=3).close()
        except psycopg.Error:
            return False
        return True
