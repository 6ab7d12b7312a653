"""Gives a nameko service its hearer, looks after what is parked, and passes on what its runner was told."""

from typing import Any

import eventlet
import structlog
from nameko.extensions import DependencyProvider

from chassis.database import Database
from chassis.fault_points import arm
from chassis.hearing import RELEASE_EVERY, DatabaseAway, Hearer
from chassis.reactions import Reactions
from chassis.settings import Settings, read
from chassis.telemetry import start_logging, start_tracing
from chassis.tracing import traced
from chassis.watch.health import Health
from chassis.watch.migrated import Migrated
from chassis.wire import patience
from regulation.packs import take_up

log = structlog.get_logger()


class Ears(DependencyProvider):  # type: ignore[misc]  # nameko ships no types
    """Gives a service class its hearer, with the service's own database behind it."""

    def __init__(self, reactions: Reactions) -> None:
        self._reactions = reactions

    def setup(self) -> None:
        """Open the database once per container. Raises NotGreen where a query would stop all workers."""
        patience.require()
        settings = settings_of(self.container)
        service = self._reactions.service
        self._database = Database(service, settings.database_of(service))
        self._health = health_of(self.container)
        self._health.note(f"database {service}", "not asked yet")
        self._hearer = Hearer(self._database, traced(self._reactions))

    def start(self) -> None:
        """Begin to look after parked events."""
        self._thread = self.container.spawn_managed_thread(self._release)

    def stop(self) -> None:
        """Let go of the database."""
        self._thread.kill()
        self._database.engine.dispose()

    def get_dependency(self, worker_ctx: Any) -> Hearer:
        """The hearer, the same for every worker."""
        return self._hearer

    def _release(self) -> None:
        """Try again, now and then, what was parked and could not be heard when its turn came."""
        migrated = Migrated(self._database)
        while True:
            self._health.note(f"database {self._hearer.service}", migrated())
            eventlet.sleep(RELEASE_EVERY)
            try:
                self._hearer.release()
            except DatabaseAway as error:
                log.warning("database away", service=self._hearer.service, error=str(error))


def settings_of(container: Any) -> Settings:
    """The settings that the runner passed on; under `nameko run` the environment's, logging and law as they say."""
    if "ocop" not in container.config:
        container.config["ocop"] = read()
        start_logging(container.config["ocop"], process=f"worker {container.service_name}")
        start_tracing(container.config["ocop"])
        arm(container.config["ocop"].fault)
        take_up(container.config["ocop"].law_folder)
    settings: Settings = container.config["ocop"]
    return settings


def health_of(container: Any) -> Health:
    """The health that the runner passed on, for all its services; under `nameko run` nobody asks for it."""
    health: Health = container.config.setdefault("health", Health())
    return health
