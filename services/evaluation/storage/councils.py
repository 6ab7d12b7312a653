"""Councils and their rounds in SQL."""

from uuid import UUID

from sqlalchemy.orm import Session

from chassis import rows
from services.evaluation.domain.council import Council, UnknownCouncil
from services.evaluation.domain.round import Round, UnknownRound
from services.evaluation.storage.facts import KeptMember, KeptRegulation
from services.evaluation.storage.tables import CouncilRow, RoundRow

_regulation = KeptRegulation()
_members = KeptMember(many=True)


class SqlCouncils:
    """Councils in SQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, council_id: UUID) -> Council:
        """Raises UnknownCouncil."""
        found = self.find(council_id)
        if found is None:
            raise UnknownCouncil(f"council {council_id} does not exist")
        return found

    def find(self, council_id: UUID) -> Council | None:
        """None where there is no such council."""
        row = rows.read(self._session, CouncilRow, council_id)
        return None if row is None else to_council(row)

    def save(self, council: Council) -> None:
        """Councils say nothing."""
        values = {
            "level": council.level,
            "area": council.area,
            "valid_from": council.valid_from,
            "valid_to": council.valid_to,
            "regulation": _regulation.dump(council.regulation),
            "members": _members.dump(council.members),
        }
        rows.write(self._session, CouncilRow, council, values)


def to_council(row: CouncilRow) -> Council:
    """The aggregate of a row."""
    return Council(
        id=row.id,
        level=row.level,
        area=row.area,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        regulation=_regulation.load(row.regulation),
        members=tuple(_members.load(row.members)),
        version=row.version,
    )


class SqlRounds:
    """Rounds in SQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, round_id: UUID) -> Round:
        """Raises UnknownRound."""
        found = self.find(round_id)
        if found is None:
            raise UnknownRound(f"round {round_id} does not exist")
        return found

    def find(self, round_id: UUID) -> Round | None:
        """None where there is no such round."""
        row = rows.read(self._session, RoundRow, round_id)
        return None if row is None else to_round(row)

    def save(self, round_: Round) -> None:
        """Rounds say nothing."""
        names = ("council_id", "name", "year", "number", "starts_on", "ends_on")
        values = {name: getattr(round_, name) for name in names}
        rows.write(self._session, RoundRow, round_, values)


def to_round(row: RoundRow) -> Round:
    """The aggregate of a row."""
    return Round(
        id=row.id,
        council_id=row.council_id,
        name=row.name,
        year=row.year,
        number=row.number,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        version=row.version,
    )
