"""Whether a database is at the shape that this release works with, found out without alembic, large as it is."""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from chassis.database import Database, is_away

HOUSE = Path(__file__).parents[2]


class Migrated:
    """Called, it says why the database cannot be worked with; empty where it answers and lacks no migration.

    Once nothing is lacking, only whether it answers is asked.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._newest = {
            "chassis": _newest(HOUSE / "chassis"),
            database.service: _newest(HOUSE / "services" / database.service),
        }
        self._whole = False

    def __call__(self) -> str:
        """One look."""
        if self._whole:
            return "" if self._database.answers() else "away"
        try:
            lacking = [name for name in self._newest if not self._has(name)]
        except SQLAlchemyError as error:
            return f"away: {type(error).__name__}"
        self._whole = not lacking
        return f"lacks migrations: {', '.join(lacking)}" if lacking else ""

    def _has(self, history: str) -> bool:
        """Whether the history's newest revision is noted where alembic notes it (`migrating.version_table`)."""
        asked = text(f"SELECT version_num FROM alembic_version_{history}")  # noqa: S608  a service's own name
        try:
            with self._database.reading() as session:
                return bool(session.scalar(asked) == self._newest[history])
        except SQLAlchemyError as error:
            if is_away(error):
                raise
            return False  # there is no such table yet


def _newest(room: Path) -> str:
    """A migration's file begins with its revision."""
    return max((path.name[:4] for path in (room / "migrations").glob("[0-9]*.py")), default="")
