"""The port of a process where orchestrators and Prometheus knock: `/livez`, `/readyz`, `/metrics`.

Served by real threads, also under eventlet: a process whose hub hangs still says so.
"""

import json
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Any, Self

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest

from chassis.watch.health import Health
from chassis.watch.real import real

PATIENCE = 5.0
"""Seconds that a caller gets to say what it wants."""

WAITING = 16
"""Callers that may wait to be let in."""


class Door:
    """Answers as long as the `with` block lasts; port 0 leaves it shut. Raises OSError where the port cannot be had."""

    def __init__(
        self, health: Health, *, host: str, port: int, registry: CollectorRegistry = REGISTRY
    ) -> None:
        self._health = health
        self._registry = registry
        self._listener = _listening(host, port) if port else None

    def __enter__(self) -> Self:
        if self._listener is not None:
            self._registry.register(self._health)
            self._spawn(self._welcome, self._listener)
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._listener is not None:
            with suppress(OSError):
                self._listener.shutdown(real("socket").SHUT_RDWR)  # wakes who waits in `accept`
            self._listener.close()
            self._registry.unregister(self._health)

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, media type and body of one look at a path."""
        match path.partition("?")[0]:
            case "/livez":
                return _told("alive", self._health.dying_of())
            case "/readyz":
                return _told("ready", self._health.waiting_for())
            case "/metrics":
                return 200, CONTENT_TYPE_LATEST, generate_latest(self._registry)
        return 404, "text/plain", b"/livez, /readyz, /metrics\n"

    def _welcome(self, listener: Any) -> None:
        with suppress(OSError):  # shut
            while True:
                connection, _ = listener.accept()
                self._spawn(self._serve, connection)

    def _serve(self, connection: Any) -> None:
        with connection, suppress(OSError):  # the caller has left
            connection.settimeout(PATIENCE)
            _Caller(connection, self)

    def _spawn(self, work: Any, *given: Any) -> None:
        real("threading").Thread(target=work, args=given, daemon=True, name="watch").start()


class _Caller(BaseHTTPRequestHandler):
    """One request, read by the standard library."""

    def __init__(self, connection: Any, door: Door) -> None:
        self._door = door
        super().__init__(connection, ("", 0), None)  # type: ignore[arg-type]  # it asks no server for anything

    def do_GET(self) -> None:
        """Answer and close."""
        status, media, body = self._door.answer(self.path)
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Probes come every few seconds and say nothing new."""


def _listening(host: str, port: int) -> Any:
    socket = real("socket")
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(WAITING)
    except OSError:
        listener.close()
        raise
    return listener


def _told(what: str, reasons: Any) -> tuple[int, str, bytes]:
    body = json.dumps({what: not reasons, "reasons": reasons}, ensure_ascii=False)
    return (503 if reasons else 200), "application/json", f"{body}\n".encode()
