"""The broker: whether it answers, has the topology, is listened to, and what lies in its queues."""

from collections.abc import Iterator, Sequence
from typing import Any

from chassis.settings import Settings
from cli import management
from cli.doctor.findings import Finding, fault, ok, warning
from cli.house import listening

PATIENCE = 3.0
DEEP = 10_000
"""Messages on a queue above which its worker is falling behind."""

APPLY = "ocop topology apply"


def look(settings: Settings, services: Sequence[str]) -> Iterator[Finding]:
    """Everything about the broker, and the queues of these services."""
    from chassis.wire import topology as wire  # an embedded instance needs no kombu

    wanted, url = wire.topology(listening()), settings.broker_url
    try:
        missing = wire.missing(wanted, url, timeout=PATIENCE)
    except wire.BrokerAway as error:
        yield fault(
            "broker",
            f"does not answer: {error}",
            "start it; see OCOP_BROKER_URL, its user and vhost",
        )
        return
    if missing:
        seen = f"{len(missing)} exchanges and queues are missing, {missing[0]} first"
        yield fault("topology", seen, APPLY)
        return
    different = wire.differing(wanted, url, timeout=PATIENCE)
    if different:
        seen = f"{', '.join(different)}: there with other arguments"
        yield fault("topology", seen, f"drain and delete the queue, then {APPLY}")
        return
    yield ok("broker", f"answers, {len(wanted.exchanges)} exchanges, {len(wanted.queues)} queues")
    yield from _bindings(wanted, url)
    yield from _queues(wire, url, services)


def _bindings(wanted: Any, url: str) -> Iterator[Finding]:
    """AMQP does not tell bindings; the management plugin's API does, where it runs."""
    there = _bound(url)
    if there is None:
        yield ok(
            "bindings",
            f"not looked at: no management API; `{APPLY}` declares them again, harmlessly",
        )
        return
    lacking = [
        f"{each.exchange} → {each.to} ({each.key})"
        for each in wanted.bindings
        if (each.exchange, each.to, each.key) not in there
    ]
    if lacking:
        yield fault("bindings", f"{len(lacking)} are missing, {lacking[0]} first", APPLY)
    else:
        yield ok("bindings", f"all {len(wanted.bindings)}")


def _bound(url: str) -> set[tuple[str, str, str]] | None:
    bindings = management.ask(url, "bindings")
    if bindings is None:
        return None
    return {(each["source"], each["destination"], each["routing_key"]) for each in bindings}


def _queues(wire: Any, url: str, services: Sequence[str]) -> Iterator[Finding]:
    names = {
        service: (
            wire.queue_of(service),
            wire.retry_queue_of(service),
            wire.dead_queue_of(service),
        )
        for service in services
    }
    depths = wire.depths([name for each in names.values() for name in each], url, timeout=PATIENCE)
    for service, (queue, retry, dead) in names.items():
        (ready, workers), (retrying, _), (buried, _) = depths[queue], depths[retry], depths[dead]
        seen = f"{ready} waiting, {retrying} to be tried again, {workers} workers"
        if not workers:
            yield fault(f"queue {queue}", seen, f"ocop worker {service}")
        elif ready > DEEP:
            yield warning(f"queue {queue}", seen, f"start another `ocop worker {service}`")
        else:
            yield ok(f"queue {queue}", seen)
        if buried:
            remedy = (
                f"`ocop relay {service}` takes them into the table, or `ocop dead-letters collect`"
            )
            yield fault(f"dead letters {service}", f"{buried} on {dead}", remedy)
