"""One request, sent to an application in this process or to a server, and its answer."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder

from cli.mistakes import Failure, Mistake

TIMEOUT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked: `body` is JSON text, or `file` is uploaded in its place."""

    verb: str
    path: str
    headers: Mapping[str, str]
    body: str | None = None
    file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    content_type: str
    body: bytes
    etag: str | None = None

    @property
    def document(self) -> Any:
        """The body, where it is JSON; None where it is not."""
        return json.loads(self.body) if "json" in self.content_type and self.body else None


def within(app: Flask, request: Request) -> Answer:
    """Ask an application in this process."""
    with app.test_client() as client, closing(_built(request)) as builder:
        response = client.open(builder)
        return Answer(
            status=response.status_code,
            content_type=response.content_type or "",
            body=response.get_data(),
            etag=response.headers.get("ETag"),
        )


def over_http(url: str, request: Request) -> Answer:
    """Ask a server. Raises Failure when it cannot be reached."""
    if not url.startswith(("http://", "https://")):
        raise Mistake(f"--url {url}: write it as http://… or https://…")
    with closing(_built(request)) as builder:
        raw = builder.get_request()
        asked = urllib.request.Request(  # noqa: S310  http or https, as seen above
            url.rstrip("/") + request.path,
            data=raw.get_data() or None,
            method=request.verb,
            headers=dict(raw.headers),
        )
    try:
        with urllib.request.urlopen(asked, timeout=TIMEOUT) as response:  # noqa: S310  see above
            return _answer(response.status, response.headers, response.read())
    except urllib.error.HTTPError as error:
        return _answer(error.code, error.headers, error.read())
    except OSError as error:
        raise Failure(f"{url} does not answer: {error}") from error


def _answer(status: int, headers: Any, body: bytes) -> Answer:
    return Answer(
        status=status,
        content_type=headers.get("Content-Type", ""),
        body=body,
        etag=headers.get("ETag"),
    )


def _built(request: Request) -> EnvironBuilder:
    content: dict[str, Any] = {}
    if request.file is not None:
        content = {"data": {"file": (request.file.open("rb"), request.file.name)}}
    elif request.body is not None:
        content = {"data": request.body.encode(), "content_type": "application/json"}
    return EnvironBuilder(
        path=request.path, method=request.verb, headers=list(request.headers.items()), **content
    )


def require_taken(answer: Answer) -> None:
    """Raises Mistake with the problem's sentence when the request was refused, Failure when the server failed."""
    if answer.status < 400:
        return
    problem = answer.document or {}
    sentence = f"{problem.get('title', 'refused')} ({problem.get('slug', answer.status)})"
    raise Failure(sentence) if answer.status >= 500 else Mistake(sentence)
