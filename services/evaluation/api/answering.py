"""How an act on an assessment is answered: noted, and shown to the actor as far as he may see."""

from typing import Any
from uuid import UUID

from flask import current_app, jsonify

from chassis.clock import today
from chassis.web.command import names_version, seen_version, session, tagged
from chassis.web.doors import actor
from chassis.web.noting import note
from services.evaluation import shown, working_days
from services.evaluation.domain.assessment import Assessment
from services.evaluation.storage import SqlAssessments


def done(assessment: Assessment, act: str, **grounds: Any) -> Any:
    """Note the act and answer with the assessment."""
    note(act, assessment.id, rulepack=assessment.pack_id, **grounds)
    return answer(assessment)


def answer(assessment: Assessment) -> Any:
    """The assessment as the actor may see it."""
    days = current_app.extensions[working_days.FILE]
    body = shown.assessment(session(), assessment, actor(), days=days, today=today())
    return tagged(jsonify(body), assessment.version)


def check_version(assessment_id: UUID) -> None:
    """Hold the assessment, and refuse where the caller's If-Match names another version."""
    if names_version():
        seen_version(SqlAssessments(session()).get(assessment_id).version)
