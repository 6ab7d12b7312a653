"""`ocop up`: everything in one process, without any server."""

from dataclasses import replace
from pathlib import Path

import click
import structlog

from chassis.fault_points import arm
from chassis.settings import Settings, read
from chassis.telemetry import start_logging, start_tracing
from cli.embedded import Embedded
from cli.front_door import serve_web
from cli.house import House
from cli.locking import only_one
from cli.mistakes import Mistake
from cli.watching import watched
from regulation.packs import packs

log = structlog.get_logger()


@click.command()
@click.option("--host", help="Where to listen; as OCOP_HOST.")
@click.option("--port", type=click.IntRange(1, 65535), help="Where to listen; as OCOP_PORT.")
@click.option("--data", type=click.Path(path_type=Path), help="The data folder; as OCOP_DATA.")
def up(host: str | None, port: int | None, data: Path | None) -> None:
    """Run the whole instance in this process: five services, one port, one data folder."""
    settings = embedded_settings(host, port, data)
    start_logging(settings, process="up")
    start_tracing(settings)
    arm(settings.fault)
    with only_one(settings.data):
        house = House(settings)
        packs()  # a set that was changed since it was added is refused at the start
        house.migrate()
        try:
            with Embedded(house) as embedded, watched(house, embedded) as health:
                serve_web(house, health)
        finally:
            house.close()
    log.info("stopped")


def embedded_settings(host: str | None, port: int | None, data: Path | None) -> Settings:
    """The settings with what the command line gave. Raises Mistake where they name a broker."""
    settings = read()
    if not settings.embedded:
        raise Mistake(
            "`ocop up` works without a broker: unset OCOP_BROKER_URL, or run `ocop serve all`"
        )
    return replace(
        settings,
        host=host or settings.host,
        port=port or settings.port,
        data=(data or settings.data).expanduser().resolve(),
    )
