"""Reporting over HTTP: targets in, figures out."""

from typing import Any

from flask import Flask
from flask.views import MethodView
from flask_smorest import Blueprint

from chassis.database import Database
from chassis.settings import Settings
from chassis.web.app import build, resources
from chassis.web.command import command, query, seen_version, session, tagged
from chassis.web.doors import PUBLIC, actor, open_to
from chassis.web.noting import note
from regulation.acting import Role
from services.reporting import pages, queries, storage
from services.reporting.domain import plan, require_year
from services.reporting.schemas import (
    DossierShown,
    DossiersQuery,
    EventShown,
    EventsQuery,
    FunnelShown,
    PlanShown,
    SetTargets,
    TableShown,
    YearQuery,
)

blueprint = Blueprint("reporting", __name__, description="Targets, figures, latest events")

OFFICES = (Role.COMMUNE_OFFICER, Role.OCOP_OFFICER, Role.SECRETARY, Role.AUTHORITY)


def make_app(database: Database, settings: Settings) -> Flask:
    """Reporting's web application, with the front page of the whole instance."""
    return build("reporting", "OCOP reporting", [blueprint], database, settings, pages=[pages.add])


@blueprint.route("/targets/<int:year>")
class Targets(MethodView):
    """A year's plan."""

    @open_to(Role.OCOP_OFFICER)
    @command
    @blueprint.arguments(SetTargets)
    @blueprint.response(200, PlanShown)
    def put(self, given: dict[str, Any], year: int) -> Any:
        """Enter a year's targets, in place of those that there were."""
        rows = [(row["area"], _stars(row["stars"])) for row in given["rows"]]
        province = resources().settings.province
        entered = plan(year, given["source"], rows, province=province, by=actor())
        seen_version(storage.plan_version(session(), year))
        version = storage.set_plan(session(), entered)
        total = sum(sum(target.stars.values()) for target in entered.targets)
        note("set-targets", f"plan-{year}", source=entered.source, rows=len(rows), total=total)
        return tagged(storage.plan_of(session(), year), version)

    @open_to(*PUBLIC)
    @query
    @blueprint.response(200, PlanShown)
    def get(self, year: int) -> Any:
        """A year's targets by area."""
        require_year(year)
        found = storage.plan_of(session(), year)
        return tagged(found, storage.plan_version(session(), year))


@blueprint.route("/plan-against-result")
class PlanAgainstResult(MethodView):
    """The yearly table."""

    @open_to(*PUBLIC)
    @query
    @blueprint.arguments(YearQuery, location="query")
    @blueprint.response(200, TableShown)
    def get(self, asked: dict[str, Any]) -> Any:
        """Targets and results per star, by district (by commune where there are none), and their sum."""
        return queries.plan_against_result(session(), asked["year"])


@blueprint.route("/funnel")
class FunnelView(MethodView):
    """How far dossiers have come."""

    @open_to(*PUBLIC)
    @query
    @blueprint.arguments(YearQuery, location="query")
    @blueprint.response(200, FunnelShown)
    def get(self, asked: dict[str, Any]) -> Any:
        """A year's dossiers by stage."""
        return queries.funnel(session(), asked["year"])


@blueprint.route("/events")
class EventList(MethodView):
    """What happened last."""

    @open_to(*PUBLIC)
    @query
    @blueprint.arguments(EventsQuery, location="query")
    @blueprint.response(200, EventShown(many=True))
    def get(self, asked: dict[str, Any]) -> Any:
        """The latest events, newest first."""
        return queries.latest_events(session(), asked["limit"])


@blueprint.route("/dossiers")
class DossierList(MethodView):
    """Many dossiers."""

    @open_to(*OFFICES)
    @query
    @blueprint.arguments(DossiersQuery, location="query")
    @blueprint.response(200, DossierShown(many=True))
    def get(self, asked: dict[str, Any]) -> Any:
        """Dossiers of the caller's areas, by id; the next page starts `after` the last."""
        return queries.dossiers_of(session(), actor().areas_of(*OFFICES), **asked)


def _stars(given: dict[str, int]) -> dict[int, int]:
    return {int(star): count for star, count in given.items()}
