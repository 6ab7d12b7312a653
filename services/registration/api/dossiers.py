"""Dossiers over HTTP: begun, read, listed, and their acts."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from chassis import acts
from chassis.clock import today
from chassis.web.command import command, query, session, tagged
from chassis.web.doors import actor, open_to
from regulation.acting import Role
from services.registration import use_cases
from services.registration.api.blueprint import (
    FILERS,
    OFFICES,
    READERS,
    answer,
    blueprint,
    require_office,
    require_reader,
)
from services.registration.queries import listed
from services.registration.schemas.given import DossierListQuery, OpenDossier
from services.registration.schemas.shown import ActShown, DossierListed, DossierShown
from services.registration.storage import SqlDossiers, SqlIdeas, SqlSubjects


@blueprint.route("/dossiers")
class DossierList(MethodView):
    """Many dossiers."""

    @open_to(*OFFICES)
    @query
    @blueprint.arguments(DossierListQuery, location="query")
    @blueprint.response(200, DossierListed(many=True))
    def get(self, wanted: dict[str, Any]) -> Any:
        """Dossiers of the caller's areas, by id; the next page starts `after` the last."""
        return listed(session(), places=actor().areas_of(*OFFICES), **wanted)


@blueprint.route("/dossiers/<uuid:dossier_id>")
class DossierView(MethodView):
    """One dossier."""

    @open_to(*FILERS)
    @command
    @blueprint.arguments(OpenDossier)
    @blueprint.response(201, DossierShown)
    def put(self, given: dict[str, Any], dossier_id: UUID) -> Any:
        """Begin a dossier under the rule pack in force."""
        store = session()
        given["on"] = given["on"] or today()
        dossier = use_cases.open_dossier(
            SqlSubjects(store),
            SqlIdeas(store),
            SqlDossiers(store),
            dossier_id=dossier_id,
            by=actor(),
            pack_id=given.pop("pack"),
            today=today(),
            **given,
        )
        return answer(
            dossier,
            "open-dossier",
            201,
            criteria_set=dossier.criteria_set,
            on=dossier.opened_on,
        )

    @open_to(*READERS, Role.MEMBER)
    @query
    @blueprint.response(200, DossierShown)
    def get(self, dossier_id: UUID) -> Any:
        """A dossier, for its producer and the offices and councils of its area."""
        dossier = SqlDossiers(session()).get(dossier_id)
        require_reader(dossier, *OFFICES, Role.MEMBER)
        return tagged(dossier, dossier.version)


@blueprint.route("/dossiers/<uuid:dossier_id>/acts")
class DossierActs(MethodView):
    """What was done with one dossier."""

    @open_to(*OFFICES)
    @query
    @blueprint.response(200, ActShown(many=True))
    def get(self, dossier_id: UUID) -> Any:
        """Who did what, when, on what grounds: oldest first, for the offices of its area."""
        dossier = SqlDossiers(session()).get(dossier_id)
        require_office(dossier.place, *OFFICES)
        require_reader(dossier, *OFFICES)
        return acts.of(session(), str(dossier_id))
