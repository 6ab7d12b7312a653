"""Members' acts over HTTP: each about himself and on his own sheet."""

import hashlib
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from chassis.clock import now
from chassis.web.command import command, names_version, query, seen_version, session, tagged
from chassis.web.doors import actor, open_to
from chassis.web.noting import note
from regulation.acting import Role
from services.evaluation import queries, shown, use_cases
from services.evaluation.api.answering import done
from services.evaluation.domain.assessment import Assessment
from services.evaluation.domain.refusals import NotAdmitted
from services.evaluation.domain.sheet import ScoreSheet
from services.evaluation.schemas.given import Declare, FillIn
from services.evaluation.schemas.shown import AssessmentShown, SheetShown
from services.evaluation.storage import SqlAssessments, SqlCouncils, SqlSheets

blueprint = Blueprint("scoring", __name__, description="What members do")


@blueprint.route("/assessments/<uuid:assessment_id>/declarations")
class Declarations(MethodView):
    """Conflicts of interest."""

    @open_to(Role.MEMBER)
    @command
    @blueprint.arguments(Declare)
    @blueprint.response(200, AssessmentShown)
    def post(self, given: dict[str, Any], assessment_id: UUID) -> Any:
        """Say whether you have an interest in this product; before that nothing more is shown."""
        store = session()
        assessment = use_cases.declare(
            SqlCouncils(store),
            SqlAssessments(store),
            SqlSheets(store),
            assessment_id=assessment_id,
            by=actor(),
            at=now(),
            **given,
        )
        said = assessment.interests.declared[actor().id]
        return done(assessment, "declare", conflict=said.conflict, by_data=said.by_data)


@blueprint.route("/assessments/<uuid:assessment_id>/sheet")
class OwnSheet(MethodView):
    """The caller's own sheet."""

    @open_to(Role.MEMBER)
    @command
    @blueprint.arguments(FillIn)
    @blueprint.response(200, SheetShown)
    def put(self, given: dict[str, Any], assessment_id: UUID) -> Any:
        """Save the draft of your own sheet; nobody else sees it before all sheets open."""
        store = session()
        _check_version(assessment_id, SqlAssessments(store).get_beside)
        sheet = use_cases.fill_in(
            SqlCouncils(store),
            SqlAssessments(store),
            SqlSheets(store),
            assessment_id=assessment_id,
            by=actor(),
            **given,
        )
        note("fill-in-sheet", sheet.id, assessment_id=assessment_id, ticked=len(sheet.choices))
        return _answer(sheet)

    @open_to(Role.MEMBER)
    @query
    @blueprint.response(200, SheetShown)
    def get(self, assessment_id: UUID) -> Any:
        """Your own sheet of the present round of sheets."""
        return _answer(_own(assessment_id))


@blueprint.route("/assessments/<uuid:assessment_id>/sheet/submit")
class Submission(MethodView):
    """Locking."""

    @open_to(Role.MEMBER)
    @command
    @blueprint.response(200, SheetShown)
    def post(self, assessment_id: UUID) -> Any:
        """Submit and lock your own sheet; when all who sit have, the sheets open together."""
        store = session()
        _check_version(assessment_id, SqlAssessments(store).get)
        sheet = use_cases.submit_sheet(
            SqlCouncils(store),
            SqlAssessments(store),
            SqlSheets(store),
            assessment_id=assessment_id,
            by=actor(),
            at=now(),
        )
        note("submit-sheet", assessment_id, round=sheet.round, sha256=_seal(sheet))
        return _answer(sheet)


def _own(assessment_id: UUID) -> ScoreSheet:
    store = session()
    assessment = SqlAssessments(store).read(assessment_id)
    council = queries.council_of(store, assessment)
    if council is None:
        raise NotAdmitted("the dossier is not in a round yet")
    return use_cases.own_sheet(council, assessment, SqlSheets(store), by=actor())


def _check_version(assessment_id: UUID, hold: Callable[[UUID], Assessment]) -> None:
    """If-Match on one's own sheet; one not begun yet is at version 0."""
    if not names_version():
        return
    assessment = hold(assessment_id)
    sheets = SqlSheets(session())
    sheet = sheets.of_member(assessment.id, actor().id, assessment.sheet_round)
    seen_version(0 if sheet is None else sheet.version)


def _answer(sheet: ScoreSheet) -> Any:
    of = SqlAssessments(session()).read(sheet.assessment_id)
    return tagged(jsonify(shown.sheet(sheet, of)), sheet.version)


def _seal(sheet: ScoreSheet) -> str:
    """The hash that the audit record keeps of a submitted sheet: it shows a later change, and not the ticks."""
    content = json.dumps([str(sheet.id), sheet.choices], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
