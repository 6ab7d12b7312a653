"""The secretary's and the advisory team's acts over HTTP."""

from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_smorest import Blueprint

from chassis.clock import now, today
from chassis.web.command import command, session
from chassis.web.doors import actor, open_to
from regulation.acting import Role
from services.evaluation import use_cases
from services.evaluation.api.answering import check_version, done
from services.evaluation.domain.facts import AdvisoryReport, ExtraTest, Knockout, SiteVisit
from services.evaluation.schemas.given import (
    Admit,
    AdvisoryReportShape,
    AskSupplement,
    Attend,
    Conclude,
    Dated,
)
from services.evaluation.schemas.shown import AssessmentShown
from services.evaluation.storage import (
    SqlAssessments,
    SqlCouncils,
    SqlMinutesBook,
    SqlRounds,
    SqlSheets,
)

blueprint = Blueprint("procedure", __name__, description="How a dossier goes through a council")

PREPARERS = (Role.SECRETARY, Role.OCOP_OFFICER)


@blueprint.route("/assessments/<uuid:assessment_id>/admit")
class Admission(MethodView):
    """Into a round."""

    @open_to(Role.SECRETARY)
    @command
    @blueprint.arguments(Admit)
    @blueprint.response(200, AssessmentShown)
    def post(self, given: dict[str, Any], assessment_id: UUID) -> Any:
        """Take the dossier into a round of the council."""
        store = session()
        check_version(assessment_id)
        assessment = use_cases.admit(
            SqlCouncils(store),
            SqlRounds(store),
            SqlAssessments(store),
            assessment_id=assessment_id,
            round_id=given["round_id"],
            by=actor(),
            on=given["on"] or today(),
            today=today(),
        )
        return done(assessment, "admit", round_id=assessment.round_id)


@blueprint.route("/assessments/<uuid:assessment_id>/advisory-report")
class AdvisoryReports(MethodView):
    """The advisory team."""

    @open_to(*PREPARERS)
    @command
    @blueprint.arguments(AdvisoryReportShape)
    @blueprint.response(200, AssessmentShown)
    def post(self, given: dict[str, Any], assessment_id: UUID) -> Any:
        """Enter the advisory team's report, with its site visit and extra tests."""
        check_version(assessment_id)
        report = _report(given)
        assessment = use_cases.advise(
            SqlAssessments(session()),
            assessment_id=assessment_id,
            report=report,
            by=actor(),
            today=today(),
        )
        return done(assessment, "advise", number=report.number, conforms=report.conforms)


def _report(given: dict[str, Any]) -> AdvisoryReport:
    visit = given["site_visit"]
    return AdvisoryReport(
        number=given["number"],
        conforms=given["conforms"],
        on=given["on"] or today(),
        site_visit=None if visit is None else SiteVisit(**visit),
        tests=tuple(ExtraTest(**each) for each in given["tests"]),
    )


@blueprint.route("/assessments/<uuid:assessment_id>/ask-supplement")
class SupplementAsked(MethodView):
    """The clock stops."""

    @open_to(*PREPARERS)
    @command
    @blueprint.arguments(AskSupplement)
    @blueprint.response(200, AssessmentShown)
    def post(self, given: dict[str, Any], assessment_id: UUID) -> Any:
        """Ask the producer for something."""
        check_version(assessment_id)
        on = given["on"] or today()
        assessment = use_cases.ask_supplement(
            SqlAssessments(session()),
            assessment_id=assessment_id,
            what=given["what"],
            by=actor(),
            on=on,
            today=today(),
        )
        return done(assessment, "ask-supplement", on=on)


@blueprint.route("/assessments/<uuid:assessment_id>/supplement-received")
class SupplementReceived(MethodView):
    """The clock runs again."""

    @open_to(*PREPARERS)
    @command
    @blueprint.arguments(Dated)
    @blueprint.response(200, AssessmentShown)
    def post(self, given: dict[str, Any], assessment_id: UUID) -> Any:
        """Note that what was asked has come."""
        store = session()
        check_version(assessment_id)
        on = given["on"] or today()
        assessment = use_cases.receive_supplement(
            SqlCouncils(store),
            SqlAssessments(store),
            SqlSheets(store),
            assessment_id=assessment_id,
            by=actor(),
            on=on,
            today=today(),
        )
        return done(assessment, "receive-supplement", on=on)


@blueprint.route("/assessments/<uuid:assessment_id>/attendance")
class Attendance(MethodView):
    """Who is there."""

    @open_to(Role.SECRETARY)
    @command
    @blueprint.arguments(Attend)
    @blueprint.response(200, AssessmentShown)
    def put(self, given: dict[str, Any], assessment_id: UUID) -> Any:
        """Say who is at the meeting; the sheets of those who are not are not waited for."""
        store = session()
        check_version(assessment_id)
        assessment = use_cases.attend(
            SqlCouncils(store),
            SqlAssessments(store),
            SqlSheets(store),
            assessment_id=assessment_id,
            present=given["present"],
            by=actor(),
            on=given["on"] or today(),
            today=today(),
        )
        return done(assessment, "attend", present=given["present"])


@blueprint.route("/assessments/<uuid:assessment_id>/conclude")
class ConclusionView(MethodView):
    """The result."""

    @open_to(Role.SECRETARY)
    @command
    @blueprint.arguments(Conclude)
    @blueprint.response(200, AssessmentShown)
    def post(self, given: dict[str, Any], assessment_id: UUID) -> Any:
        """Conclude from the open sheets: rating, outcome, minutes."""
        store = session()
        check_version(assessment_id)
        assessment, minutes = use_cases.conclude(
            SqlCouncils(store),
            SqlRounds(store),
            SqlAssessments(store),
            SqlSheets(store),
            SqlMinutesBook(store),
            assessment_id=assessment_id,
            present=given["present"],
            agreed=given["agreed"],
            knockouts=[Knockout(**each) for each in given["knockouts"]],
            by=actor(),
            on=given["on"] or today(),
            today=today(),
            at=now(),
        )
        return done(assessment, "conclude", minutes=minutes.sha256)
