"""Somebody at a service's door: asks as nobody, or as a role in an area."""

import json
from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from chassis.identity import Tokens
from chassis.settings import Settings
from regulation.acting import Actor, Grant, Role


def an_actor(role: Role, *areas: str) -> Actor:
    """Somebody with that role in these areas."""
    return Actor(id="somebody", grants=tuple(Grant(role=role, area=area) for area in areas))


class Visitor:
    """Sends requests to a service's application."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._client = app.test_client()
        self._tokens = Tokens(settings)

    def get(self, path: str, by: Actor | None = None) -> TestResponse:
        """Ask for a path."""
        return self._client.get(path, headers=self._headers(by))

    def post(
        self, path: str, given: Any = None, by: Actor | None = None, **headers: str
    ) -> TestResponse:
        """Do an act; a header `If_Match="1"` is written with its dash."""
        return self._client.post(path, headers=self._headers(by, **headers), **_body(given))

    def put(
        self, path: str, given: Any = None, by: Actor | None = None, **headers: str
    ) -> TestResponse:
        """Put something in its place."""
        return self._client.put(path, headers=self._headers(by, **headers), **_body(given))

    def _headers(self, by: Actor | None, **headers: str) -> dict[str, str]:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if by is None:
            return given
        return given | {
            "Authorization": f"Bearer {self._tokens.mint(by, lasts=timedelta(hours=1))}"
        }


def _body(given: Any) -> dict[str, str]:
    """JSON in ASCII, so that a request may hold what no text in UTF-8 can."""
    return {"data": json.dumps(given or {}), "content_type": "application/json"}


def slug(answer: TestResponse) -> tuple[int, str]:
    """The status of a refusal and the rule's name."""
    assert answer.content_type == "application/problem+json", answer.text
    return answer.status_code, (answer.json or {})["slug"]
