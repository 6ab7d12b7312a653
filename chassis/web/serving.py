"""Runs web applications under waitress: one process, a few threads, the same server embedded and alone."""

import signal
import threading
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any

from flask import Flask
from waitress.server import create_server
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from chassis.watch.health import Health

Wsgi = Callable[..., Any]

LEAVING = 20.0
"""Seconds that requests in hand get when the process is asked to leave."""
LAST_BYTES = 0.5
"""Seconds that their answers get to reach the network; connections that only wait are cut then."""


def together(apps: Mapping[str, Flask], *, front: str) -> Wsgi:
    """Several services' applications behind one port; what no service's prefix claims goes to `front`."""
    mounted = {f"/{name}": _under(f"/{name}", app) for name, app in apps.items()}
    return DispatcherMiddleware(apps[front] if front in apps else NotFound(), mounted)


def _under(prefix: str, app: Flask) -> Wsgi:
    """The dispatcher cuts the prefix off; our routes carry it, so that they read the same behind any proxy."""

    def call(environ: dict[str, Any], start_response: Any) -> Any:
        environ["PATH_INFO"] = prefix + environ.get("PATH_INFO", "")
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "").removesuffix(prefix)
        return app.wsgi_app(environ, start_response)

    return call


TURN = 3.0
"""Seconds that the server's loop gets to turn once."""


def serve(
    app: Wsgi, *, host: str, port: int, max_body: int, health: Health, ready: Callable[[], None]
) -> None:
    """Serve until SIGTERM or SIGINT."""
    server = create_server(
        app, host=host, port=port, threads=8, max_request_body_size=max_body, ident="ocop"
    )
    stop = threading.Event()

    def leave(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    thread = threading.Thread(target=server.run, daemon=True, name="web")
    thread.start()
    health.lives_by("web loop", lambda: _turns(server))
    ready()
    stop.wait()
    server.close()
    server.task_dispatcher.shutdown(timeout=LEAVING)  # who is inside is answered
    thread.join(timeout=LAST_BYTES)


def _turns(server: Any) -> str:
    """Why the server's loop, asked to turn once, counts as hung."""
    turned = threading.Event()
    server.trigger.pull_trigger(turned.set)
    return "" if turned.wait(TURN) else f"did not turn within {TURN:.0f} s"
