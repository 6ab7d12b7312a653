"""The rig's hand on a proxy process: starts it, gives it orders, ends it."""

import json
import subprocess
import sys
from typing import Any, Self

from tests.servers.machine import free_port


class Proxied:
    """A server behind a proxy of its own on a free loopback port, while the `with` block runs."""

    def __init__(self, host: str, port: int) -> None:
        self.port = free_port()
        self._upstream = (host, str(port))

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "chaos.proxy", str(self.port), *self._upstream],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.process.stdout.readline()
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)

    def order(self, what: str, **how: Any) -> None:
        """Tell it what to do with its connections; see `chaos.proxy`."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": what, **how}) + "\n")
        self.process.stdin.flush()
