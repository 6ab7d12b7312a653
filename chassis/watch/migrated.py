"""Whether a database is at the shape that this release works with."""

from sqlalchemy.exc import SQLAlchemyError

from chassis.database import Database


class Migrated:
    """Called, it says why the database cannot be worked with; empty where it answers and lacks no migration.

    Once nothing is lacking, only whether it answers is asked.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._whole = False

    def __call__(self) -> str:
        """One look."""
        if self._whole:
            return "" if self._database.answers() else "away"
        from chassis import migrating  # alembic is for the first look alone

        try:
            lacking = migrating.missing(self._database)
        except SQLAlchemyError as error:
            return f"away: {type(error).__name__}"
        self._whole = not lacking
        return f"lacks migrations: {', '.join(lacking)}" if lacking else ""
