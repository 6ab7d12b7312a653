"""Certificates over HTTP: for the offices, for their holders, and for anybody who wants to verify one."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from chassis.clock import today
from chassis.web.command import command, names_version, query, seen_version, session, tagged
from chassis.web.doors import ANYONE, PUBLIC, actor, open_to
from chassis.web.noting import note
from regulation.acting import Role
from services.certification import queries, use_cases
from services.certification.api.blueprint import OFFICES, blueprint, require_sight
from services.certification.schemas import (
    CertificateListed,
    CertificateListQuery,
    CertificateShown,
    Revoke,
    Verified,
)
from services.certification.storage import SqlCertificates


@blueprint.route("/certificates")
class CertificateList(MethodView):
    """Many certificates."""

    @open_to(*OFFICES)
    @query
    @blueprint.arguments(CertificateListQuery, location="query")
    @blueprint.response(200, CertificateListed(many=True))
    def get(self, wanted: dict[str, Any]) -> Any:
        """Certificates of the caller's areas, by id; the next page starts `after` the last."""
        return queries.certificates(session(), places=actor().areas_of(*OFFICES), **wanted)


@blueprint.route("/certificates/<uuid:certificate_id>")
class CertificateView(MethodView):
    """One certificate."""

    @open_to(*ANYONE)
    @query
    @blueprint.response(200, CertificateShown)
    def get(self, certificate_id: UUID) -> Any:
        """A certificate, for its holder and the offices of its area."""
        certificate = SqlCertificates(session()).get(certificate_id)
        require_sight(certificate.product)
        return tagged(certificate, certificate.version)


@blueprint.route("/certificates/<uuid:certificate_id>/revoke")
class RevocationView(MethodView):
    """Taking a certificate back."""

    @open_to(Role.AUTHORITY)
    @command
    @blueprint.arguments(Revoke)
    @blueprint.response(200, CertificateShown)
    def post(self, given: dict[str, Any], certificate_id: UUID) -> Any:
        """Revoke a certificate on a ground that its pack names."""
        certificates = SqlCertificates(session())
        given["on"] = given["on"] or today()
        if names_version():
            seen_version(certificates.get(certificate_id).version)
        certificate = use_cases.revoke(
            certificates, certificate_id=certificate_id, by=actor(), today=today(), **given
        )
        note(
            "revoke",
            certificate.dossier_id,
            rulepack=certificate.product.pack_id,
            certificate=certificate.number,
            **given,
        )
        return tagged(certificate, certificate.version)


@blueprint.route("/verify/<uuid:certificate_id>")
class Verification(MethodView):
    """What a buyer may ask."""

    @open_to(*PUBLIC)
    @query
    @blueprint.doc(security=[])
    @blueprint.response(200, Verified)
    def get(self, certificate_id: UUID) -> Any:
        """Whether a certificate is genuine, and what it is worth today; no personal data."""
        return SqlCertificates(session()).get(certificate_id)
