"""One kind of process for some services: `ocop web`, `ocop worker`, `ocop relay`."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import FrameType
from typing import Any

import click
import structlog

from chassis.fault_points import arm
from chassis.settings import SERVICES, Settings, read
from chassis.telemetry import start_logging, start_tracing
from cli.mistakes import Failure, Mistake

log = structlog.get_logger()

ALL = "all"


def services_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """The argument `SERVICE…`; `all` stands for every one."""
    return click.argument(
        "services",
        nargs=-1,
        required=True,
        type=click.Choice([*SERVICES, ALL]),
        metavar="SERVICE…",
    )(command)


def chosen(services: Sequence[str]) -> tuple[str, ...]:
    """The services that were named, each once, in the house's order."""
    return SERVICES if ALL in services else tuple(name for name in SERVICES if name in services)


def settings_for_broker(command: str) -> Settings:
    """The settings of a process that works with a broker. Raises Mistake where none is set."""
    settings = read()
    if settings.embedded:
        raise Mistake(
            f"`ocop {command}` needs a broker: set OCOP_BROKER_URL, or run `ocop up` without one"
        )
    return settings


@click.command()
@services_argument
@click.option("--host", help="Where to listen; as OCOP_HOST.")
@click.option("--port", type=click.IntRange(1, 65535), help="Where to listen; as OCOP_PORT.")
def web(services: Sequence[str], host: str | None, port: int | None) -> None:
    """Serve the HTTP API and pages of these services behind one port."""
    from cli.front_door import serve_web
    from cli.house import House
    from cli.watching import watched

    settings = read()
    settings = replace(settings, host=host or settings.host, port=port or settings.port)
    house = House(settings, chosen(services))
    start_logging(settings, process=f"web {' '.join(house.services)}")
    start_tracing(settings)
    arm(settings.fault)
    require_migrated(house)
    with watched(house) as health:
        serve_web(house, health)
    house.close()
    log.info("stopped")


@click.command()
@services_argument
def worker(services: Sequence[str]) -> None:
    """Hear events from the broker into these services, as nameko services."""
    settings_for_broker("worker")
    paths = [f"services.{name}.service:{name.title()}Service" for name in chosen(services)]
    # a fresh interpreter, because eventlet must come before everything that this one has imported
    os.execv(sys.executable, [sys.executable, "-m", "chassis.wire.runner", *paths])  # noqa: S606  our own interpreter


@click.command()
@services_argument
def relay(services: Sequence[str]) -> None:
    """Carry these services' outboxes to the broker, and do what falls due by the calendar."""
    from cli.house import House
    from cli.relaying import Relaying
    from cli.watching import watched

    settings = settings_for_broker("relay")
    house = House(settings, chosen(services))
    start_logging(settings, process=f"relay {' '.join(house.services)}")
    start_tracing(settings)
    arm(settings.fault)
    require_migrated(house)
    stop = stopped_by_signal()
    with Relaying(house) as relaying, watched(house, relaying):
        log.info("ready", services=house.services)
        stop.wait()
    house.close()
    log.info("stopped")


def stopped_by_signal() -> threading.Event:
    """An event that SIGTERM or SIGINT sets."""
    stop = threading.Event()

    def leave(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    return stop


def require_migrated(house: Any) -> None:
    """Raises Failure when a database is not at its newest shape, BrokenPack when the law was tampered with."""
    from chassis import migrating
    from regulation.packs import packs

    packs()

    for service in house.services:
        if lacking := migrating.missing(house.database(service)):
            raise Failure(
                f"the database of {service} lacks migrations ({', '.join(lacking)}): "
                f"run `ocop migrate {service}`"
            )
