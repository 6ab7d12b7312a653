"""The forms of a dossier as documents over HTTP."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, json
from flask.views import MethodView

from chassis import acts
from chassis.documents.answering import PDF, DocumentQuery
from chassis.documents.answering import answer as document
from chassis.web.command import query, session
from chassis.web.doors import open_to
from regulation.acting import Role
from services.registration.api.blueprint import OFFICES, READERS, blueprint, require_reader
from services.registration.documents import STATIONERY, forms
from services.registration.domain.dossier import Dossier
from services.registration.storage import SqlDossiers, SqlSubjects


@blueprint.route("/dossiers/<uuid:dossier_id>/forms/01")
class RegistrationForm(MethodView):
    """Form 01."""

    @open_to(*READERS)
    @blueprint.arguments(DocumentQuery, location="query")
    @blueprint.response(200, content_type=PDF)
    def get(self, wanted: dict[str, Any], dossier_id: UUID) -> Response:
        """The registration form; it holds the data of people, which councils are not shown."""
        filled = _registration_form(dossier_id)
        return document(STATIONERY, "form-01", filled, called="mau-01", **wanted)


@blueprint.route("/dossiers/<uuid:dossier_id>/forms/02")
class SelfAssessmentReport(MethodView):
    """Form 02."""

    @open_to(*READERS, Role.MEMBER)
    @blueprint.arguments(DocumentQuery, location="query")
    @blueprint.response(200, content_type=PDF)
    def get(self, wanted: dict[str, Any], dossier_id: UUID) -> Response:
        """The self-assessment report: the ticked criteria set, its totals, the evidence."""
        filled = _self_assessment_report(dossier_id)
        return document(STATIONERY, "form-02", filled, called="mau-02", **wanted)


@blueprint.route("/dossiers/<uuid:dossier_id>/forms/03")
class CommuneReport(MethodView):
    """Form 03."""

    @open_to(*READERS, Role.MEMBER)
    @blueprint.arguments(DocumentQuery, location="query")
    @blueprint.response(200, content_type=PDF)
    def get(self, wanted: dict[str, Any], dossier_id: UUID) -> Response:
        """The commune's report on its topics; to be filled in by hand before it has verified."""
        filled = _commune_report(dossier_id)
        return document(STATIONERY, "form-03", filled, called="mau-03", **wanted)


@query
def _registration_form(dossier_id: UUID) -> dict[str, Any]:
    dossier = _in_sight(dossier_id, *OFFICES)
    return forms.registration_form(dossier, SqlSubjects(session()).get(dossier.subject_id))


@query
def _self_assessment_report(dossier_id: UUID) -> dict[str, Any]:
    return forms.self_assessment_report(_in_sight(dossier_id, *OFFICES, Role.MEMBER))


@query
def _commune_report(dossier_id: UUID) -> dict[str, Any]:
    dossier = _in_sight(dossier_id, *OFFICES, Role.MEMBER)
    return forms.commune_report(dossier, _verification(dossier_id))


def _in_sight(dossier_id: UUID, *offices: Role) -> Dossier:
    dossier = SqlDossiers(session()).get(dossier_id)
    require_reader(dossier, *offices)
    return dossier


def _verification(dossier_id: UUID) -> forms.Verification | None:
    """The commune's last act of verifying: its record is the only place that keeps the letter's number."""
    recorded = [act for act in acts.of(session(), str(dossier_id)) if act.act == "verify"]
    if not recorded:
        return None
    grounds = json.loads(recorded[-1].grounds)
    return forms.Verification(on=date.fromisoformat(grounds["on"]), letter=grounds["letter"])
