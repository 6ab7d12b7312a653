"""A command of ours as a process: started, waited for until it says that it is ready, and always ended."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from benchmarks.ground import Ground, environment_of
from benchmarks.hearing import spent
from tests.system.province import free_port

PATIENCE = 60.0


class NotReady(Exception):
    """A process ended, or did not get ready; the text is the end of what it wrote."""


class Process:
    """One `ocop` command, with the seconds until it said that it was ready, by clock and of processor."""

    def __init__(
        self, ground: Ground, log: Path, *words: str, module: str, told: Mapping[str, str]
    ) -> None:
        self._log = log
        self.port = free_port()
        told = {**told, "OCOP_LOG_LEVEL": "info", "OCOP_PORT": str(self.port)}
        began = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *words],
            env=environment_of(ground) | told,
            stdout=log.open("ab"),
            stderr=subprocess.STDOUT,
        )
        self.ready_after = self._wait(began)
        self.ready_effort = spent(self._process.pid)

    @property
    def peak(self) -> float:
        """The most memory that it has had resident, in MB."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM"))

    def end(self) -> None:
        """SIGTERM, then SIGKILL."""
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _wait(self, began: float) -> float:
        while '"ready"' not in (said := self._log.read_text()):
            late = time.perf_counter() - began > PATIENCE
            if self._process.poll() is not None or late:
                self.end()
                raise NotReady(said[-2000:])
            time.sleep(0.01)
        return time.perf_counter() - began


@contextmanager
def running(
    ground: Ground,
    *commands: tuple[str, ...],
    module: str = "cli.main",
    told: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[list[Process]]:
    """These commands side by side, all ready, for as long as the block runs; `told` beside what the ground tells."""
    with TemporaryDirectory() as folder:
        started: list[Process] = []
        try:
            for number, words in enumerate(commands):
                log = Path(folder) / f"{number}.log"
                started.append(Process(ground, log, *words, module=module, told=told))
            yield started
        finally:
            for process in started:
                process.end()
