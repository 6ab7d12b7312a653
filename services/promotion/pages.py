"""Promotion's page: the public catalogue, in Vietnamese or English, without scripts."""

from pathlib import Path

from flask import Blueprint, Flask

from chassis.web.app import resources
from chassis.web.command import query, session
from chassis.web.doors import PUBLIC, open_to
from chassis.web.pages import asked_language, question, render, speech
from services.promotion import queries
from services.promotion.schemas import CatalogueQuery

PAGE = 60
"""Products on one page."""

blueprint = Blueprint("promotion_pages", __name__, template_folder="templates")
_WORDS = Path(__file__).parent / "words"
_asked = CatalogueQuery(only=("q", "star", "district", "commune", "after"))


def add(app: Flask) -> None:
    """Add the page to promotion's application."""
    app.register_blueprint(blueprint)


@blueprint.get("/promotion/")
@open_to(*PUBLIC)
@query
def catalogue() -> str:
    """The catalogue, by name; one product more than a page shows whether another page follows."""
    asked = question(_asked)
    after = asked.pop("after")
    found = queries.shown(session(), queries.Wanted(**asked), after=after, limit=PAGE + 1)
    return render(
        "catalogue.html",
        say=speech(asked_language(), _WORDS),
        page="catalogue",
        province=resources().settings.province,
        asked=asked,
        after=after,
        products=found[:PAGE],
        follows=len(found) > PAGE,
    )
