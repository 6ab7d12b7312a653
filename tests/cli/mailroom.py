"""An instance whose services say what a test wants them to say, whether it keeps its contract or not."""

from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from chassis import dead_letters, inbox, outbox
from chassis.clock import now
from chassis.settings import SERVICES, Settings, read
from cli.house import House
from contracts.envelope import Event
from tests.builders.voices import Voices, Way
from tests.cli.calling import Ocop


class Mailroom:
    """Five migrated databases with their outboxes; events travel when `carry` is called, or by relays."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.ocop = Ocop(data, **settings)
        self.settings: Settings = read(self.ocop.settings)
        self.house = House(self.settings)
        self.house.migrate()
        self.voices = Voices(self.settings.province)

    def way(self, name: str) -> Way:
        """A dossier whose events are said when they are made; hand them to `say`."""
        return Way(self.voices, name)

    def say(self, *events: Event, **changes: Any) -> None:
        """Put these into their sayers' outboxes, in this order; `changes` go into the data, None takes out."""
        for event in events:
            data = {**event.data, **changes}
            news = outbox.News(
                type=event.type,
                subject=event.subject,
                time=now(),
                data={name: value for name, value in data.items() if value is not None},
                rulepack=event.rulepack,
            )
            with self.house.database(event.sayer).transaction() as session:
                outbox.say(session, [news])

    def carry(self) -> None:
        """Have all outboxes emptied."""
        for service in SERVICES:
            self.house.relay(service).empty_once()

    def letters(self, service: str = "reporting") -> list[Any]:
        """All dead letters of a service, whatever was decided on them."""
        with self.house.database(service).reading() as session:
            table = dead_letters.dead_letters
            return list(session.execute(select(table).order_by(table.c.number)))

    def heard(self, service: str = "reporting") -> int:
        """How many events a service's inbox holds."""
        return self.count(service, "inbox")

    def count(self, service: str, table: str) -> int:
        """How many rows a table has."""
        with self.house.database(service).reading() as session:
            return session.scalar(select(func.count()).select_from(text(table))) or 0

    def parked(self, service: str = "reporting") -> int:
        """How many events wait there for a predecessor."""
        with self.house.database(service).reading() as session:
            return inbox.waiting(session)[0]

    def filing(self, way: Way) -> str | None:
        """How reporting has a dossier standing with registration."""
        asked = text("SELECT filing FROM dossiers WHERE product_name = :name")
        with self.house.database("reporting").reading() as session:
            return session.scalar(asked, {"name": way.product["product_name"]})

    def acts(self, service: str = "reporting") -> list[Any]:
        """What was recorded there, oldest first."""
        with self.house.database(service).reading() as session:
            found = text("SELECT subject, actor, role, act, grounds FROM acts ORDER BY position")
            return list(session.execute(found))

    def close(self) -> None:
        """Let go of the databases."""
        self.house.close()


def let_die(room: Mailroom, *names: str) -> None:
    """For each name a dossier whose first event reporting cannot hear, and a second one behind it."""
    for name in names:
        way = room.way(name)
        room.say(way.submitted(), received_on=None)
        room.say(way.verified())
    room.carry()
