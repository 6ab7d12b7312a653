"""Who acts in the sample year, and how an act is sent: through the services' own HTTP applications, in this process."""

import io
from datetime import timedelta
from functools import cache
from typing import Any, Protocol

from flask import Flask
from werkzeug.test import TestResponse

from chassis.identity import Tokens
from chassis.settings import Settings
from regulation.acting import Actor, Grant, Role


class ActRefused(Exception):
    """A service refused an act of the sample year: the sample and the rules do not agree."""


class Applications(Protocol):
    """Where the services' applications come from."""

    settings: Settings

    def app(self, service: str) -> Flask: ...


class Office:
    """Everybody's desk. Every act carries an idempotency key, so that a year that was cut short is taken up again."""

    def __init__(self, house: Applications, plan: str) -> None:
        self._house = house
        self._plan = plan
        self._tokens = Tokens(house.settings)
        self._clients: dict[str, Any] = {}
        self.token = cache(self._token)

    def act(
        self, verb: str, path: str, who: Actor, data: dict[str, Any] | None = None, key: str = ""
    ) -> dict[str, Any]:
        """Send one act; the service's answer.

        Raises ActRefused with the service's sentence.
        """
        response = self._client(path).open(
            path,
            method=verb,
            json={} if data is None else data,
            headers=self._headers(who, f"{verb} {path} {key}"),
        )
        answer: dict[str, Any] = self._answer(response, verb, path)
        return answer

    def upload(self, who: Actor, name: str, content: bytes) -> str:
        """Send an evidence file; its sha256."""
        path = "/registration/evidence"
        response = self._client(path).post(
            path,
            data={"file": (io.BytesIO(content), name)},
            headers=self._headers(who, f"{path} {name}"),
        )
        sha256: str = self._answer(response, "POST", path)["sha256"]
        return sha256

    def read(self, path: str, who: Actor) -> Any:
        """Ask one question."""
        response = self._client(path).get(path, headers=self._headers(who, ""))
        return self._answer(response, "GET", path)

    def _headers(self, who: Actor, key: str) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self.token(who)}"}
        return headers | ({"Idempotency-Key": f"{self._plan} {key}"} if key else {})

    def _token(self, who: Actor) -> str:
        return self._tokens.mint(who, lasts=timedelta(hours=12))

    def _client(self, path: str) -> Any:
        service = path.split("/")[1]
        if service not in self._clients:
            self._clients[service] = self._house.app(service).test_client()
        return self._clients[service]

    def _answer(self, response: TestResponse, verb: str, path: str) -> Any:
        body = response.get_json(silent=True)
        if response.status_code >= 400:
            raise ActRefused(f"{verb} {path}: {(body or {}).get('title', response.status)}")
        return body


def commune_officer(commune: str) -> Actor:
    """The officer of a commune."""
    return _actor(Role.COMMUNE_OFFICER, commune)


def ocop_officer(area: str) -> Actor:
    """The OCOP agency of a district or province."""
    return _actor(Role.OCOP_OFFICER, area)


def secretary(area: str) -> Actor:
    """The secretary of an area's council."""
    return _actor(Role.SECRETARY, area)


def authority(area: str) -> Actor:
    """The office that signs an area's decisions."""
    return _actor(Role.AUTHORITY, area)


def member(area: str, number: int) -> Actor:
    """A member of an area's council; number 0 is the chair."""
    return Actor(
        id=f"sample-{Role.MEMBER.value}-{area}-{number}",
        grants=(Grant(role=Role.MEMBER, area=area),),
    )


def _actor(role: Role, area: str) -> Actor:
    return Actor(id=f"sample-{role.value}-{area}", grants=(Grant(role=role, area=area),))
