"""Follows a request: its ids on every line of the log, and its seconds by route and status."""

import re
import time

import structlog
from flask import Flask, Response, g, request

from chassis import tracing
from chassis.watch.vitals import WEB_SECONDS

log = structlog.get_logger()

TRACEABLE = re.compile(r"[!-~]{1,80}")


def follow(app: Flask) -> None:
    """Before any door is knocked at."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.began = time.monotonic()
    g.request_id = _kept("X-Request-Id")
    given = _kept("traceparent")
    g.traceparent = given if given and tracing.is_traceparent(given) else None
    about = request.view_args or {}
    subject = about.get("dossier_id") or about.get("assessment_id")
    trace_id = tracing.trace_id(g.traceparent) or (subject and tracing.trace_of(str(subject)))
    ids = {"correlation_id": g.request_id, "trace_id": trace_id, "subject": subject}
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(
        **{name: str(value) for name, value in ids.items() if value}
    )


def _kept(header: str) -> str | None:
    """A header that ties the request to the caller's own records, where it is one that can be kept."""
    given = request.headers.get(header, "")
    return given if TRACEABLE.fullmatch(given) else None


def _end(response: Response) -> Response:
    seconds = time.monotonic() - g.began if "began" in g else 0.0
    route = request.url_rule.rule if request.url_rule else "none"
    WEB_SECONDS.labels(request.method, route, response.status_code).observe(seconds)
    say = log.debug if request.method in ("GET", "HEAD", "OPTIONS") else log.info
    say("answered", method=request.method, route=route, status=response.status_code,
        seconds=round(seconds, 4))  # fmt: skip
    return response
