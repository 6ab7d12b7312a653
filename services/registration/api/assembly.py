"""What goes into a dossier over HTTP: components, samples, the producer's own sheet."""

from itertools import chain
from typing import Any
from uuid import UUID

from flask.views import MethodView

from chassis.web.command import command, query, session, tagged
from chassis.web.doors import actor, open_to
from services.registration import use_cases
from services.registration.api.blueprint import (
    FILERS,
    OFFICES,
    READERS,
    answer,
    blueprint,
    require_reader,
    seen_dossier,
)
from services.registration.domain.dossier import Dossier
from services.registration.domain.self_assessment import self_assessment
from services.registration.schemas.given import Attachment, Attachments, BringSamples, SelfAssess
from services.registration.schemas.sheet import SheetShown, sheet
from services.registration.schemas.shown import Checklist, DossierShown, checklist
from services.registration.storage import SqlDossiers, SqlEvidence


@blueprint.route("/dossiers/<uuid:dossier_id>/checklist")
class ChecklistView(MethodView):
    """What the pack asks for."""

    @open_to(*READERS)
    @query
    @blueprint.response(200, Checklist)
    def get(self, dossier_id: UUID) -> Any:
        """The components that the producer brings, and which of them the dossier holds."""
        dossier = _in_sight(dossier_id)
        return tagged(checklist(dossier), dossier.version)


@blueprint.route("/dossiers/<uuid:dossier_id>/components/<code>")
class ComponentView(MethodView):
    """One component of a dossier."""

    @open_to(*FILERS)
    @command
    @blueprint.arguments(Attachment)
    @blueprint.response(200, DossierShown)
    def put(self, given: dict[str, Any], dossier_id: UUID, code: str) -> Any:
        """Put uploaded files under a component, in place of what was there."""
        dossier = _attached(dossier_id, {code: given["evidence"]})
        return answer(dossier, "attach-component", component=code, evidence=_held(dossier, code))


@blueprint.route("/dossiers/<uuid:dossier_id>/components")
class ComponentsView(MethodView):
    """Several components of a dossier."""

    @open_to(*FILERS)
    @command
    @blueprint.arguments(Attachments)
    @blueprint.response(200, DossierShown)
    def put(self, given: dict[str, Any], dossier_id: UUID) -> Any:
        """Put uploaded files under several components at once, in place of what was there; others stay.

        One that does not fit refuses all.
        """
        dossier = _attached(dossier_id, given["components"])
        held = {code: _held(dossier, code) for code in given["components"]}
        return answer(dossier, "attach-components", components=held)


@blueprint.route("/dossiers/<uuid:dossier_id>/samples")
class Samples(MethodView):
    """The product itself."""

    @open_to(*FILERS)
    @command
    @blueprint.arguments(BringSamples)
    @blueprint.response(200, DossierShown)
    def put(self, given: dict[str, Any], dossier_id: UUID) -> Any:
        """Note how many samples were handed in."""
        seen_dossier(dossier_id)
        dossier = use_cases.bring_samples(
            SqlDossiers(session()), dossier_id=dossier_id, by=actor(), **given
        )
        return answer(dossier, "bring-samples", count=dossier.samples)


@blueprint.route("/dossiers/<uuid:dossier_id>/self-assessment")
class SelfAssessmentView(MethodView):
    """The producer's own sheet."""

    @open_to(*READERS)
    @query
    @blueprint.response(200, SheetShown)
    def get(self, dossier_id: UUID) -> Any:
        """The criteria set as the producer ticked it, what that would be worth, and what is missing."""
        dossier = _in_sight(dossier_id)
        return tagged(sheet(self_assessment(dossier)), dossier.version)

    @open_to(*FILERS)
    @command
    @blueprint.arguments(SelfAssess)
    @blueprint.response(200, DossierShown)
    def put(self, given: dict[str, Any], dossier_id: UUID) -> Any:
        """Tick the criteria set as the producer sees it."""
        seen_dossier(dossier_id)
        dossier = use_cases.self_assess(
            SqlDossiers(session()), dossier_id=dossier_id, by=actor(), **given
        )
        return answer(dossier, "self-assess", choices=dossier.self_assessment)


def _attached(dossier_id: UUID, components: dict[str, list[str]]) -> Dossier:
    seen_dossier(dossier_id)
    known = SqlEvidence(session()).get(chain.from_iterable(components.values()))
    return use_cases.attach_components(
        SqlDossiers(session()),
        dossier_id=dossier_id,
        by=actor(),
        evidence={code: [known[each] for each in hashes] for code, hashes in components.items()},
    )


def _held(dossier: Dossier, code: str) -> list[str]:
    return [file.sha256 for file in dossier.components[code]]


def _in_sight(dossier_id: UUID) -> Dossier:
    dossier = SqlDossiers(session()).get(dossier_id)
    require_reader(dossier, *OFFICES)
    return dossier
