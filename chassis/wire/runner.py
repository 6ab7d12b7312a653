"""Starts nameko services in this process, eventlet first: `python -m chassis.wire.runner MODULE:CLASS …`."""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")  # nameko 2 is built on it

import eventlet  # noqa: E402
import prometheus_client  # noqa: E402, F401  its locks stay real: the watch's own thread waits for them

eventlet.monkey_patch()

import errno  # noqa: E402  nothing is imported before eventlet has patched the standard library
import importlib  # noqa: E402
import logging  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from typing import Any  # noqa: E402

import structlog  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402

from chassis.fault_points import arm  # noqa: E402
from chassis.settings import Settings, read  # noqa: E402
from chassis.telemetry import start_logging, start_tracing  # noqa: E402
from chassis.watch.door import Door  # noqa: E402
from chassis.watch.health import Health, Pulse  # noqa: E402
from chassis.wire import patience  # noqa: E402
from regulation.packs import packs, take_up  # noqa: E402
from regulation.refusals import BrokenPack  # noqa: E402

log = structlog.get_logger()

BEAT_EVERY = 0.5
"""Seconds between two turns of the hub that are noted."""


def run(services: Sequence[type[Any]], settings: Settings) -> None:
    """Run these nameko services until SIGTERM or SIGINT; the group in hand is finished first.

    Raises what killed a service, and NotGreen where eventlet came too late.
    """
    patience.require()
    health = Health()
    eventlet.spawn_n(_beat, _pulse_of(health))
    with _door(health, settings):
        _run(services, ServiceRunner({"ocop": settings, "health": health}))


def _door(health: Health, settings: Settings) -> Door:
    """The port where this process is asked how it does, open. Ends the process in one line where it cannot be had."""
    try:
        return Door(health, host=settings.host, port=settings.watch_port)
    except OSError as error:
        where = f"{settings.host}:{settings.watch_port}"
        raise SystemExit(f"ocop: cannot listen on {where} (OCOP_WATCH_PORT): {error}") from error


def _run(services: Sequence[type[Any]], runner: ServiceRunner) -> None:
    for service in services:
        runner.add_service(service)

    def leave(_signal: int, _frame: Any) -> None:
        eventlet.spawn_n(runner.stop)  # a signal handler may not wait, and stopping does

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    runner.start()
    log.info("ready", services=sorted(runner.service_names))
    _wait(runner)
    log.info("stopped", services=sorted(runner.service_names))


def _pulse_of(health: Health) -> Pulse:
    pulse = Pulse()
    health.lives_by("hub", pulse)
    return pulse


def _beat(pulse: Pulse) -> None:
    while True:
        pulse.beat()
        eventlet.sleep(BEAT_EVERY)


def _wait(runner: ServiceRunner) -> None:
    """Until the services have ended; a signal interrupts the hub's wait, which is no reason to end."""
    ended = eventlet.spawn(runner.wait)
    while True:
        try:
            ended.wait()
        except OSError as error:
            if error.errno != errno.EINTR:
                raise
        else:
            return


def main(paths: Sequence[str]) -> None:
    """Run the services named `module:class`."""
    settings = read()
    take_up(settings.law_folder)
    try:
        packs()  # a set that was changed since it was added is refused now, not when an event meets it
    except BrokenPack as error:
        sys.exit(f"ocop: {error}")
    services = [_named(path) for path in paths]
    start_logging(settings, process=f"worker {' '.join(each.name for each in services)}")
    start_tracing(settings)
    arm(settings.fault)
    # a traceback per attempt while the database is away; what it reports comes back to our entrypoint
    logging.getLogger("nameko.containers").setLevel(logging.CRITICAL)
    run(services, settings)


def _named(path: str) -> Any:
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)


if __name__ == "__main__":
    main(sys.argv[1:])
