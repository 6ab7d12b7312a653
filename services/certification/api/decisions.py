"""Decisions over HTTP: one for a batch of dossiers."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from chassis.clock import today
from chassis.web.command import command, query, session, tagged
from chassis.web.doors import ANYONE, actor, open_to
from chassis.web.noting import note
from regulation.acting import Role
from services.certification import queries, use_cases
from services.certification.api.blueprint import blueprint
from services.certification.domain.certificate import Certificate
from services.certification.domain.decision import Decision
from services.certification.schemas import Decide, DecisionShown
from services.certification.storage import SqlCases, SqlCertificates, SqlDecisions, SqlSerials


@blueprint.route("/decisions/<uuid:decision_id>")
class DecisionView(MethodView):
    """One decision."""

    @open_to(Role.AUTHORITY)
    @command
    @blueprint.arguments(Decide)
    @blueprint.response(201, DecisionShown)
    def put(self, given: dict[str, Any], decision_id: UUID) -> Any:
        """Enter a decision under an id that the caller makes up: certificates for all, or none."""
        store = session()
        given["decided_on"] = given["decided_on"] or today()
        decision, issued = use_cases.decide(
            SqlCases(store),
            SqlDecisions(store),
            SqlCertificates(store),
            SqlSerials(store),
            decision_id=decision_id,
            by=actor(),
            today=today(),
            **given,
        )
        for certificate in issued:
            _note(certificate)
        return tagged(_shown(decision, issued), decision.version, 201)

    @open_to(*ANYONE)
    @query
    @blueprint.response(200, DecisionShown)
    def get(self, decision_id: UUID) -> Any:
        """A decision with what it issued; decisions are published, so every role may read them."""
        store = session()
        decision = SqlDecisions(store).get(decision_id)
        issued = queries.certificates_of(store, decision_id)
        return tagged(_shown(decision, issued), decision.version)


def _note(certificate: Certificate) -> None:
    note(
        "certify",
        certificate.dossier_id,
        rulepack=certificate.product.pack_id,
        decision=certificate.decision_number,
        decision_id=certificate.decision_id,
        level=certificate.level,
        on=certificate.issued_on,
        star=certificate.star,
        certificate=certificate.number,
    )


def _shown(decision: Decision, issued: list[Certificate]) -> dict[str, Any]:
    return {
        "id": decision.id,
        "number": decision.number,
        "level": decision.level,
        "area": decision.area,
        "decided_on": decision.decided_on,
        "signed_by_office": decision.signed_by_office,
        "dossiers": decision.dossiers,
        "certificates": issued,
        "version": decision.version,
    }
