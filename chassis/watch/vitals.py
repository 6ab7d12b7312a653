"""What a process counts of its own work, in Prometheus's terms: once per group or batch, never per event.

`prometheus_client` keeps these for the whole process. A worker imports it before eventlet patches threads
(`wire.runner`): its locks are then real ones, which the watch's own thread may wait for.
"""

from collections import Counter as Tally
from collections.abc import Iterable

from prometheus_client import Counter, Gauge, Histogram

from contracts.catalogue import CONTRACTS

SENT = Counter("ocop_relay_sent", "Events handed to the carrier.", ["service"])
CONFIRMED = Counter("ocop_relay_confirmed", "Events safe on the other side.", ["service"])
CONFIRM_SECONDS = Histogram(
    "ocop_relay_confirm_seconds", "From sending a batch until it was safe.", ["service"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)  # fmt: skip
LEADS = Gauge("ocop_relay_leads", "1 where this process's relay leads.", ["service"])
TROUBLE = Gauge("ocop_relay_trouble", "1 while the relay cannot carry.", ["service"])

HEARD = Counter("ocop_events", "What became of events heard.", ["service", "type", "verdict"])
GROUP_SIZE = Histogram(
    "ocop_hearing_group_size", "Events that shared one transaction.", ["service"],
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500),
)  # fmt: skip
HEARING_SECONDS = Histogram(
    "ocop_hearing_seconds", "From a group's arrival at its hearer until its commit.", ["service"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)  # fmt: skip
PAUSED = Gauge("ocop_hearing_paused", "1 while listening waits for the database.", ["service"])

WEB_SECONDS = Histogram(
    "ocop_web_request_seconds", "From a request's first line to its answer.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip


def heard(service: str, verdicts: Iterable[tuple[str, str]], seconds: float) -> None:
    """A group was heard: type and verdict of each of its events. Dead ones count when they are set aside."""
    counted = Tally(verdicts)
    for (type_, verdict), count in counted.items():
        if verdict != "dead":
            HEARD.labels(service, known(type_), verdict).inc(count)
    GROUP_SIZE.labels(service).observe(counted.total())
    HEARING_SECONDS.labels(service).observe(seconds)


def died(service: str, type_: str) -> None:
    """A message was dead-lettered."""
    HEARD.labels(service, known(type_), "dead").inc()


def known(type_: str) -> str:
    """A stranger's types are one: whoever can publish must not be able to make series."""
    return type_ if type_ in CONTRACTS else "unknown"
