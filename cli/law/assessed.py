"""The concluded assessments that this instance holds, with everything it takes to rate them again."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from cli.house import House
from services.evaluation.domain.facts import Conclusion
from services.evaluation.storage.facts import KeptConclusion
from services.evaluation.storage.tables import AssessmentRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """One council's concluded assessment of one dossier."""

    assessment: str
    dossier: str
    level: str
    pack: str
    criteria_set: str
    conclusion: Conclusion


def assessed(house: House) -> Iterator[Assessed]:
    """Every concluded assessment, by id; read a few hundred at a time."""
    kept = KeptConclusion()
    statement = (
        select(AssessmentRow)
        .where(AssessmentRow.conclusion.is_not(None))
        .order_by(AssessmentRow.id)
        .execution_options(yield_per=200)
    )
    with house.database("evaluation").reading() as session:
        for row in session.scalars(statement):
            yield Assessed(
                assessment=str(row.id),
                dossier=str(row.dossier_id),
                level=row.level,
                pack=row.pack,
                criteria_set=row.product["criteria_set"],
                conclusion=kept.load(row.conclusion or {}),
            )
