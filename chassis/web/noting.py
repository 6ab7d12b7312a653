"""Records an act of this request: who, in which role, on what grounds, in the same transaction."""

from typing import Any
from uuid import UUID

from flask import g

from chassis import acts
from chassis.clock import now
from chassis.web.command import session
from chassis.web.doors import actor


def note(act: str, subject: UUID | str, *, rulepack: str | None = None, **grounds: Any) -> None:
    """Record that the actor of this request did `act` on `subject`."""
    who = actor()
    role = next(grant.role for grant in who.grants if grant.role in g.door)
    acts.record(
        session(),
        acts.Act(
            subject=str(subject),
            at=now(),
            actor=who.id,
            role=role.value,
            act=act,
            grounds=grounds,
            rulepack=rulepack,
        ),
    )
