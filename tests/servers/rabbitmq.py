"""A RabbitMQ: the vhost of its own that a test gets on one, and a broker of our own that a test may kill."""

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import amqp
from kombu import Connection

from tests.servers.machine import Account, NoServer, cleared, end, free_port, wait_until
from tests.servers.managing import Control, ManagementApi, Rabbitmqctl

PACKAGE = "rabbitmq-server"

ON_DISK_AFTER = 2.0
"""Seconds until RabbitMQ has flushed the name of a new quorum queue (its registry saves itself every 0.5 s or so)."""


@dataclass(frozen=True, slots=True)
class Broker:
    """A test's own vhost: `url` reaches it."""

    url: str
    vhost: str


class BrokerServer:
    """A running broker at `url`, with or without somebody who may make vhosts on it."""

    def __init__(self, url: str, control: Control | None) -> None:
        self.url = url
        self.control = control

    @contextmanager
    def vhost(self) -> Iterator[Broker]:
        """A vhost that is there for as long as the block runs."""
        if self.control is None:
            with _only_vhost(self.url) as broker:
                yield broker
            return
        name = f"ocop-test-{secrets.token_hex(4)}"
        self.control.add_vhost(name, unquote(urlsplit(self.url).username or "guest"))
        try:
            yield Broker(with_vhost(self.url, name), name)
        finally:
            self.control.delete_vhost(name)

    def stop(self) -> None:
        """Nothing: it is not ours to stop."""


def with_vhost(url: str, vhost: str) -> str:
    """The same broker, another vhost."""
    return urlsplit(url)._replace(path="/" + quote(vhost, safe="")).geturl()


def answers(url: str) -> bool:
    """Whether the broker takes us in now."""
    try:
        with Connection(
            url, connect_timeout=3, transport_options={"max_retries": 0}
        ) as connection:
            connection.connect()
    except (amqp.exceptions.AMQPError, OSError):
        return False
    return True


@contextmanager
def _only_vhost(url: str) -> Iterator[Broker]:
    """The one vhost there is, if no instance of ours lives in it; afterwards it is as it was."""
    from chassis.settings import SERVICES
    from chassis.wire.topology import topology
    from contracts.catalogue import SAYERS

    ours = topology({service: tuple(SAYERS) for service in SERVICES})
    if any(_exists(url, queue.name) for queue in ours.queues):
        raise NoServer("the broker's only vhost holds ocop queues, and no other vhost can be made")
    try:
        yield Broker(url, unquote(urlsplit(url).path[1:]) or "/")
    finally:
        with Connection(url, connect_timeout=5) as connection:
            for queue in ours.queues:
                connection.default_channel.queue_delete(queue.name)
            for exchange in ours.exchanges:
                connection.default_channel.exchange_delete(exchange)


def _exists(url: str, queue: str) -> bool:
    with Connection(url, connect_timeout=5) as connection:
        try:
            connection.default_channel.queue_declare(queue, passive=True)
        except amqp.exceptions.NotFound:
            return False
    return True


def scripts() -> Path | None:
    """The folder of RabbitMQ's own scripts; Debian's wrappers in /usr/sbin insist on the system's one broker."""
    debian = sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin"))
    if debian:
        return debian[-1]
    found = shutil.which("rabbitmq-server")
    return Path(found).resolve().parent if found else None


