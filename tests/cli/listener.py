"""A nameko service for the worker's tests: each event says in its data what hearing it leads to."""

import os
import time
from collections.abc import Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from chassis.database import Database
from chassis.hearing import Heard
from chassis.reactions import Reactions
from chassis.wire.ears import Ears
from chassis.wire.listening import listens
from contracts import registration
from contracts.envelope import Event
from regulation.refusals import Refusal
from tests.cli.effects import SERVICE, attempts, effects

reactions = Reactions(SERVICE)


class NotToMyTaste(Refusal):
    """An event that is refused for good."""

    slug = "not-to-my-taste"


@reactions.hears(*registration.SAYS)
def on_anything(session: Session, event: Event) -> None:
    """Leave a trace, then do what the event says."""
    session.execute(insert(effects).values(subject=event.subject))
    if event.data.get("slow"):
        time.sleep(event.data["slow"])
    if event.data.get("refuse"):
        raise NotToMyTaste("nobody wants this")
    if _tried(session, event) <= event.data.get("fail", 0):
        raise OSError("the disk hiccups")


def _tried(session: Session, event: Event) -> int:
    with Database(SERVICE, os.environ["LISTENER_DATABASE"]).transaction() as own:
        own.execute(insert(attempts).values(subject=event.subject))
        counted = select(func.count()).where(attempts.c.subject == event.subject)
        return own.scalar(counted) or 0


class Listener:
    """Hears what registration says."""

    name = SERVICE
    ears = Ears(reactions)

    @listens
    def on_events(self, events: Sequence[Event]) -> list[Heard]:
        """One group."""
        return self.ears.hear(events)
