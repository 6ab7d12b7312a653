"""`ocop serve`: the web, workers and relays of some services as child processes of one, kept alive."""

from collections.abc import Sequence

import click

from chassis.telemetry import start_logging
from cli.children import Child, keep
from cli.processes import chosen, services_argument, settings_for_broker, stopped_by_signal


@click.command()
@services_argument
def serve(services: Sequence[str]) -> None:
    """Run web, worker and relay of these services: one web, one relay, one worker per service."""
    settings = settings_for_broker("serve")
    names = chosen(services)
    start_logging(settings, process="serve")
    commands = [("web", *names), ("relay", *names), *(("worker", name) for name in names)]
    first = settings.watch_port
    children = [
        Child(*words, told={"OCOP_WATCH_PORT": str(first + place if first else 0)})
        for place, words in enumerate(commands)
    ]
    raise SystemExit(keep(children, stopped_by_signal()))
