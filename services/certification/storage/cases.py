"""Cases in SQL."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import outbox, rows
from chassis.clock import now
from regulation.procedure import Outcome
from services.certification import messages
from services.certification.domain.case import Case
from services.certification.domain.refusals import UnknownCase
from services.certification.domain.score import Score
from services.certification.domain.standing import Status
from services.certification.storage.courses import (
    kept_course,
    kept_national,
    kept_referral,
    to_course,
    to_national,
    to_referral,
)
from services.certification.storage.tables import CaseRow, product_values, to_product


class SqlCases:
    """Cases in SQL."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rows: list[CaseRow] = []

    def find(self, case_id: UUID) -> Case | None:
        """The case, if a score was heard."""
        row = rows.read(self._session, CaseRow, case_id)
        return None if row is None else to_case(row)

    def get(self, case_id: UUID) -> Case:
        """Raises UnknownCase."""
        return self.several([case_id])[0]

    def several(self, case_ids: Sequence[UUID]) -> list[Case]:
        """The cases in the order asked for. Raises UnknownCase, naming the first."""
        found = self._session.scalars(select(CaseRow).where(CaseRow.id.in_(case_ids)))
        self._rows = list(found)  # held, or the session would read each of them again to save it
        by_id = {row.id: row for row in self._rows}
        for case_id in case_ids:
            if case_id not in by_id:
                raise UnknownCase(f"dossier {case_id} has not been scored")
        return [to_case(by_id[case_id]) for case_id in case_ids]

    def save(self, case: Case) -> None:
        """State and news together."""
        rows.write(self._session, CaseRow, case, _values(case))
        outbox.say(self._session, [messages.say(news, now()) for news in case.news])
        case.news.clear()


def to_case(row: CaseRow) -> Case:
    """The aggregate of a row."""
    return Case(
        id=row.id,
        product=to_product(row),
        score=_score(row),
        status=Status(row.status),
        level=row.level,
        star=row.star,
        last_on=row.last_on,
        referral=to_referral(row.referral),
        national=to_national(row.national),
        earlier=tuple(to_course(each) for each in row.earlier or ()),
        certificate_id=row.certificate_id,
        withdrawn_on=row.withdrawn_on,
        version=row.version,
    )


def _score(row: CaseRow) -> Score:
    return Score(
        assessment_id=row.assessment_id,
        level=row.scored_level,
        mean=row.scored_mean,
        star=row.scored_star,
        on=row.scored_on,
        outcome=Outcome(**row.outcome),
    )


def _values(case: Case) -> dict[str, Any]:
    score = case.score
    return product_values(case.product) | {
        "assessment_id": score.assessment_id,
        "scored_level": score.level,
        "scored_mean": score.mean,
        "scored_star": score.star,
        "scored_on": score.on,
        "outcome": {
            "act": score.outcome.act,
            "level": score.outcome.level,
            "star": score.outcome.star,
        },
        "status": case.status.value,
        "level": case.level,
        "star": case.star,
        "last_on": case.last_on,
        "referral": kept_referral(case.referral),
        "national": kept_national(case.national),
        "earlier": [kept_course(each) for each in case.earlier] or None,
        "certificate_id": case.certificate_id,
        "withdrawn_on": case.withdrawn_on,
    }
