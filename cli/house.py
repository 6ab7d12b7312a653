"""The assembly: which services there are, and how each one's database, web, ears and relay are put together."""

import importlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from flask import Flask

from chassis import migrating
from chassis.database import Database
from chassis.handover import Handover
from chassis.hearing import Hearer
from chassis.reactions import Reactions
from chassis.relay import Carrier, Chore, Relay
from chassis.settings import SERVICES, Settings
from chassis.tracing import traced
from chassis.watch.figures import Figures
from chassis.watch.onlooker import Onlooker
from chassis.web.serving import together
from contracts.envelope import source
from regulation.packs import take_up

FRONT = "reporting"
"""The service whose pages answer where no service's prefix does."""


KNOWS_STAGES = "reporting"
"""The service that knows how far every dossier has come."""


class House:
    """All services, or some of them, as the settings say: nothing is opened before it is asked for.

    The law is that of the instance: the packs, and what its operator has added to them.
    """

    def __init__(self, settings: Settings, services: Sequence[str] = SERVICES) -> None:
        self.settings = settings
        self.services = tuple(services)
        take_up(settings.law_folder)
        self._databases: dict[str, Database] = {}
        self._apps: dict[str, Flask] = {}

    def database(self, service: str) -> Database:
        """The service's own database, opened once."""
        if service not in self._databases:
            self._databases[service] = Database(service, self.settings.database_of(service))
        return self._databases[service]

    def app(self, service: str) -> Flask:
        """The service's web application, built once."""
        if service not in self._apps:
            self._apps[service] = application(self.database(service), self.settings)
        return self._apps[service]

    def hearer(self, service: str) -> Hearer:
        """The service's ears on its own database."""
        return Hearer(self.database(service), traced(reactions(service)))

    def relay(self, service: str) -> Relay:
        """What empties the service's outbox and does its chores: onto the broker, or into the others' inboxes."""
        database, settings = self.database(service), self.settings
        relay = Relay(
            database,
            self._carrier(),
            source=self.source(service),
            batch=settings.relay_batch,
            poll=settings.relay_poll,
            wait=settings.relay_wait,
            chores=chores(service),
        )
        if settings.embedded:  # what is said is said in this process
            database.when_said = relay.wake
        return relay

    def collector(self, service: str) -> Any:
        """What moves the service's dead letters from the broker's queue into its table; None where nothing does."""
        if self.settings.embedded or not self.settings.collect_dead:
            return None
        from chassis.wire.collecting import Collector  # an embedded instance needs no kombu

        return Collector(self.database(service), self.settings.broker_url)

    def onlookers(self) -> list[Onlooker]:
        """Who asks the services' databases from outside, for whoever watches this process."""
        return [Onlooker(name, self.settings.database_of(name)) for name in self.services]

    def figures(self, onlookers: Sequence[Onlooker]) -> Figures:
        """What lies in the databases, and reporting's dossiers by stage."""
        stages = _room(KNOWS_STAGES, "queries").waiting_in_stages
        return Figures(onlookers, {KNOWS_STAGES: stages})

    def web(self) -> Callable[..., Any]:
        """The web of all services of this house behind one port."""
        return together({service: self.app(service) for service in self.services}, front=FRONT)

    def source(self, service: str) -> str:
        """What the service's events name as their source."""
        return source(self.settings.province, service)

    def migrate(self) -> None:
        """Bring the databases of this house's services to their newest shape."""
        for service in self.services:
            migrating.migrate(self.database(service))

    def close(self) -> None:
        """Let go of the databases' connections."""
        for database in self._databases.values():
            database.engine.dispose()

    def _carrier(self) -> Carrier:
        if self.settings.embedded:
            hearers = [(self.hearer(name), self.database(name)) for name in self.services]
            return Handover(hearers, retry_limit=self.settings.retry_limit)
        from chassis.wire.publishing import BrokerCarrier  # an embedded instance needs no kombu

        return BrokerCarrier(
            self.settings.broker_url, confirm_timeout=self.settings.confirm_timeout
        )


def application(database: Database, settings: Settings) -> Flask:
    """A service's web application on this database."""
    make_app: Callable[[Database, Settings], Flask] = _room(database.service, "api").make_app
    return make_app(database, settings)


def reactions(service: str) -> Reactions:
    """What a service hears, and what each event leads to."""
    found: Reactions = _room(service, "hearing").reactions
    return found


@cache
def listening() -> Mapping[str, tuple[str, ...]]:
    """Who listens to whom: service → the sayers whose every event it receives."""
    return {service: reactions(service).sayers for service in SERVICES}


def chores(service: str) -> tuple[Chore, ...]:
    """What falls due in a service by the calendar; most have nothing."""
    if importlib.util.find_spec(f"services.{service}.chores") is None:
        return ()
    return tuple(_room(service, "chores").CHORES)


def _room(service: str, room: str) -> Any:
    return importlib.import_module(f"services.{service}.{room}")
