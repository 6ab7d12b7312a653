"""Cases over HTTP: what awaits whom, and a candidate's way to the ministry and back."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from flask.views import MethodView

from chassis.clock import today
from chassis.web.command import command, names_version, query, seen_version, session, tagged
from chassis.web.doors import ANYONE, actor, open_to
from chassis.web.noting import note
from regulation.acting import Role
from services.certification import queries, use_cases
from services.certification.api.blueprint import OFFICES, blueprint, require_sight
from services.certification.domain.case import Case
from services.certification.domain.certificate import Certificate
from services.certification.domain.course import Order
from services.certification.domain.score import NationalResult
from services.certification.schemas import (
    CaseListed,
    CaseListQuery,
    CaseShown,
    NationalResultGiven,
    OrderNewAssessment,
    RecogniseNationalResult,
    Refer,
)
from services.certification.storage import SqlCases, SqlCertificates, SqlSerials


@blueprint.route("/cases")
class CaseList(MethodView):
    """Many cases."""

    @open_to(*OFFICES)
    @query
    @blueprint.arguments(CaseListQuery, location="query")
    @blueprint.response(200, CaseListed(many=True))
    def get(self, wanted: dict[str, Any]) -> Any:
        """Cases of the caller's areas, by id; the next page starts `after` the last."""
        return queries.cases(session(), places=actor().areas_of(*OFFICES), **wanted)


@blueprint.route("/cases/<uuid:dossier_id>")
class CaseView(MethodView):
    """One case."""

    @open_to(*ANYONE)
    @query
    @blueprint.response(200, CaseShown)
    def get(self, dossier_id: UUID) -> Any:
        """A scored dossier, for its producer and the offices of its area."""
        case = SqlCases(session()).get(dossier_id)
        require_sight(case.product)
        return tagged(case, case.version)


@blueprint.route("/cases/<uuid:dossier_id>/refer")
class Referral(MethodView):
    """To the ministry."""

    @open_to(Role.AUTHORITY)
    @command
    @blueprint.arguments(Refer)
    @blueprint.response(200, CaseShown)
    def post(self, given: dict[str, Any], dossier_id: UUID) -> Any:
        """Send a five-star candidate to the ministry."""
        given["on"] = given["on"] or today()
        _check_version(dossier_id)
        case = use_cases.refer(
            SqlCases(session()), dossier_id=dossier_id, by=actor(), today=today(), **given
        )
        return _answer(case, "refer", mean=case.score.mean, **given)


@blueprint.route("/cases/<uuid:dossier_id>/national-result")
class NationalResultView(MethodView):
    """Back from the ministry."""

    @open_to(Role.AUTHORITY)
    @command
    @blueprint.arguments(NationalResultGiven)
    @blueprint.response(200, CaseShown)
    def post(self, given: dict[str, Any], dossier_id: UUID) -> Any:
        """Record the result of the ministry's council, with its decision where there is one."""
        store = session()
        given["on"] = given["on"] or today()
        _check_version(dossier_id)
        case, certificate = use_cases.record_national_result(
            SqlCases(store),
            SqlCertificates(store),
            SqlSerials(store),
            dossier_id=dossier_id,
            by=actor(),
            result=NationalResult(
                mean=Decimal(given["mean"]),
                star=given["star"],
                document=given["document"],
                on=given["on"],
            ),
            decision_number=given["decision_number"],
            today=today(),
        )
        return _answer(case, "record-national-result", certificate, **given)


@blueprint.route("/cases/<uuid:dossier_id>/recognise-national-result")
class Recognition(MethodView):
    """What the ministry found below five stars."""

    @open_to(Role.AUTHORITY)
    @command
    @blueprint.arguments(RecogniseNationalResult)
    @blueprint.response(200, CaseShown)
    def post(self, given: dict[str, Any], dossier_id: UUID) -> Any:
        """Certify the three or four stars of a national result."""
        store = session()
        given["on"] = given["on"] or today()
        _check_version(dossier_id)
        case, certificate = use_cases.recognise_national_result(
            SqlCases(store),
            SqlCertificates(store),
            SqlSerials(store),
            dossier_id=dossier_id,
            by=actor(),
            today=today(),
            **given,
        )
        return _answer(case, "recognise-national-result", certificate, star=case.star, **given)


@blueprint.route("/cases/<uuid:dossier_id>/order-new-assessment")
class NewAssessment(MethodView):
    """What the ministry found below five stars, not recognised."""

    @open_to(Role.AUTHORITY)
    @command
    @blueprint.arguments(OrderNewAssessment)
    @blueprint.response(200, CaseShown)
    def post(self, given: dict[str, Any], dossier_id: UUID) -> Any:
        """Have the province's council assess the product once more, where the dossier's pack provides for it."""
        given["on"] = given["on"] or today()
        _check_version(dossier_id)
        case = use_cases.order_new_assessment(
            SqlCases(session()),
            dossier_id=dossier_id,
            by=actor(),
            order=Order(**given),
            today=today(),
        )
        return _answer(case, "order-new-assessment", **given)


def _answer(case: Case, act: str, certificate: Certificate | None = None, **grounds: Any) -> Any:
    if certificate is not None:
        grounds |= {"certificate": certificate.number}
    note(act, case.id, rulepack=case.product.pack_id, **grounds)
    return tagged(case, case.version)


def _check_version(dossier_id: UUID) -> None:
    if names_version():
        seen_version(SqlCases(session()).get(dossier_id).version)
