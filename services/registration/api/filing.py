"""Filing a dossier and taking it back, over HTTP."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from chassis.clock import today
from chassis.web.command import command, session
from chassis.web.doors import actor, open_to
from services.registration import use_cases
from services.registration.api.blueprint import FILERS, answer, blueprint, seen_dossier
from services.registration.schemas.given import SubmitDossier, WithdrawDossier
from services.registration.schemas.shown import DossierShown
from services.registration.storage import SqlDossiers, SqlSerials


@blueprint.route("/dossiers/<uuid:dossier_id>/submit")
class Submission(MethodView):
    """Filing."""

    @open_to(*FILERS)
    @command
    @blueprint.arguments(SubmitDossier)
    @blueprint.response(200, DossierShown)
    def post(self, given: dict[str, Any], dossier_id: UUID) -> Any:
        """File the dossier; from now on it is not changed.

        Refused while a mandatory component is missing (`components-missing`), nothing is ticked
        (`self-assessment-missing`), or ticked options need papers that the dossier does not hold
        (`evidence-missing`, naming each criterion and its components). The same after a return.
        """
        store = session()
        seen_dossier(dossier_id)
        dossier = use_cases.submit(
            SqlDossiers(store),
            SqlSerials(store),
            dossier_id=dossier_id,
            by=actor(),
            on=given["on"] or today(),
            today=today(),
        )
        number = dossier.registration_number
        return answer(dossier, "submit", registration_number=number, on=dossier.last_on)


@blueprint.route("/dossiers/<uuid:dossier_id>/withdraw")
class Withdrawal(MethodView):
    """The producer's last word."""

    @open_to(*FILERS)
    @command
    @blueprint.arguments(WithdrawDossier)
    @blueprint.response(200, DossierShown)
    def post(self, given: dict[str, Any], dossier_id: UUID) -> Any:
        """Take the dossier back."""
        seen_dossier(dossier_id)
        dossier = use_cases.withdraw(
            SqlDossiers(session()),
            dossier_id=dossier_id,
            by=actor(),
            on=given["on"] or today(),
            today=today(),
        )
        return answer(dossier, "withdraw", on=dossier.last_on)
