"""Assessments in SQL: held by whoever acts on them, news into the outbox; and the book of minutes."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from chassis import outbox, rows
from chassis.clock import now
from regulation.acting import Place
from services.evaluation import messages
from services.evaluation.domain.assessment import Assessment, Status
from services.evaluation.domain.facts import Product
from services.evaluation.domain.interests import Interests, Ties
from services.evaluation.domain.minutes import Minutes
from services.evaluation.domain.refusals import NoMinutes, UnknownAssessment
from services.evaluation.domain.status import ENDED
from services.evaluation.storage.facts import KeptConclusion, KeptProcedure, KeptProduct
from services.evaluation.storage.representatives import ties_of
from services.evaluation.storage.tables import AssessmentRow, MinutesRow

_product = KeptProduct()
_procedure = KeptProcedure()
_conclusion = KeptConclusion()


class SqlAssessments:
    """Assessments in SQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, assessment_id: UUID) -> Assessment:
        """One to act on: its row is locked until the transaction ends. Raises UnknownAssessment."""
        return self._get(assessment_id, with_for_update=True)

    def get_beside(self, assessment_id: UUID) -> Assessment:
        """One that stays as it is meanwhile, while others may do the same. Raises UnknownAssessment."""
        return self._get(assessment_id, with_for_update={"read": True})

    def read(self, assessment_id: UUID) -> Assessment:
        """One to look at. Raises UnknownAssessment."""
        return self._get(assessment_id, with_for_update=None)

    def _get(self, assessment_id: UUID, *, with_for_update: Any) -> Assessment:
        row = self._session.get(AssessmentRow, assessment_id, with_for_update=with_for_update)
        if row is None:
            raise UnknownAssessment(f"assessment {assessment_id} does not exist")
        if with_for_update:  # nobody changes it meanwhile
            rows.held(self._session, row)
        return to_assessments(self._session, [row])[0]

    def exists(self, assessment_id: UUID) -> bool:
        """Whether there is one of that id."""
        return self._any(AssessmentRow.id == assessment_id)

    def of_dossier(self, dossier_id: UUID) -> list[Assessment]:
        """Those of one dossier, to act on, lowest level first.

        Read only once the locks are held: a conclusion that is being written may add the next level's.
        """
        mine = AssessmentRow.dossier_id == dossier_id
        self._session.scalars(select(AssessmentRow.id).where(mine).with_for_update()).all()
        found = self._session.scalars(
            select(AssessmentRow).where(mine).with_for_update().order_by(AssessmentRow.opened_on)
        )
        return to_assessments(self._session, found)

    def open_of(self, subjects: Collection[UUID]) -> list[Assessment]:
        """Those of these subjects that have not ended, to act on."""
        named = AssessmentRow.product["subject_id"].as_string().in_(map(str, subjects))
        still_open = AssessmentRow.status.in_(set(Status) - set(ENDED))
        found = self._session.scalars(
            select(AssessmentRow)
            .where(still_open, named)
            .order_by(AssessmentRow.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return to_assessments(self._session, found)

    def use_council(self, council_id: UUID) -> bool:
        """Whether a dossier is or was before this council."""
        return self._any(AssessmentRow.council_id == council_id)

    def use_round(self, round_id: UUID) -> bool:
        """Whether a dossier is or was in this round."""
        return self._any(AssessmentRow.round_id == round_id)

    def _any(self, condition: ColumnElement[bool]) -> bool:
        return bool(self._session.scalar(select(exists().where(condition))))

    def save(self, assessment: Assessment) -> None:
        """State and news together."""
        rows.write(self._session, AssessmentRow, assessment, _values(assessment))
        outbox.say(self._session, [messages.say(news, now()) for news in assessment.news])
        assessment.news.clear()


def to_assessments(session: Session, rows_: Iterable[AssessmentRow]) -> list[Assessment]:
    """The aggregates of rows, each with its subject's ties: those of now, while it has not ended."""
    assessments = [to_assessment(row) for row in rows_]
    still_open = [each for each in assessments if each.status not in ENDED]
    ties = ties_of(session, {each.product.subject_id for each in still_open}) if still_open else {}
    for each in still_open:
        each.interests.ties = ties.get(each.product.subject_id, Ties())
    return assessments


def to_assessment(row: AssessmentRow) -> Assessment:
    """The aggregate of a row, with the ties that its subject had when it was last saved."""
    place = Place(province=row.province, district=row.district, commune=row.commune)
    product = Product(dossier_id=row.dossier_id, place=place, **_product.load(row.product))
    procedure = _procedure.load(row.procedure)
    return Assessment(
        id=row.id,
        product=product,
        level=row.level,
        turn=row.turn,
        taken_back=row.taken_back,
        pack_id=row.pack,
        opened_on=row.opened_on,
        last_on=row.last_on,
        status=Status(row.status),
        round_id=row.round_id,
        council_id=row.council_id,
        admitted_on=row.admitted_on,
        conclusion=None if row.conclusion is None else _conclusion.load(row.conclusion),
        version=row.version,
        interests=Interests(subject_id=product.subject_id, **procedure.pop("interests")),
        **procedure,
    )


def _values(assessment: Assessment) -> dict[str, Any]:
    concluded = assessment.conclusion
    return {
        "dossier_id": assessment.product.dossier_id,
        "level": assessment.level,
        "turn": assessment.turn,
        "taken_back": assessment.taken_back,
        "pack": assessment.pack_id,
        **asdict(assessment.product.place),
        "status": assessment.status.value,
        "council_id": assessment.council_id,
        "round_id": assessment.round_id,
        "opened_on": assessment.opened_on,
        "last_on": assessment.last_on,
        "admitted_on": assessment.admitted_on,
        "awaits_supplement": assessment.preparation.awaits_supplement,
        "product": _product.dump(assessment.product),
        "procedure": _procedure.dump(assessment),
        "conclusion": None if concluded is None else _conclusion.dump(concluded),
    }


class SqlMinutesBook:
    """Minutes in SQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, assessment_id: UUID) -> Minutes:
        """Raises NoMinutes."""
        row = self._session.get(MinutesRow, assessment_id)
        if row is None:
            raise NoMinutes(f"there are no minutes of assessment {assessment_id}")
        return Minutes(assessment_id=row.assessment_id, text=row.text, sha256=row.sha256)

    def add(self, minutes: Minutes) -> None:
        """Once and for all."""
        self._session.add(MinutesRow(**asdict(minutes)))