class PrivateBroker(BrokerServer):
    """A broker of our own on free loopback ports: it can be started, killed, started again; it disturbs nobody.

    With `management` its management API answers at `api`; `advanced` is its advanced.config. Raises NoServer
    where RabbitMQ is not installed.
    """

    def __init__(self, *, management: bool = False, advanced: str = "[].") -> None:
        folder = scripts()
        if folder is None:
            raise NoServer(f"Debian's package {PACKAGE} is not installed")
        self._scripts = folder
        self._account = Account.named("rabbitmq")
        self._home = self._account.folder("rabbitmq")
        self._log = self._home / "server.log"
        self._port, self._dist, self._epmd_port = free_port(), free_port(), free_port()
        self._management = free_port() if management else None
        self._advanced = advanced
        self.api = f"http://127.0.0.1:{self._management}"
        self._env = self._environment()
        self._epmd: subprocess.Popen[str] | None = None
        self._process: subprocess.Popen[str] | None = None
        self._ctl = Rabbitmqctl(str(folder / "rabbitmqctl"), self._account, self._env)
        super().__init__(f"amqp://guest:guest@127.0.0.1:{self._port}//", self._ctl)

    def start(self) -> None:
        """Start it, on what it had on disk before if it ran before, and wait until it answers."""
        if self._epmd is None:
            epmd = [_epmd(), "-port", str(self._epmd_port), "-address", "127.0.0.1"]
            self._epmd = self._account.start(epmd, log=self._log, env=self._env)
        server = [str(self._scripts / "rabbitmq-server")]
        self._process = self._account.start(server, log=self._log, env=self._env)
        wait_until(lambda: answers(self.url), words=self._log.read_text, gone=self._gone)

    def kill(self) -> None:
        """SIGKILL, and nothing is tidied up; a queue that is younger than ON_DISK_AFTER may be lost."""
        if self._process is not None:
            end(self._process, signal.SIGKILL)

    def restart(self) -> None:
        """Kill it and start it again."""
        self.kill()
        self.start()

    def give_memory(self, share: float) -> None:
        """Raise its memory alarm from this share of the machine's memory on; 0.4 is its own choice."""
        self._ctl.call("set_vm_memory_high_watermark", f"{share:f}")

    def stop(self) -> None:
        """Stop it for good and leave nothing behind; what it has on disk is thrown away, so it need not tidy up."""
        with cleared(self._home):
            for process in (self._process, self._epmd):
                if process is not None:
                    end(process, signal.SIGKILL)

    def _gone(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _environment(self) -> dict[str, str]:
        home = self._home
        (home / "plugins").write_text("[rabbitmq_management].\n" if self._management else "[].\n")
        management = f"management.tcp.port = {self._management}\nmanagement.tcp.ip = 127.0.0.1\n"
        (home / "rabbitmq.conf").write_text(management if self._management else "")
        (home / "advanced.config").write_text(self._advanced)
        return {
            "PATH": _system_path(),
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "RUNNING_UNDER_SYSTEMD": "1",  # the script becomes the broker, so that our signals reach it
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_FLAGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_NODENAME": f"ocop-{self._port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self._port),
            "RABBITMQ_DIST_PORT": str(self._dist),
            "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(home / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(home / "data"),
            "RABBITMQ_LOG_BASE": str(home / "log"),
            "RABBITMQ_SCHEMA_DIR": str(home / "schema"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(home / "config"),
            "RABBITMQ_PID_FILE": str(home / "pid"),
        }


def _system_path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin"


def _epmd() -> str:
    found = shutil.which("epmd", path=_system_path())
    if found is None:
        raise NoServer("Erlang's epmd is not installed")
    return found


def local_control(url: str) -> Control | None:
    """Who may make vhosts on the broker at `url`: rabbitmqctl on this machine, or its management API, or nobody."""
    parts = urlsplit(url)
    user, password = unquote(parts.username or "guest"), unquote(parts.password or "guest")
    candidates: list[Control] = [
        ManagementApi(f"http://{parts.hostname}:15672", user, password),
    ]
    command = shutil.which("rabbitmqctl", path=_system_path())
    if command and parts.hostname in ("127.0.0.1", "localhost", "::1"):
        candidates.insert(0, Rabbitmqctl(command))
    return next((each for each in candidates if _may(each, url, user)), None)


def _may(control: Control, url: str, user: str) -> bool:
    """Whether a vhost that it makes is one on this broker."""
    name = f"ocop-test-{secrets.token_hex(4)}"
    try:
        control.add_vhost(name, user)
    except NoServer:
        return False
    try:
        return answers(with_vhost(url, name))
    finally:
        control.delete_vhost(name)
