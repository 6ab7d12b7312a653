"""Assessments as they are read over HTTP."""

from typing import Any
from uuid import UUID

from flask import jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from chassis.web.command import query, session
from chassis.web.doors import actor, open_to
from regulation.acting import Role
from services.evaluation import queries, shown
from services.evaluation.api.answering import answer
from services.evaluation.domain.sight import OFFICIALS, require_sees_sheets
from services.evaluation.schemas.given import AssessmentListQuery
from services.evaluation.schemas.shown import (
    AssessmentLine,
    AssessmentShown,
    MinutesShown,
    SheetsOfRound,
)
from services.evaluation.storage import SqlAssessments, SqlMinutesBook, SqlSheets

blueprint = Blueprint("assessments", __name__, description="Assessments as they stand")

READERS = (*OFFICIALS, Role.MEMBER)


@blueprint.route("/assessments")
class AssessmentList(MethodView):
    """Many assessments."""

    @open_to(*READERS)
    @query
    @blueprint.arguments(AssessmentListQuery, location="query")
    @blueprint.response(200, AssessmentLine(many=True))
    def get(self, wanted: dict[str, Any]) -> Any:
        """Assessments of the caller's areas and councils, by id; the next page starts `after` the last."""
        found = queries.listed(session(), actor=actor(), **wanted)
        return jsonify([shown.line(session(), each, actor()) for each in found])


@blueprint.route("/assessments/of-dossier/<uuid:dossier_id>")
class AssessmentsOfDossier(MethodView):
    """One dossier at each level."""

    @open_to(*READERS)
    @query
    @blueprint.response(200, AssessmentLine(many=True))
    def get(self, dossier_id: UUID) -> Any:
        """One dossier's assessments, one per level, lowest first."""
        found = queries.of_dossier(session(), actor=actor(), dossier_id=dossier_id)
        return jsonify([shown.line(session(), each, actor()) for each in found])


@blueprint.route("/assessments/<uuid:assessment_id>")
class AssessmentView(MethodView):
    """One assessment."""

    @open_to(*READERS)
    @query
    @blueprint.response(200, AssessmentShown)
    def get(self, assessment_id: UUID) -> Any:
        """An assessment, for the officials of its area and the members of its council."""
        return answer(SqlAssessments(session()).read(assessment_id))


@blueprint.route("/assessments/<uuid:assessment_id>/sheets")
class SheetsView(MethodView):
    """All sheets."""

    @open_to(*READERS)
    @query
    @blueprint.response(200, SheetsOfRound(many=True))
    def get(self, assessment_id: UUID) -> Any:
        """The rounds of sheets that have opened; before that nobody sees them."""
        store = session()
        assessment = SqlAssessments(store).read(assessment_id)
        require_sees_sheets(assessment, queries.council_of(store, assessment), actor())
        sheets = SqlSheets(store).of_assessment(assessment_id)
        return jsonify(shown.opened_sheets(assessment, sheets))


@blueprint.route("/assessments/<uuid:assessment_id>/minutes")
class MinutesView(MethodView):
    """The minutes."""

    @open_to(*READERS)
    @query
    @blueprint.response(200, MinutesShown)
    def get(self, assessment_id: UUID) -> Any:
        """Everything that led to the result, with the hash over it."""
        store = session()
        assessment = SqlAssessments(store).read(assessment_id)
        require_sees_sheets(assessment, queries.council_of(store, assessment), actor())
        minutes = SqlMinutesBook(store).get(assessment_id)
        return minutes, 200, {"ETag": f'"{minutes.sha256}"'}
