"""What a server of our own needs of the machine: a port, a folder, a user that is not root, a process, packages."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent.parent
SERVERS = HOUSE / ".servers"


class NoServer(Exception):
    """A server that tests need cannot be had; the text says what is missing."""


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class Account:
    """Who a server runs as: itself where we are not root, otherwise a user of its own, because servers refuse root."""

    uid: int
    gid: int

    @classmethod
    def named(cls, name: str) -> "Account":
        """The account of that name, or nobody's, where we are root."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        for known in (name, "nobody"):
            with contextlib.suppress(KeyError):
                entry = pwd.getpwnam(known)
                return cls(entry.pw_uid, entry.pw_gid)
        raise NoServer(f"there is neither a user {name} nor nobody to run a server as")

    def folder(self, name: str) -> Path:
        """A new folder that this account owns: under .servers, or where it cannot go there, a temporary one."""
        SERVERS.mkdir(exist_ok=True)
        parent = SERVERS if self._reaches(SERVERS) else Path(tempfile.gettempdir())
        folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=parent))
        os.chown(folder, self.uid, self.gid)
        return folder

    def _reaches(self, folder: Path) -> bool:
        if self.uid == os.geteuid():
            return True
        return all(each.stat().st_mode & 0o001 for each in (folder, *folder.parents))

    def run(
        self, command: Sequence[str], *, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run to its end. Raises NoServer with the last lines it printed when it fails."""
        done = subprocess.run(
            [*self._becoming(), *command],
            env=env,
            text=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            check=False,
            cwd="/",
            timeout=90,
        )
        if done.returncode != 0:
            raise NoServer(f"{Path(command[0]).name}: {(done.stdout + done.stderr)[-800:]}")
        return done

    def start(
        self,
        command: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        orphaned: str = "TERM",
    ) -> subprocess.Popen[str]:
        """Start a server that is sent the signal `orphaned` should this process die before it has stopped it."""
        with log.open("a") as out:
            return subprocess.Popen(
                [*self._becoming(f"--pdeathsig={orphaned}"), *command],
                env=env,
                text=True,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd="/",
            )

    def _becoming(self, *flags: str) -> list[str]:
        """What stands before a command so that it runs as this account."""
        user = [f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        wanted = [*(user if self.uid != os.geteuid() else []), *flags]
        return ["/usr/bin/setpriv", *wanted, "--"] if wanted else []


def end(process: subprocess.Popen[str], how: signal.Signals, *, within: float = 30) -> None:
    """End a server that we started, by its own id; with SIGKILL when it does not leave in time."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(within)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until(
    ready: Callable[[], bool],
    *,
    words: Callable[[], str],
    gone: Callable[[], bool] = lambda: False,
    within: float = 90,
) -> None:
    """Wait for a server to answer. Raises NoServer with its last `words` when it is gone or takes too long."""
    deadline = time.monotonic() + within
    while not ready():
        if gone() or time.monotonic() > deadline:
            raise NoServer(f"a server did not start: {words()[-1500:]}")
        time.sleep(0.1)


def install(*packages: str) -> None:
    """Install Debian packages. Raises NoServer, naming them, where that is not allowed or fails."""
    command = [str(HOUSE / "bin" / "install-debian"), *packages]
    done = subprocess.run(command, check=False, text=True, stderr=subprocess.PIPE)
    sys.stderr.write(done.stderr)
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:]
        raise NoServer(f"{' '.join(packages)} cannot be installed here: {' '.join(last)}")


@contextlib.contextmanager
def cleared(folder: Path) -> Iterator[Path]:
    """A folder that is gone afterwards."""
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
