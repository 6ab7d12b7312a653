"""Decisions in SQL, with the count of certificates that they draw on."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from chassis import rows
from services.certification.domain.decision import (
    Decision,
    DecisionNumberTaken,
    UnknownDecision,
)
from services.certification.storage.tables import DecisionRow, serials


class SqlDecisions:
    """Decisions in SQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, decision_id: UUID) -> Decision:
        """Raises UnknownDecision."""
        row = rows.read(self._session, DecisionRow, decision_id)
        if row is None:
            raise UnknownDecision(f"decision {decision_id} does not exist")
        return Decision(
            id=row.id,
            number=row.number,
            level=row.level,
            area=row.area,
            province=row.province,
            decided_on=row.decided_on,
            signed_by_office=row.signed_by_office,
            dossiers=tuple(UUID(each) for each in row.dossiers),
            version=row.version,
        )

    def save(self, decision: Decision) -> None:
        """Decisions say nothing; their certificates do. Raises AlreadyExists, DecisionNumberTaken."""
        values = {
            "number": decision.number,
            "level": decision.level,
            "area": decision.area,
            "province": decision.province,
            "year": decision.decided_on.year,
            "decided_on": decision.decided_on,
            "signed_by_office": decision.signed_by_office,
            "dossiers": [str(each) for each in decision.dossiers],
        }
        if self._taken(decision):
            year = decision.decided_on.year
            raise DecisionNumberTaken(f"number: {decision.number} of {year} is another decision")
        rows.write(self._session, DecisionRow, decision, values)

    def _taken(self, decision: Decision) -> bool:
        statement = select(DecisionRow.id).filter_by(
            level=decision.level,
            area=decision.area,
            year=decision.decided_on.year,
            number=decision.number,
        )
        return self._session.scalar(statement.where(DecisionRow.id != decision.id)) is not None


class SqlSerials:
    """Counts kept in SQL; the row's lock keeps two authorities from drawing one number."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def take(self, province: str, year: int, count: int = 1) -> range:
        """The next `count` numbers of this province and year, given back when the act fails."""
        dialect = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
        statement = (
            dialect.insert(serials)
            .values(province=province, year=year, last=count)
            .on_conflict_do_update(
                index_elements=[serials.c.province, serials.c.year],
                set_={"last": serials.c.last + count},
            )
        )
        last = self._session.execute(statement.returning(serials.c.last)).scalar_one()
        return range(last - count + 1, last + 1)
