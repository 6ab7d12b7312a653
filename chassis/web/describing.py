"""Describes a service's API: the OpenAPI document, with errors as they are sent, and a page that people can read."""

import re
from typing import Any

from flask import Flask, Response, jsonify, render_template
from flask_smorest import Api

from chassis.web import doors

PROBLEM = "application/problem+json"

PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "slug", "title", "status"],
    "properties": {
        "type": {"type": "string", "description": "/problems/<slug>"},
        "slug": {"type": "string", "description": "the rule's stable name"},
        "title": {
            "type": "string",
            "description": "one sentence that names the field or the rule",
        },
        "status": {"type": "integer"},
        "errors": {"type": "object", "description": "field → what is wrong with it"},
    },
}


def spec(service: str) -> dict[str, Any]:
    """What the OpenAPI document says besides the routes."""
    token = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    about = f"HTTP API of the {service} service. Errors are problem documents (RFC 9457)."
    return {
        "info": {"description": about},
        "servers": [{"url": "/"}],
        "components": {"securitySchemes": {"token": token}},
        "security": [{"token": []}],
    }


def describe(app: Flask, api: Api, service: str, title: str) -> None:
    """Serve `openapi.json` and the page `docs`."""

    @app.get(f"/{service}/openapi.json", endpoint="openapi")
    @doors.open_to(*doors.PUBLIC)
    def openapi() -> Response:
        return jsonify(document(app, api))

    @app.get(f"/{service}/docs", endpoint="docs")
    @doors.open_to(*doors.PUBLIC)
    def docs() -> str:
        roles = {(verb, _in_openapi(path)): who for verb, path, who in doors.table(app)}
        return render_template(
            "docs.html", title=title, spec=document(app, api), roles=roles, service=service
        )


def document(app: Flask, api: Api) -> dict[str, Any]:
    """The OpenAPI document: every error a problem document, every public route without a token."""
    found: dict[str, Any] = api.spec.to_dict()
    found["components"].setdefault("schemas", {})["Error"] = PROBLEM_SCHEMA
    for response in found["components"].get("responses", {}).values():
        response["content"] = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Error"}}}
    for verb, path, roles in doors.table(app):
        operation = found["paths"].get(_in_openapi(path), {}).get(verb.lower())
        if operation is not None and not roles:
            operation["security"] = []
    return found


def _in_openapi(path: str) -> str:
    """`/a/<uuid:id>` as `/a/{id}`."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)
