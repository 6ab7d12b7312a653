"""Product ideas over HTTP."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from chassis.clock import today
from chassis.web.command import command, names_version, query, seen_version, session, tagged
from chassis.web.doors import actor, open_to
from chassis.web.noting import note
from regulation.acting import Role
from services.registration import use_cases
from services.registration.api.blueprint import (
    FILERS,
    OFFICES,
    READERS,
    blueprint,
    require_sight,
)
from services.registration.schemas.given import ProposeIdea, SelectIdea
from services.registration.schemas.shown import IdeaShown
from services.registration.storage import SqlIdeas, SqlSubjects


@blueprint.route("/ideas/<uuid:idea_id>")
class IdeaView(MethodView):
    """One product idea."""

    @open_to(*FILERS)
    @command
    @blueprint.arguments(ProposeIdea)
    @blueprint.response(201, IdeaShown)
    def put(self, given: dict[str, Any], idea_id: UUID) -> Any:
        """Propose a product idea."""
        store = session()
        given["on"] = given["on"] or today()
        idea = use_cases.propose_idea(
            SqlSubjects(store),
            SqlIdeas(store),
            idea_id=idea_id,
            by=actor(),
            today=today(),
            **given,
        )
        note("propose-idea", idea_id, subject_id=idea.subject_id, on=idea.proposed_on)
        return tagged(idea, idea.version, 201)

    @open_to(*READERS)
    @query
    @blueprint.response(200, IdeaShown)
    def get(self, idea_id: UUID) -> Any:
        """A product idea, for its subject and the offices of its area."""
        idea = SqlIdeas(session()).get(idea_id)
        require_sight(idea.subject_id, idea.place, *OFFICES)
        return tagged(idea, idea.version)


@blueprint.route("/ideas/<uuid:idea_id>/select")
class IdeaSelection(MethodView):
    """Into the year's list."""

    @open_to(Role.OCOP_OFFICER)
    @command
    @blueprint.arguments(SelectIdea)
    @blueprint.response(200, IdeaShown)
    def post(self, given: dict[str, Any], idea_id: UUID) -> Any:
        """Take an idea into a year's list."""
        ideas = SqlIdeas(session())
        if names_version():
            seen_version(ideas.get(idea_id).version)
        on = given["on"] or today()
        idea = use_cases.select_idea(
            ideas,
            idea_id=idea_id,
            by=actor(),
            year=given["year"] or on.year,
            on=on,
            today=today(),
        )
        note("select-idea", idea_id, year=idea.year, on=on)
        return tagged(idea, idea.version)
