"""Members' sheets in SQL, each a row of its own."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import rows
from services.evaluation.domain.sheet import ScoreSheet
from services.evaluation.storage.tables import SheetRow


class SqlSheets:
    """Sheets in SQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_member(self, assessment_id: UUID, member: str, round_: int) -> ScoreSheet | None:
        """That member's, of that round of sheets."""
        row = self._session.scalar(
            select(SheetRow).where(
                SheetRow.assessment_id == assessment_id,
                SheetRow.round == round_,
                SheetRow.member == member,
            )
        )
        return None if row is None else to_sheet(row)

    def of_round(self, assessment_id: UUID, round_: int) -> list[ScoreSheet]:
        """All of one round of sheets."""
        return [sheet for sheet in self.of_assessment(assessment_id) if sheet.round == round_]

    def of_assessment(self, assessment_id: UUID) -> list[ScoreSheet]:
        """All, oldest round first."""
        found = self._session.scalars(
            select(SheetRow)
            .where(SheetRow.assessment_id == assessment_id)
            .order_by(SheetRow.round, SheetRow.member)
        )
        return [to_sheet(row) for row in found]

    def save(self, sheet: ScoreSheet) -> None:
        """Sheets say nothing."""
        names = ("assessment_id", "member", "round", "choices", "submitted_at")
        values = {name: getattr(sheet, name) for name in names}
        rows.write(self._session, SheetRow, sheet, values)


def to_sheet(row: SheetRow) -> ScoreSheet:
    """The aggregate of a row."""
    return ScoreSheet(
        id=row.id,
        assessment_id=row.assessment_id,
        member=row.member,
        round=row.round,
        choices=dict(row.choices),
        submitted_at=row.submitted_at,
        version=row.version,
    )
