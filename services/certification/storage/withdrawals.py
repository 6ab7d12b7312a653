"""Which dossiers their producers took back."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from chassis import rows
from services.certification.storage.tables import WithdrawalRow


class SqlWithdrawals:
    """Withdrawals in SQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def note(self, dossier_id: UUID, on: date) -> None:
        """The dossier was withdrawn on that day."""
        values = {"dossier_id": dossier_id, "withdrawn_on": on}
        rows.keep(self._session, WithdrawalRow, values)

    def find(self, dossier_id: UUID) -> date | None:
        """The day it was withdrawn, if it was."""
        row = rows.read(self._session, WithdrawalRow, dossier_id)
        return None if row is None else row.withdrawn_on
