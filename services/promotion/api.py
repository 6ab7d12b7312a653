"""Promotion over HTTP: parse, one transaction, one use case, answer."""

from typing import Any
from uuid import UUID

from flask import Flask
from flask.views import MethodView
from flask_smorest import Blueprint

from chassis.clock import today
from chassis.database import Database
from chassis.settings import Settings
from chassis.web.app import build
from chassis.web.command import command, names_version, query, seen_version, session, tagged
from chassis.web.doors import PUBLIC, actor, open_to
from chassis.web.noting import note
from regulation.acting import Role
from regulation.refusals import NotAllowed
from services.promotion import pages, queries, use_cases
from services.promotion.schemas import (
    CatalogueQuery,
    ListingShown,
    ListingsQuery,
    ListProduct,
    ProductShown,
    TakeDown,
)
from services.promotion.storage import SqlListings

blueprint = Blueprint("promotion", __name__, description="The public catalogue")


def make_app(database: Database, settings: Settings) -> Flask:
    """Promotion's web application."""
    return build("promotion", "OCOP promotion", [blueprint], database, settings, pages=[pages.add])


@blueprint.route("/products")
class ProductList(MethodView):
    """The catalogue."""

    @open_to(*PUBLIC)
    @query
    @blueprint.arguments(CatalogueQuery, location="query")
    @blueprint.response(200, ProductShown(many=True))
    def get(self, asked: dict[str, Any]) -> Any:
        """Listed products by name; the next page starts `after` the last."""
        after, limit = asked.pop("after"), asked.pop("limit")
        return queries.shown(session(), queries.Wanted(**asked), after=after, limit=limit)


@blueprint.route("/products/<uuid:dossier_id>")
class ProductView(MethodView):
    """One product of the catalogue."""

    @open_to(*PUBLIC)
    @query
    @blueprint.response(200, ProductShown)
    def get(self, dossier_id: UUID) -> Any:
        """A listed product."""
        return queries.product(session(), dossier_id)


@blueprint.route("/listings")
class ListingList(MethodView):
    """Certified products."""

    @open_to(Role.OCOP_OFFICER)
    @query
    @blueprint.arguments(ListingsQuery, location="query")
    @blueprint.response(200, ListingShown(many=True))
    def get(self, asked: dict[str, Any]) -> Any:
        """Certified products of the caller's areas by name, listed or not."""
        return queries.of_areas(session(), actor().areas_of(Role.OCOP_OFFICER), **asked)


@blueprint.route("/listings/<uuid:dossier_id>")
class ListingView(MethodView):
    """One certified product."""

    @open_to(Role.OCOP_OFFICER)
    @query
    @blueprint.response(200, ListingShown)
    def get(self, dossier_id: UUID) -> Any:
        """A certified product, listed or not, for the offices of its area."""
        listing = SqlListings(session()).get(dossier_id)
        if not actor().holds(Role.OCOP_OFFICER, *listing.product.place.codes):
            raise NotAllowed("this lies outside your area")
        return tagged(listing, listing.version)


@blueprint.route("/listings/<uuid:dossier_id>/list")
class Showing(MethodView):
    """Into the catalogue."""

    @open_to(Role.OCOP_OFFICER)
    @command
    @blueprint.arguments(ListProduct)
    @blueprint.response(200, ListingShown)
    def post(self, given: dict[str, Any], dossier_id: UUID) -> Any:
        """Show a certified product to the public."""
        given["on"] = given["on"] or today()
        listings = _seen(dossier_id)
        listing = use_cases.list_product(
            listings, dossier_id=dossier_id, by=actor(), today=today(), **given
        )
        note("list-product", dossier_id, star=listing.certificate.star, on=listing.listed_on)
        return tagged(listing, listing.version)


@blueprint.route("/listings/<uuid:dossier_id>/take-down")
class TakingDown(MethodView):
    """Out of the catalogue."""

    @open_to(Role.OCOP_OFFICER)
    @command
    @blueprint.arguments(TakeDown)
    @blueprint.response(200, ListingShown)
    def post(self, given: dict[str, Any], dossier_id: UUID) -> Any:
        """Show it no longer."""
        on = given["on"] or today()
        listings = _seen(dossier_id)
        listing = use_cases.take_down(
            listings, dossier_id=dossier_id, by=actor(), on=on, today=today()
        )
        note("take-down-product", dossier_id, on=on)
        return tagged(listing, listing.version)


def _seen(dossier_id: UUID) -> SqlListings:
    """The listings, after the caller's If-Match was found to name this one's version."""
    listings = SqlListings(session())
    if names_version():
        seen_version(listings.get(dossier_id).version)
    return listings
