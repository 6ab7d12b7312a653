"""Counts in SQL."""

from typing import cast

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.registration.storage.tables import SerialRow


class SqlSerials:
    """Counts kept in SQL; the row's lock keeps two officers from drawing one number, also the first of a year."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def next(self, kind: str, area: str, year: int) -> int:
        """The next number of this kind, area and year."""
        dialect = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
        statement = dialect.insert(SerialRow).values(kind=kind, area=area, year=year, last=1)
        statement = statement.on_conflict_do_update(
            index_elements=[SerialRow.kind, SerialRow.area, SerialRow.year],
            set_={"last": SerialRow.last + 1},
        )
        return cast(int, self._session.execute(statement.returning(SerialRow.last)).scalar_one())
