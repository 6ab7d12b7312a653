"""Turns refusals into problem documents (RFC 9457): one clear sentence, a stable slug, the fields at fault."""

from typing import Any

import structlog
from flask import Flask, Response, json
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from chassis.database import is_away, is_contention
from chassis.identity import TokenRefused
from regulation.refusals import NotAllowed, NotFound, Refusal, Unfit

log = structlog.get_logger()

STATUS: tuple[tuple[type[Exception], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (Unfit, 422),
    (Refusal, 409),
    (TokenRefused, 401),
)
"""Kind of refusal → status; the first that fits."""


def problem(status: int, slug: str, sentence: str, errors: Any = None) -> Response:
    """A problem document."""
    body = {"type": f"/problems/{slug}", "slug": slug, "title": sentence, "status": status}
    if errors:
        body["errors"] = errors
    text = json.dumps(body, ensure_ascii=False).encode(errors="backslashreplace")
    response = Response(text, status, content_type="application/problem+json")
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def speak_of(app: Flask) -> None:
    """Answer every refusal and every fault of an application with a problem document."""
    for kind, status in STATUS:
        app.register_error_handler(kind, _refusal(status))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StaleDataError, _changed)
    app.register_error_handler(IntegrityError, _changed)
    app.register_error_handler(DataError, _unfit)
    app.register_error_handler(UnicodeEncodeError, _unfit)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(PoolTimeout, _database)
    app.register_error_handler(Exception, _fault)


def _refusal(status: int) -> Any:
    def answer(error: Any) -> Response:
        log.info("refused", slug=error.slug, status=status)
        return problem(status, error.slug, str(error), getattr(error, "fields", None))

    return answer


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    data = getattr(error, "data", None) or {}
    errors = data.get("messages")
    slug = (error.name or "error").lower().replace(" ", "-")
    sentence = _named(errors) if errors else (error.description or error.name)
    response = problem(status, slug, sentence, errors)
    for name, value in error.get_headers():
        if name != "Content-Type":
            response.headers[name] = value
    return response


def _named(errors: Any) -> str:
    """The first field at fault and what is wrong with it, as a sentence."""
    path: list[str] = []
    while isinstance(errors, dict) and errors:
        key, errors = next(iter(errors.items()))
        path.append(str(key))
    text = errors[0] if isinstance(errors, list) and errors else errors
    where = ".".join(part for part in path if part not in ("json", "query", "form", "files"))
    return f"{where}: {text}" if where else str(text)


def _changed(error: Exception) -> Response:
    log.info("refused", slug="changed-meanwhile", status=409)
    return problem(409, "changed-meanwhile", "somebody else changed this meanwhile: read it again")


def _unfit(error: Exception) -> Response:
    log.info("refused", slug="unfit-value", status=422, error=type(error).__name__)
    return problem(
        422, "unfit-value", "a value is too long, too large, or not text that can be kept"
    )


def _database(error: Exception) -> Response:
    if is_contention(error):
        log.warning("database busy", error=str(error))
        response = problem(
            503, "database-busy", "others are at work on the same; try again shortly"
        )
        response.headers["Retry-After"] = "1"
        return response
    if not is_away(error):
        return _fault(error)
    log.warning("database away", error=str(error))
    response = problem(503, "database-away", "the database does not answer; try again shortly")
    response.headers["Retry-After"] = "5"
    return response


def _fault(error: Exception) -> Response:
    log.exception("fault", exc_info=error)
    return problem(500, "fault", "something went wrong here; it has been noted")
