"""The read side: lists of assessments, who has submitted, and stored ratings computed again."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from chassis.areas import lies_in
from regulation.acting import Actor, Role
from services.evaluation.domain.assessment import Assessment, Status
from services.evaluation.domain.conclusion import recompute
from services.evaluation.domain.council import Council
from services.evaluation.domain.refusals import OutsideArea
from services.evaluation.domain.sight import OFFICIALS, sight
from services.evaluation.storage import to_assessment, to_assessments, to_council
from services.evaluation.storage.tables import AssessmentRow, CouncilRow, SheetRow


def listed(
    session: Session, *, actor: Actor, status: str | None, limit: int, after: UUID | None
) -> list[Assessment]:
    """Assessments of the actor's offices and councils by id, `limit` at a time, those after `after`."""
    areas = actor.areas_of(*OFFICIALS)
    seen = or_(
        lies_in(areas, AssessmentRow.district, AssessmentRow.province),
        AssessmentRow.council_id.in_(_councils_of(session, actor)),
    )
    statement = select(AssessmentRow).where(seen).order_by(AssessmentRow.id).limit(limit)
    if status is not None:
        statement = statement.where(AssessmentRow.status == status)
    if after is not None:
        statement = statement.where(AssessmentRow.id > after)
    return to_assessments(session, session.scalars(statement))


def _councils_of(session: Session, actor: Actor) -> list[UUID]:
    areas = actor.areas_of(Role.MEMBER)
    found = session.scalars(select(CouncilRow).where(CouncilRow.area.in_(areas)))
    return [row.id for row in found if to_council(row).seats_somebody(actor.id)]


def of_dossier(session: Session, *, actor: Actor, dossier_id: UUID) -> list[Assessment]:
    """One dossier's assessments that the actor may see, lowest level first, turn by turn."""
    found = session.scalars(select(AssessmentRow).where(AssessmentRow.dossier_id == dossier_id))
    assessments = sorted(to_assessments(session, found), key=_place)
    return [each for each in assessments if _may_see(session, each, actor)]


def in_round(session: Session, round_id: UUID) -> list[Assessment]:
    """Everything that was taken into a round, by id."""
    rows = select(AssessmentRow).where(AssessmentRow.round_id == round_id)
    return to_assessments(session, session.scalars(rows.order_by(AssessmentRow.id)))


def _place(assessment: Assessment) -> tuple[int, int]:
    return assessment.pack.levels.index(assessment.level), assessment.turn


def _may_see(session: Session, assessment: Assessment, actor: Actor) -> bool:
    try:
        sight(assessment, council_of(session, assessment), actor)
    except OutsideArea:
        return False
    return True


def council_of(session: Session, assessment: Assessment) -> Council | None:
    """The council that the dossier is before; None while it waits for a round."""
    if assessment.council_id is None:
        return None
    row = session.get(CouncilRow, assessment.council_id)
    return None if row is None else to_council(row)


def submitted(session: Session, assessment: Assessment) -> list[str]:
    """Who has submitted a sheet in the present round of sheets; not what is in it."""
    found = session.scalars(
        select(SheetRow.member).where(
            SheetRow.assessment_id == assessment.id,
            SheetRow.round == assessment.sheet_round,
            SheetRow.submitted_at.is_not(None),
        )
    )
    return sorted(found)


def recomputed(session: Session) -> Iterator[tuple[Assessment, dict[str, Any]]]:
    """Every concluded assessment with its result computed anew from what is stored.

    The law's data is sealed and the sheets are kept, so the two never differ; where they do, something was changed.
    """
    concluded = select(AssessmentRow).where(AssessmentRow.status == Status.CONCLUDED.value)
    for row in session.scalars(concluded.order_by(AssessmentRow.id)):
        assessment = to_assessment(row)
        if assessment.conclusion is not None:
            again = recompute(assessment.conclusion, assessment.criteria_set, assessment.pack)
            yield assessment, again
