"""No door is open by accident, and none opens to a role that it does not name."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_smorest import Blueprint

from chassis.database import Database
from chassis.settings import Settings
from chassis.web import doors
from chassis.web.app import build
from regulation.acting import Role
from tests.chassis.tally_web import add, headers_of, problem


def test_without_a_token_nobody_comes_in(client: FlaskClient) -> None:
    answer = client.get("/tally/counts/pots")

    assert problem(answer) == (401, "token-refused")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_role_that_the_door_does_not_name_stays_outside(
    client: FlaskClient, settings: Settings
) -> None:
    answer = add(client, headers_of(settings, Role.PRODUCER))

    assert problem(answer) == (403, "not-allowed")


def test_a_route_without_a_door_keeps_the_application_from_starting(
    database: Database, settings: Settings
) -> None:
    forgotten = Blueprint("forgotten", __name__)
    forgotten.add_url_rule("/forgotten", view_func=lambda: "oops")

    with pytest.raises(RuntimeError, match="GET /tally/forgotten names no door"):
        build("tally", "Tally", [forgotten], database, settings)


def test_the_table_of_doors_shows_every_route(app: Flask) -> None:
    table = {(verb, path): roles for verb, path, roles in doors.table(app)}

    assert table["POST", "/tally/counts/<name>"] == (Role.OCOP_OFFICER,)
    assert table["GET", "/tally/counts/<name>"] == doors.ANYONE
    assert table["GET", "/tally/openapi.json"] == doors.PUBLIC


def test_a_look_at_the_head_needs_the_same_key_as_a_look_at_the_whole(client: FlaskClient) -> None:
    assert client.head("/tally/counts/pots").status_code == 401
