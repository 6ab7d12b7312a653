"""Evaluation's documents over HTTP: minutes, score sheets, the advisory team's report, a round's results."""

from typing import Any
from uuid import UUID

from flask import Response
from flask.views import MethodView
from flask_smorest import Blueprint

from chassis.documents.answering import PDF, DocumentQuery
from chassis.documents.answering import answer as document
from chassis.web.command import query, session
from chassis.web.doors import actor, open_to
from regulation.acting import Role
from regulation.refusals import NotFound
from services.evaluation import queries, use_cases
from services.evaluation.documents import STATIONERY
from services.evaluation.documents.minutes import minutes_paper
from services.evaluation.documents.papers import advisory_paper, results_paper, sheet_paper
from services.evaluation.domain.assessment import Assessment
from services.evaluation.domain.council import Council
from services.evaluation.domain.refusals import NotAdmitted, OutsideArea
from services.evaluation.domain.sheet import ScoreSheet
from services.evaluation.domain.sight import OFFICIALS, Sight, require_sees_sheets, sight
from services.evaluation.schemas.papers import PaperOfMember
from services.evaluation.storage import (
    SqlAssessments,
    SqlCouncils,
    SqlMinutesBook,
    SqlRounds,
    SqlSheets,
)

blueprint = Blueprint("documents", __name__, description="Assessments on paper")

READERS = (*OFFICIALS, Role.MEMBER)


class NoAdvisoryReport(NotFound):
    """The advisory team has not reported."""

    slug = "no-advisory-report"


@blueprint.route("/assessments/<uuid:assessment_id>/minutes.pdf")
class MinutesPaper(MethodView):
    """The minutes on paper."""

    @open_to(*READERS)
    @blueprint.arguments(DocumentQuery, location="query")
    @blueprint.response(200, content_type=PDF)
    def get(self, wanted: dict[str, Any], assessment_id: UUID) -> Response:
        """The minutes as they were recorded, with the hash over the record at the foot of each page."""
        filled = _minutes(assessment_id)
        return document(STATIONERY, "minutes", filled, called="bien-ban", **wanted)


@blueprint.route("/assessments/<uuid:assessment_id>/sheet.pdf")
class SheetPaper(MethodView):
    """A member's score sheet on paper."""

    @open_to(Role.MEMBER, Role.SECRETARY)
    @blueprint.arguments(PaperOfMember, location="query")
    @blueprint.response(200, content_type=PDF)
    def get(self, wanted: dict[str, Any], assessment_id: UUID) -> Response:
        """Your own sheet, blank before you begin one; for the secretary a member's, blank until the sheets open."""
        filled = _sheet(assessment_id, wanted.pop("member"))
        return document(STATIONERY, "sheet", filled, called="phieu-danh-gia", **wanted)


@blueprint.route("/assessments/<uuid:assessment_id>/advisory-report.pdf")
class AdvisoryPaper(MethodView):
    """The advisory team's report on paper."""

    @open_to(*READERS)
    @blueprint.arguments(DocumentQuery, location="query")
    @blueprint.response(200, content_type=PDF)
    def get(self, wanted: dict[str, Any], assessment_id: UUID) -> Response:
        """The report to the chair, with site visit, extra tests and supplements."""
        filled = _advisory_report(assessment_id)
        return document(
            STATIONERY, "advisory-report", filled, called="bao-cao-to-tu-van", **wanted
        )


@blueprint.route("/rounds/<uuid:round_id>/results.pdf")
class ResultsPaper(MethodView):
    """A round's results on paper."""

    @open_to(*OFFICIALS)
    @blueprint.arguments(DocumentQuery, location="query")
    @blueprint.response(200, content_type=PDF)
    def get(self, wanted: dict[str, Any], round_id: UUID) -> Response:
        """Every dossier of the round with its result, best first, for the officials of its area."""
        filled = _results(round_id)
        return document(STATIONERY, "results", filled, called="ket-qua", **wanted)


@query
def _minutes(assessment_id: UUID) -> dict[str, Any]:
    store = session()
    assessment = SqlAssessments(store).read(assessment_id)
    require_sees_sheets(assessment, queries.council_of(store, assessment), actor())
    return minutes_paper(SqlMinutesBook(store).get(assessment_id))


@query
def _sheet(assessment_id: UUID, named: str | None) -> dict[str, Any]:
    assessment = SqlAssessments(session()).read(assessment_id)
    council = council_of(assessment)
    member = use_cases.sheet_holder(council, assessment, by=actor(), named=named)
    sheet = seen_sheet(assessment, member.id)
    return sheet_paper(assessment, council, member.id, sheet)


@query
def _advisory_report(assessment_id: UUID) -> dict[str, Any]:
    assessment = SqlAssessments(session()).read(assessment_id)
    council = queries.council_of(session(), assessment)
    if sight(assessment, council, actor()) is Sight.BRIEF and council is not None:
        assessment.interests.require_none(council, actor())
    report = assessment.preparation.report
    if report is None:
        raise NoAdvisoryReport("the advisory team has not reported yet")
    return advisory_paper(assessment, report)


@query
def _results(round_id: UUID) -> dict[str, Any]:
    store = session()
    round_ = SqlRounds(store).get(round_id)
    council = SqlCouncils(store).get(round_.council_id)
    if not any(actor().holds(role, council.area) for role in OFFICIALS):
        raise OutsideArea("this lies outside your area")
    return results_paper(round_, council, queries.in_round(store, round_id))


def council_of(assessment: Assessment) -> Council:
    """Raises NotAdmitted."""
    council = queries.council_of(session(), assessment)
    if council is None:
        raise NotAdmitted("the dossier is not in a round yet")
    return council


def seen_sheet(assessment: Assessment, member: str) -> ScoreSheet | None:
    """The member's sheet of the present round of sheets as the actor may see it: his own, or one that has opened."""
    round_ = assessment.sheet_round
    opened = any(opening.round == round_ for opening in assessment.openings)
    if member != actor().id and not opened:
        return None
    return SqlSheets(session()).of_member(assessment.id, member, round_)
