"""The audit as a whole: taken once, or again until nothing is in flight."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from chassis.clock import now
from cli.audit import delivery, dossiers, facts, mail, sums
from cli.audit.delivery import Delivery, Depth, Fate
from cli.audit.dossiers import Unaccounted
from cli.audit.sums import Check
from cli.house import House, listening

LOOK_AGAIN = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was found. What is in flight is neither lost nor accounted for yet."""

    dossiers: int
    delivery: Delivery
    unaccounted: Sequence[Unaccounted]
    checks: Sequence[Check]

    @property
    def in_flight(self) -> int:
        """How many deliveries are still to be made."""
        return self.delivery.in_flight

    @property
    def faults(self) -> int:
        """How much is wrong for good: event types, dossiers, sums, dead letters."""
        amiss = [line for line in self.delivery.lines if not line.is_right]
        missing = [each for each in self.unaccounted if not each.in_flight]
        wrong = [check for check in self.checks if not check.is_right and not self.in_flight]
        return len(amiss) + len(missing) + len(wrong) + sum(self.delivery.dead_messages.values())

    @property
    def is_clean(self) -> bool:
        """Whether everything is accounted for and nothing is on its way."""
        return not (self.faults or self.in_flight or self.unaccounted)


def take(house: House, *, wait: float = 0) -> Report:
    """Audit; as long as something is amiss, again, for `wait` seconds at most."""
    until = time.monotonic() + wait
    report = _once(house)
    while not report.is_clean and time.monotonic() < until:
        time.sleep(LOOK_AGAIN)
        report = _once(house)
    return report


def _once(house: House) -> Report:
    found = delivery.deliver(mail.read(house), listening(), depths=_depths(house), now=now())
    known = facts.read(house)
    return Report(
        dossiers=len(known.registered),
        delivery=found,
        unaccounted=dossiers.unaccounted(known, found),
        checks=[
            *sums.add_up(known),
            *sums.chains(house),
            *sums.tallied(house),
            *sums.searched(house),
        ],
    )


def _depths(house: House) -> Mapping[str, Depth] | None:
    """Read after the inboxes: what was not on a queue then and is not in an inbox is nowhere."""
    if house.settings.embedded:
        return None
    from chassis.wire import topology as wire  # an embedded instance needs no kombu

    names = {
        service: (
            wire.queue_of(service),
            wire.retry_queue_of(service),
            wire.dead_queue_of(service),
        )
        for service in house.services
    }
    found = wire.depths(
        [name for each in names.values() for name in each], house.settings.broker_url
    )
    ready = {name: messages for name, (messages, _) in found.items()}
    return {
        service: Depth(waiting=ready.get(queue, 0) + ready.get(retry, 0), dead=ready.get(dead, 0))
        for service, (queue, retry, dead) in names.items()
    }


def as_document(report: Report) -> dict[str, Any]:
    """The report as `--json` prints it."""
    return {
        "clean": report.is_clean,
        "faults": report.faults,
        "in_flight": report.in_flight,
        "dossiers": report.dossiers,
        "events": [
            {
                "sayer": line.sayer,
                "type": line.type,
                "said": line.said,
                "unsent": line.unsent,
                "heard": dict(line.heard),
                **{
                    fate.value.replace(" ", "_"): line.fates[fate]
                    for fate in Fate
                    if fate != Fate.HEARD
                },
                "doubled": line.doubled,
                "strangers": line.strangers,
            }
            for line in report.delivery.lines
        ],
        "dead_messages": dict(report.delivery.dead_messages),
        "unaccounted": [asdict(each) for each in report.unaccounted],
        "checks": [asdict(check) | {"right": check.is_right} for check in report.checks],
    }
