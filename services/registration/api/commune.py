"""The commune's judgement over HTTP."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from chassis.clock import today
from chassis.web.command import command, session
from chassis.web.doors import actor, open_to
from regulation.acting import Role
from services.registration import use_cases
from services.registration.api.blueprint import answer, blueprint, seen_dossier
from services.registration.domain.papers import Finding
from services.registration.schemas.given import ReturnDossier, VerifyDossier
from services.registration.schemas.shown import DossierShown
from services.registration.storage import SqlDossiers


@blueprint.route("/dossiers/<uuid:dossier_id>/verify")
class Verification(MethodView):
    """The commune's report."""

    @open_to(Role.COMMUNE_OFFICER)
    @command
    @blueprint.arguments(VerifyDossier)
    @blueprint.response(200, DossierShown)
    def post(self, given: dict[str, Any], dossier_id: UUID) -> Any:
        """Answer the commune's topics and ask for evaluation."""
        seen_dossier(dossier_id)
        dossier = use_cases.verify(
            SqlDossiers(session()),
            dossier_id=dossier_id,
            by=actor(),
            findings=[Finding(**each) for each in given["findings"]],
            request_letter=given["request_letter"],
            on=given["on"] or today(),
            today=today(),
        )
        topics = {finding.topic: finding.met for finding in dossier.findings}
        letter = given["request_letter"]
        return answer(dossier, "verify", letter=letter, topics=topics, on=dossier.last_on)


@blueprint.route("/dossiers/<uuid:dossier_id>/return")
class Return(MethodView):
    """Back to the producer."""

    @open_to(Role.COMMUNE_OFFICER)
    @command
    @blueprint.arguments(ReturnDossier)
    @blueprint.response(200, DossierShown)
    def post(self, given: dict[str, Any], dossier_id: UUID) -> Any:
        """Send the dossier back, naming what falls short."""
        seen_dossier(dossier_id)
        dossier = use_cases.send_back(
            SqlDossiers(session()),
            dossier_id=dossier_id,
            by=actor(),
            missing=given["missing"],
            on=given["on"] or today(),
            today=today(),
        )
        return answer(dossier, "return", missing=given["missing"], on=dossier.last_on)
