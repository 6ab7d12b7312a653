"""`ocop topology`: which exchanges, queues and bindings the broker must have, and declaring them."""

from typing import Any

import click

from chassis.settings import Settings, read
from cli.house import listening
from cli.mistakes import Failure, Mistake
from cli.printing import json_option, print_json, print_table


@click.group()
def topology() -> None:
    """Exchanges, queues and bindings on the broker."""


@topology.command()
@json_option
def plan(as_json: bool) -> None:
    """Show what there must be, and what of it is missing; exit status 1 when something is.

    Bindings are listed, but a broker does not tell over AMQP which are there: `apply` declares them again, harmlessly.
    """
    from chassis.wire import topology as wire

    settings, wanted = _with_broker(), wire.topology(listening())
    missing = wire.missing(wanted, settings.broker_url)
    different = wire.differing(wanted, settings.broker_url)
    state = dict.fromkeys(missing, "missing") | dict.fromkeys(different, "other arguments")
    _show(wanted, state, as_json)
    raise SystemExit(1 if state else 0)


@topology.command()
@json_option
def apply(as_json: bool) -> None:
    """Declare everything; what is there already stays as it is."""
    from chassis.wire import topology as wire

    settings, wanted = _with_broker(), wire.topology(listening())
    missing = wire.missing(wanted, settings.broker_url)
    try:
        wire.declare(wanted, settings.broker_url)
    except wire.QueueDiffers as error:
        raise Failure(f"{error}; drain it, delete it, and run this again") from error
    _show(wanted, dict.fromkeys(missing, "declared"), as_json)


def _with_broker() -> Settings:
    settings = read()
    if settings.embedded:
        raise Mistake("OCOP_BROKER_URL is not set: an embedded instance has no topology")
    return settings


def _show(wanted: Any, state: dict[str, str], as_json: bool) -> None:
    if as_json:
        print_json(_document(wanted, state))
        return
    rows = [("exchange", name, "", state.get(name, "there")) for name in wanted.exchanges]
    rows += [
        ("queue", queue.name, _bound(wanted, queue.name), state.get(queue.name, "there"))
        for queue in wanted.queues
    ]
    print_table("Topology", ("", "name", "bound to", ""), rows)


def _bound(wanted: Any, queue: str) -> str:
    exchanges = dict.fromkeys(each.exchange for each in wanted.bindings if each.to == queue)
    return ", ".join(exchanges)


def _document(wanted: Any, state: dict[str, str]) -> dict[str, Any]:
    return {
        "exchanges": [
            {"name": name, "state": state.get(name, "there")} for name in wanted.exchanges
        ],
        "queues": [
            {
                "name": queue.name,
                "arguments": dict(queue.arguments),
                "state": state.get(queue.name, "there"),
            }
            for queue in wanted.queues
        ],
        "bindings": [
            {"exchange": each.exchange, "to": each.to, "key": each.key} for each in wanted.bindings
        ],
    }
