"""Sends requests to a province of processes as anybody."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import requests

from chassis.identity import Tokens
from regulation.acting import Actor
from tests.system.province import Province


class Clerk:
    """Sends requests as anybody, over HTTP, and waits where an event is on its way."""

    def __init__(self, province: Province) -> None:
        self._province = province
        self._tokens = Tokens(province.settings)

    def ask(
        self, verb: str, path: str, who: Actor, body: Any = None, **more: Any
    ) -> requests.Response:
        token = self._tokens.mint(who, lasts=timedelta(hours=1))
        return requests.request(
            verb,
            self._province.url(path.split("/")[1]) + path,
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
            **more,
        )

    def done(self, verb: str, path: str, who: Actor, body: Any = None) -> Any:
        answer = self.ask(verb, path, who, body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def refused(self, verb: str, path: str, who: Actor, body: Any = None, **more: Any) -> str:
        """The slug of the refusal."""
        answer = self.ask(verb, path, who, body, **more)
        assert 400 <= answer.status_code < 500, answer.text
        slug: str = answer.json()["slug"]
        return slug

    def until(self, path: str, who: Actor, holds: Callable[[requests.Response], bool]) -> Any:
        """The answer once it is as wished."""
        end = time.monotonic() + 60
        while not holds(answer := self.ask("GET", path, who)):
            assert time.monotonic() < end, answer.text
            time.sleep(0.1)
        return answer.json()
