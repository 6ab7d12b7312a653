"""`ocop` commands that run until they are told to end, as processes of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path


class Running:
    """One such process, with its log."""

    def __init__(self, settings: Mapping[str, str], log: Path, *words: str) -> None:
        self.log = log
        bare = {name: value for name, value in os.environ.items() if not name.startswith("OCOP_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", *words],
            env=bare | dict(settings),
            stdout=subprocess.DEVNULL,
            stderr=log.open("ab"),
        )

    def said(self, word: str) -> int:
        """How often the log says it."""
        return self.log.read_text().count(word)

    def until(self, word: str, times: int = 1, timeout: float = 60) -> None:
        """Wait until the log says it."""
        end = time.monotonic() + timeout
        while self.said(word) < times:
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            assert time.monotonic() < end, self.log.read_text()[-3000:]
            time.sleep(0.05)

    def end(self, how: signal.Signals = signal.SIGTERM, timeout: float = 40) -> int:
        """Tell it to end; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(timeout)


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def status_of(url: str) -> int:
    """The status with which a page answers; 0 where nobody does."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310  http, of our own making
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
