"""Runs an act in one transaction: once per Idempotency-Key, only on the version that the caller saw."""

import hashlib
import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, current_app, g, make_response, request
from sqlalchemy import (
    Column,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    text,
)
from sqlalchemy.orm import Session

from chassis import outbox, people
from chassis.clock import now
from chassis.database import Database
from chassis.tables import UtcDateTime, metadata
from regulation.refusals import Refusal

View = TypeVar("View", bound=Callable[..., Any])

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("answered_at", UtcDateTime, nullable=False),
)


_ANSWERED = select(idempotency_keys).where(idempotency_keys.c.key == bindparam("wanted"))
_REMEMBER = insert(idempotency_keys)
_WAIT_FOR_TWIN = text("SELECT pg_advisory_xact_lock(:number)")


class KeyReused(Refusal):
    """An Idempotency-Key came again with another request."""

    slug = "idempotency-key-reused"


class VersionMismatch(Exception):
    """If-Match names another version than the one there is."""

    slug = "version-mismatch"


def session() -> Session:
    """The transaction of this request."""
    found: Session = g.session
    return found


def command(view: View) -> View:
    """One transaction around a view: committed when it answers below 400, rolled back otherwise."""

    @wraps(view)
    def run(*args: Any, **kwargs: Any) -> Response:
        database: Database = current_app.extensions["ocop"].database
        with database.transaction() as g.session:
            outbox.because_of(
                g.session,
                outbox.Cause(
                    causationid=g.get("request_id"),
                    traceparent=g.get("traceparent"),
                ),
            )
            key = _key()
            fingerprint = _fingerprint() if key else ""
            if key and (seen := _answered(g.session, key, fingerprint)):
                return seen
            response = make_response(view(*args, **kwargs))
            if response.status_code >= 400:
                _undo(g.session)
            elif key:
                _remember(g.session, key, fingerprint, response)
            return response

    return run  # type: ignore[return-value]  # same signature, by wraps


def query(view: View) -> View:
    """A reading session around a view."""

    @wraps(view)
    def run(*args: Any, **kwargs: Any) -> Any:
        database: Database = current_app.extensions["ocop"].database
        with database.reading() as g.session:
            return view(*args, **kwargs)

    return run  # type: ignore[return-value]  # same signature, by wraps


def names_version() -> bool:
    """Whether the caller says by If-Match which version he saw: only then is it looked up before the act."""
    return "If-Match" in request.headers


def seen_version(version: int) -> None:
    """Raises VersionMismatch when the caller's If-Match names another version; sets the answer's ETag."""
    wanted = request.headers.get("If-Match")
    if wanted is not None and wanted.strip('"W/ ') not in ("*", str(version)):
        raise VersionMismatch(f"this is at version {version}, the request was made on {wanted}")


def tagged(body: Any, version: int, status: int = 200) -> Any:
    """A body with its version as ETag."""
    return body, status, {"ETag": f'"{version}"'}


def _key() -> str | None:
    """The caller's key, bound to the caller: two people's equal keys are two keys."""
    given = request.headers.get("Idempotency-Key")
    if not given:
        return None
    who = g.actor.id if "actor" in g else ""
    return hashlib.sha256(f"{who}\n{given}".encode()).hexdigest()


def _fingerprint() -> str:
    """Keyed: from a plain hash of a body, a person's number that stands in it could be found by trying."""
    key = people.key(current_app.extensions["ocop"].settings)
    digest = hmac.new(key, f"{request.method} {request.full_path}\n".encode(), hashlib.sha256)
    if request.mimetype != "multipart/form-data":
        digest.update(request.get_data(cache=True))
        return digest.hexdigest()
    for name, value in sorted(request.form.items(multi=True)):  # its boundary differs each time
        digest.update(f"{name}={value}\n".encode())
    for name, file in request.files.items(multi=True):
        digest.update(f"{name}:{file.filename}\n".encode())
        digest.update(hashlib.sha256(file.stream.read()).digest())
        file.stream.seek(0)
    return digest.hexdigest()


def _undo(session: Session) -> None:
    outbox.forget(session, 0)
    session.rollback()


def _answered(session: Session, key: str, fingerprint: str) -> Response | None:
    _wait_for_twin(session, key)
    row = session.execute(_ANSWERED, {"wanted": key}).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise KeyReused("this Idempotency-Key was used for another request")
    response = Response(row.body, row.status, content_type="application/json")
    if row.headers:
        response.headers["ETag"] = row.headers
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _wait_for_twin(session: Session, key: str) -> None:
    """The same request twice at once: the second waits, then sees the first's answer. SQLite's writers wait anyway."""
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(bytes.fromhex(key[:16]), signed=True)
        session.execute(_WAIT_FOR_TWIN, {"number": number})


def _remember(session: Session, key: str, fingerprint: str, response: Response) -> None:
    session.execute(
        _REMEMBER,
        [
            {
                "key": key,
                "fingerprint": fingerprint,
                "status": response.status_code,
                "headers": response.headers.get("ETag", ""),
                "body": response.get_data(as_text=True),
                "answered_at": now(),
            }
        ],
    )


def forget_before(session: Session, moment: Any) -> None:
    """Drop keys answered before a moment."""
    session.execute(delete(idempotency_keys).where(idempotency_keys.c.answered_at < moment))
