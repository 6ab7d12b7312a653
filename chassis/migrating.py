"""Brings a service's database to the newest shape: the chassis's own tables first, then the service's."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from chassis.database import Database

HOUSE = Path(__file__).resolve().parent.parent
CHASSIS = "chassis"
MIGRATION_LOCK = 0x0C0A  # any constant; advisory locks are per database


def migrate(database: Database) -> None:
    """Apply what is missing."""
    for history in (CHASSIS, database.service):
        upgrade(database, history)


def upgrade(database: Database, history: str) -> None:
    """Apply what is missing of one history (`chassis` or the service's name)."""
    with database.engine.begin() as connection:
        _one_at_a_time(connection)
        config = _config(history)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _one_at_a_time(connection: Connection) -> None:
    """Two processes that migrate at once wait for each other; SQLite's write lock does this by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})


def downgrade(database: Database, history: str, revision: str) -> None:
    """Go back to a revision of one history (`chassis` or the service's name)."""
    with database.engine.begin() as connection:
        config = _config(history)
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def missing(database: Database) -> list[str]:
    """The histories whose newest revision the database does not have; empty when it is up to date."""
    with database.reading() as session:
        connection = session.connection()
        return [
            history
            for history in (CHASSIS, database.service)
            if _current(connection, history) != _head(history)
        ]


def known(history: str) -> set[str]:
    """Every revision of a history that this version has."""
    return {
        each.revision for each in ScriptDirectory.from_config(_config(history)).walk_revisions()
    }


def _folder(history: str) -> Path:
    return (HOUSE / CHASSIS if history == CHASSIS else HOUSE / "services" / history) / "migrations"


def _config(history: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HOUSE / CHASSIS / "alembic"))
    config.set_main_option("version_locations", str(_folder(history)))
    config.set_main_option("path_separator", "newline")
    config.attributes["version_table"] = version_table(history)
    return config


def version_table(history: str) -> str:
    """Where a history notes how far it has been applied."""
    return f"alembic_version_{history}"


def _head(history: str) -> str | None:
    return ScriptDirectory.from_config(_config(history)).get_current_head()


def _current(connection: Connection, history: str) -> str | None:
    context = MigrationContext.configure(
        connection, opts={"version_table": version_table(history)}
    )
    return context.get_current_revision()
