"""Serves the web of a house behind one port until it is told to stop."""

import structlog

from chassis.settings import Settings
from chassis.watch.health import Health
from chassis.web.serving import serve
from cli.house import House
from cli.mistakes import Failure

log = structlog.get_logger()


def serve_web(house: House, health: Health) -> None:
    """Serve until SIGTERM or SIGINT. Raises Failure when the port cannot be had."""
    settings = house.settings
    address = f"http://{settings.host}:{settings.port}/"
    try:
        serve(
            house.web(),
            host=settings.host,
            port=settings.port,
            max_body=_largest_body(settings),
            health=health,
            ready=lambda: log.info("ready", address=address, services=house.services),
        )
    except OSError as error:
        raise Failure(f"cannot listen on {settings.host}:{settings.port}: {error}") from error


def _largest_body(settings: Settings) -> int:
    """The largest request that any service takes; each route has its own, lower limit."""
    return max(settings.max_body, settings.max_evidence) + 65_536
