"""Whether all that the services of a house have said has been heard, and waiting until it has."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis import dead_letters, inbox, outbox
from chassis.database import Database
from cli.house import House, reactions


class NotSettled(Exception):
    """Events are still on their way after the time that was given; the text says where."""


def settle(house: House, timeout: float) -> None:
    """Wait until every event of the house's services has been heard by each of them that listens to its sayer.

    Seen twice, with no new event in between: what is heard may lead to more. Raises NotSettled.
    """
    until = time.monotonic() + timeout
    before = _look(house)
    while time.monotonic() < until:
        time.sleep(0.02)
        after = _look(house)
        if after == before and not on_their_way(after):
            return
        before = after
    waiting = ", ".join(on_their_way(before)) or "still changing"
    raise NotSettled(f"not settled after {timeout:g} s: {waiting}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One service's mailroom, counted; `heard` holds what was heard or lies dead, by sayer."""

    said: int
    unsent: int
    parked: int
    heard: Mapping[str, int]


def on_their_way(standings: Mapping[str, Standing]) -> list[str]:
    """What has not arrived yet, in words."""
    waiting = [f"{name}: {each.unsent} unsent" for name, each in standings.items() if each.unsent]
    waiting += [f"{name}: {each.parked} parked" for name, each in standings.items() if each.parked]
    return waiting + [
        f"{hearer}: {late} of {sayer} not heard"
        for hearer, each in standings.items()
        for sayer in reactions(hearer).sayers
        if sayer in standings and (late := standings[sayer].said - each.heard.get(sayer, 0)) > 0
    ]


def _look(house: House) -> dict[str, Standing]:
    return {service: _standing(house.database(service)) for service in house.services}


def _standing(database: Database) -> Standing:
    with database.reading() as session:
        return Standing(
            said=session.scalar(select(func.count()).select_from(outbox.outbox)) or 0,
            unsent=outbox.depth(session)[0],
            parked=inbox.waiting(session)[0],
            heard=_heard(session),
        )


def _heard(session: Session) -> dict[str, int]:
    by_source = session.execute(select(inbox.inbox.c.source, func.count()).group_by("source"))
    heard = {source.rpartition("/")[2]: count for source, count in by_source}
    for sayer in _done_with(session):
        heard[sayer] = heard.get(sayer, 0) + 1
    return heard


def _done_with(session: Session) -> Iterator[str]:
    """Who said each event that nobody will hear as things are; what was given up is in the inbox as if heard."""
    for letter in dead_letters.buried(session):
        if letter.event_id and not _was_heard(session, UUID(letter.event_id)):
            yield dead_letters.event_of(letter).sayer


def _was_heard(session: Session, event_id: UUID) -> bool:
    """Whether the event of a dead letter was heard all the same: it may have come twice."""
    found = select(inbox.inbox.c.id).where(inbox.inbox.c.id == event_id)
    return session.scalar(found) is not None
