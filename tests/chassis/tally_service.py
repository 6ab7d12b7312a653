"""The tiny service on a broker; what an event is to do to it, the event itself says."""

import time
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from chassis.hearing import Heard, Verdict
from chassis.wire.ears import Ears
from chassis.wire.listening import listens
from contracts.envelope import Event
from tests.chassis.tally import Poison, reactions, write_down

log = structlog.get_logger()

_attempts: Counter[UUID] = Counter()


def as_told(session: Session, event: Event) -> None:
    """Write the event down; be slow, passing ill or poisoned by it as its body says."""
    write_down(session, event)
    _attempts[event.id] += 1
    time.sleep(event.data.get("slow", 0))
    if event.data.get("poison"):
        raise Poison("it was told to be")
    if _attempts[event.id] <= event.data.get("ill", 0):
        raise OSError("a passing fault")


class TallyService:
    """Hears all that registration says."""

    name = "tally"
    ears = Ears(reactions(as_told))

    @listens
    def on_events(self, events: Sequence[Event]) -> list[Heard]:
        """One group."""
        heard: list[Heard] = self.ears.hear(events)
        for item in heard:
            if item.verdict is Verdict.DUPLICATE:
                log.info("came again", event_id=str(item.event.id))
        return heard
