"""Opens the port where a process is asked how it does, and says what it lives by."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import REGISTRY

from chassis.settings import Settings
from chassis.watch.door import Door
from chassis.watch.health import Health
from cli.house import House
from cli.mistakes import Failure
from cli.relaying import Relaying


@contextmanager
def watched(house: House, relaying: Relaying | None = None) -> Iterator[Health]:
    """The health of this process, told at the port of OCOP_WATCH_PORT while the block lasts.

    What lies in the databases is told by those who relay: each service has one such process, and its other processes
    would only say it again. Raises Failure when the port cannot be had.
    """
    health, onlookers = Health(), house.onlookers()
    for onlooker in onlookers:
        health.needs(f"database {onlooker.service}", onlooker.away)
    with _door(health, house.settings):
        if relaying is None:
            yield health
            return
        relaying.reveal(health)
        figures = house.figures(onlookers)
        REGISTRY.register(figures)
        try:
            yield health
        finally:
            REGISTRY.unregister(figures)


def _door(health: Health, settings: Settings) -> Door:
    try:
        return Door(health, host=settings.host, port=settings.watch_port)
    except OSError as error:
        where = f"{settings.host}:{settings.watch_port}"
        raise Failure(f"cannot listen on {where} (OCOP_WATCH_PORT): {error}") from error
