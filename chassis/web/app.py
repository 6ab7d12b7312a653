"""Builds a service's web application."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, jsonify
from flask_smorest import Api, Blueprint

from chassis.database import Database
from chassis.identity import Tokens
from chassis.settings import Settings
from chassis.web import bodies, describing, doors, following, problems
from chassis.web.command import VersionMismatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What a service's views work with."""

    database: Database
    settings: Settings


def resources() -> Resources:
    """Those of the application that serves this request."""
    from flask import current_app

    found: Resources = current_app.extensions["ocop"]
    return found


def build(
    service: str,
    title: str,
    blueprints: Sequence[Blueprint],
    database: Database,
    settings: Settings,
    *,
    pages: Sequence[Callable[[Flask], None]] = (),
) -> Flask:
    """A service's application under `/<service>`, with `openapi.json`, its page `docs`, and its doors locked."""
    app = Flask(
        service, template_folder=str(Path(__file__).parent / "templates"), static_folder=None
    )
    app.config.update(
        API_TITLE=title,
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=None,
        MAX_CONTENT_LENGTH=settings.max_body,
        MAX_FORM_MEMORY_SIZE=settings.max_body,
        JSON_SORT_KEYS=False,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Flask's default provider has it
    app.extensions["ocop"] = Resources(database=database, settings=settings)
    api = Api(app, spec_kwargs=describing.spec(service))
    for blueprint in blueprints:
        api.register_blueprint(blueprint, url_prefix=f"/{service}")
    for add in pages:
        add(app)
    problems.speak_of(app)
    app.register_error_handler(
        VersionMismatch, lambda error: problems.problem(412, error.slug, str(error))
    )
    describing.describe(app, api, service, title)
    _tell_health(app, service)
    following.follow(app)
    doors.guard(app, Tokens(settings))
    bodies.check(app)
    app.after_request(_careful)
    return app


def _tell_health(app: Flask, service: str) -> None:
    @app.get(f"/{service}/health", endpoint="health")
    @doors.open_to(*doors.PUBLIC)
    def health() -> tuple[Response, int]:
        """For a proxy or an orchestrator: 503 while the service's database does not answer."""
        well = resources().database.answers()
        return jsonify({"database": "answers" if well else "away"}), 200 if well else 503


def _careful(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; form-action 'self'",
    )
    response.headers.setdefault("Cache-Control", "no-store")
    return response
