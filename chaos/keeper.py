"""Keeps the instance's processes running: starts again whoever has died, with the fault that it was given."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

OCOP = ("/usr/bin/setpriv", "--pdeathsig=KILL", "--", sys.executable, "-m", "cli.main")
"""The command, which ends with the rig, however that ends."""
LOOK_EVERY = 0.1
PAUSE = 0.3
"""Seconds between a death and the next start."""
GRACE = 30.0


class Process:
    """One process of the instance by its name: `worker evaluation`, and `worker evaluation 2` beside it."""

    def __init__(self, name: str, environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.kind, self.service = name.split()[:2]
        self.fault = ""
        self.log = log
        self._environment = environment
        self._popen: subprocess.Popen[bytes] | None = None
        self._start_at = 0.0
        self._log_from = 0

    def look(self) -> int | None:
        """Start it when it is due; the status with which it died since the last look."""
        if self._popen is None:
            if time.monotonic() >= self._start_at:
                self._start()
            return None
        status = self._popen.poll()
        if status is not None:
            self._popen = None
            self._start_at = time.monotonic() + PAUSE
        return status

    def burnt(self) -> str | None:
        """The fault point at which it has just died as it was told; from now on it is told nothing."""
        point = self.fault.partition(":")[0]
        with self.log.open("rb") as log:
            log.seek(self._log_from)
            died = f"died at fault point {point}\n".encode() in log.read()
        if not (self.fault and died):
            return None
        self.fault = ""
        return point

    def send(self, what: signal.Signals) -> None:
        """Send it a signal, if it runs."""
        if self._popen is not None:
            with suppress(ProcessLookupError):
                self._popen.send_signal(what)

    def wait(self, seconds: float) -> None:
        """Until it has ended; killed after so long."""
        if self._popen is None:
            return
        try:
            self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()

    def seconds(self) -> float:
        """The processor time that it has used since its start."""
        with suppress(OSError, IndexError):
            if self._popen is not None:
                fields = (
                    Path(f"/proc/{self._popen.pid}/stat").read_text().rpartition(")")[2].split()
                )
                return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return 0.0

    def _start(self) -> None:
        fault = {"OCOP_FAULT": self.fault} if self.fault else {}
        with self.log.open("ab") as out:
            self._log_from = out.tell()
            self._popen = subprocess.Popen(
                [*OCOP, self.kind, self.service],
                env={**self._environment, **fault},
                stdout=out,
                stderr=subprocess.STDOUT,
            )


class Keeper:
    """All processes, looked after by a thread while the `with` block runs."""

    def __init__(self, processes: Sequence[Process]) -> None:
        self.processes = {process.name: process for process in processes}
        self.deaths = 0
        self.points: Counter[str] = Counter()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        for process in self.processes.values():
            process.send(signal.SIGCONT)
            process.send(signal.SIGTERM)
        for process in self.processes.values():
            process.wait(GRACE)

    def arm(self, name: str, fault: str) -> None:
        """Kill a process; started again, it dies once more at a fault point, by `POINT:COUNT`."""
        self.processes[name].fault = fault
        self.processes[name].send(signal.SIGKILL)

    def disarm(self) -> None:
        """Whatever has not died at its fault point by now is told to no more, from its next start on."""
        for process in self.processes.values():
            if process.fault:
                process.fault = ""
                process.send(signal.SIGKILL)

    def seconds(self) -> dict[str, float]:
        """The processor time of each process that runs now."""
        return {name: process.seconds() for name, process in self.processes.items()}

    def _keep(self) -> None:
        while not self._stop.wait(LOOK_EVERY):
            for process in self.processes.values():
                status = process.look()
                if status is None:
                    continue
                self.deaths += 1
                if point := process.burnt():
                    self.points[point] += 1
