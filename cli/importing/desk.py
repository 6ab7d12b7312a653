"""Who asks for an import, and how a request of it is sent."""

import json
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from flask import Flask

from chassis.settings import Settings
from cli.act.insider import token_for
from cli.act.sending import Request, within
from regulation.acting import Actor, Grant


class RowRefused(Exception):
    """A row cannot be imported; the text says why. `field` is what the refusal was about, where it says so."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class Desk:
    """Sends requests to one application of this process, in the role that each one needs."""

    def __init__(self, app: Flask, settings: Settings, id_: str) -> None:
        self._app = app
        self._settings = settings
        self._id = id_
        self._token = cache(self._mint)

    def ask(self, verb: str, path: str, body: Any, *grants: Grant) -> dict[str, Any]:
        """The answer. Raises RowRefused with the service's sentence."""
        request = Request(
            verb=verb,
            path=path,
            headers={"Authorization": f"Bearer {self._token(grants)}"},
            body=json.dumps(body, ensure_ascii=False),
        )
        answer = within(self._app, request)
        document: dict[str, Any] = answer.document or {}
        if answer.status >= 400:
            sentence = document.get("title", f"refused with {answer.status}")
            raise RowRefused(sentence, _field(sentence))
        return document

    def _mint(self, grants: Sequence[Grant]) -> str:
        return token_for(self._settings, Actor(id=self._id, grants=tuple(grants)))


def _field(sentence: str) -> str:
    """Refusals name the field first: `rows.3.area: there is no unit …`."""
    found = re.match(r"([\w.]+): ", sentence)
    return found[1] if found else ""
