"""Every door of every service is locked: to strangers, and to every role that it does not name."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from chassis.identity import Tokens
from chassis.settings import SERVICES, Settings, read
from chassis.web import doors
from regulation.acting import Actor, Grant, Role
from tests.house.house import app_of

SAMPLES = {"uuid": "0197d9a0-0000-7000-8000-000000000001", "int": "1", "date": "2026-07-01"}
PUBLIC = {"openapi.json", "docs", "health"}
FOR_ANYONE = {
    "certification": {"verify/<uuid:certificate_id>"}
}  # whether a certificate is a real one
WITH_PAGES = ("promotion", "reporting")
"""Services that show the public what is public."""


@pytest.fixture(name="settings", scope="module")
def _settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return read({"OCOP_DATA": str(tmp_path_factory.mktemp("house"))})


@pytest.fixture(params=SERVICES, scope="module")
def service(request: pytest.FixtureRequest) -> str:
    """Each service."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def app(service: str, settings: Settings) -> Flask:
    """Its application."""
    return app_of(service, settings)


def test_every_route_names_its_door(app: Flask) -> None:
    table = list(doors.table(app))

    assert len(table) > 3
    assert [f"{verb} {path}" for verb, path, roles in table if roles is None] == []


def test_a_stranger_stays_outside(app: Flask) -> None:
    client = app.test_client()

    entered = [
        f"{verb} {path}"
        for verb, path, roles in doors.table(app)
        if roles and client.open(_filled(path), method=verb).status_code != 401
    ]

    assert entered == []


def test_a_role_that_a_door_does_not_name_stays_outside(app: Flask, settings: Settings) -> None:
    client = app.test_client()
    headers = {role: _headers(settings, role) for role in Role}

    entered = [
        f"{role} {verb} {path}"
        for role, verb, path in _strange_knocks(app)
        if client.open(_filled(path), method=verb, headers=headers[role]).status_code != 403
    ]

    assert entered == []


def test_a_role_that_a_door_names_gets_past_it(app: Flask, settings: Settings) -> None:
    client = app.test_client()
    headers = {role: _headers(settings, role) for role in Role}

    locked = [
        f"{role} {verb} {path}"
        for verb, path, roles in doors.table(app)
        for role in roles or ()
        if client.open(_filled(path), method=verb, headers=headers[role]).status_code == 401
    ]

    assert locked == []


def test_only_what_is_meant_for_the_public_is_open_to_it(app: Flask, service: str) -> None:
    if service in WITH_PAGES:
        pytest.skip("it has pages for the public")

    public = {
        path.removeprefix(f"/{service}/")
        for _, path, roles in doors.table(app)
        if roles == doors.PUBLIC
    }

    assert public == PUBLIC | FOR_ANYONE.get(service, set())


def test_no_public_door_takes_anything_in(app: Flask) -> None:
    writing = [
        f"{verb} {path}"
        for verb, path, roles in doors.table(app)
        if roles == doors.PUBLIC and verb != "GET"
    ]

    assert writing == []


def test_the_openapi_document_names_every_locked_door_of_the_api(app: Flask, service: str) -> None:
    document = app.test_client().get(f"/{service}/openapi.json").json
    assert document is not None

    described = {
        (verb.upper(), path) for path, verbs in document["paths"].items() for verb in verbs
    }
    locked = {
        (verb, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path))
        for verb, path, roles in doors.table(app)
        if roles
    }
    assert locked <= described


def _strange_knocks(app: Flask) -> Iterator[tuple[Role, str, str]]:
    for verb, path, roles in doors.table(app):
        for role in Role:
            if roles and role not in roles:
                yield role, verb, path


def _filled(path: str) -> str:
    return re.sub(r"<(?:(\w+):)?\w+>", lambda hole: SAMPLES.get(hole.group(1) or "", "x"), path)


def _headers(settings: Settings, role: Role) -> dict[str, str]:
    who = Actor(id=f"a-{role.value}", grants=(Grant(role=role, area="nowhere"),))
    return {"Authorization": f"Bearer {Tokens(settings).mint(who, lasts=timedelta(minutes=5))}"}
