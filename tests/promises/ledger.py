"""The books of one station: what was said, what had its effect, and what was lost, doubled, disordered or is stuck."""

import random
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from chassis import inbox, outbox
from chassis.database import Database
from tests.chassis.station import Station
from tests.chassis.tally import effects, say, some_news


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Numbers of events; `disordered` counts subjects."""

    said: int
    effected: int
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    unsent: int = 0
    parked: int = 0

    @property
    def balanced(self) -> bool:
        """Whether all that was said had its effect once, in order, and nothing is left to do."""
        return self == Ledger(said=self.said, effected=self.said)


def ledger_of(database: Database) -> Ledger:
    """The books as they stand now."""
    with database.reading() as session:
        said = set(session.scalars(select(outbox.outbox.c.id)))
        rows = session.execute(select(effects).order_by(effects.c.position)).all()
        unsent, _ = outbox.depth(session)
        parked = session.scalar(select(func.count()).select_from(inbox.parked)) or 0
    times = Counter(row.event_id for row in rows)
    numbers: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        numbers[row.subject].append(row.sequence)
    return Ledger(
        said=len(said),
        effected=len(times),
        lost=len(said - times.keys()),
        doubled=sum(1 for count in times.values() if count > 1),
        disordered=sum(1 for each in numbers.values() if each != sorted(each)),
        unsent=unsent,
        parked=parked,
    )


def settle(station: Station, seconds: float = 60) -> Ledger:
    """The books once nothing is unsent, missing or waiting; or as they stand when that has not come in time."""
    station.until(lambda: ledger_of(station.database).unsent == 0, seconds)
    station.until(lambda: ledger_of(station.database).lost == 0, seconds)
    station.until(lambda: not any(station.waiting().values()), seconds)
    return ledger_of(station.database)


@contextmanager
def talking(database: Database, subjects: int = 25) -> Iterator[Sequence[str]]:
    """Somebody says things about many subjects, all the while, as fast as the database takes them."""
    names = [str(uuid4()) for _ in range(subjects)]
    enough = threading.Event()
    talk = threading.Thread(target=_talk, args=(Database("tally", database.url), names, enough))
    talk.start()
    try:
        yield names
    finally:
        enough.set()
        talk.join()


def _talk(database: Database, names: Sequence[str], enough: threading.Event) -> None:
    chance = random.Random(38)  # noqa: S311  a schedule, not a secret
    while not enough.wait(0.005):
        try:
            say(database, *(some_news(name) for name in chance.sample(names, 4)))
        except DBAPIError:  # the database is away: whether it was said, the outbox tells
            enough.wait(0.1)
    database.engine.dispose()
