"""Who may knock where: every route names its door, or the application does not start."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from flask import Flask, current_app, g, request

from chassis.identity import Tokens
from regulation.acting import Actor, Role
from regulation.refusals import NotAllowed

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC: tuple[Role, ...] = ()
"""A door without a lock: what anyone may read."""

ANYONE = tuple(Role)
"""Every role, but no stranger."""

_MARK = "_ocop_door"
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def open_to(*roles: Role) -> Callable[[View], View]:
    """Open a view to these roles; to everybody when none is named. Where a role may act is the use case's to say."""

    def mark(view: View) -> View:
        setattr(view, _MARK, roles)
        return view

    return mark


def actor() -> Actor:
    """Who acts in this request."""
    found: Actor = g.actor
    return found


def table(app: Flask) -> Iterator[tuple[str, str, tuple[Role, ...] | None]]:
    """Every route: `(verb, path, roles)`; roles is None where a door is missing."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        for verb in VERBS:
            if verb in (rule.methods or ()):
                yield verb, rule.rule, _roles(app, rule.endpoint, verb)


def _roles(app: Flask, endpoint: str, verb: str) -> tuple[Role, ...] | None:
    view: Any = app.view_functions[endpoint]
    method = getattr(getattr(view, "view_class", None), verb.lower(), view)
    roles: tuple[Role, ...] | None = getattr(method, _MARK, None)
    return roles


def guard(app: Flask, tokens: Tokens) -> None:
    """Put the locks in.

    Raises RuntimeError when a route names no door.
    """
    for verb, path, roles in table(app):
        if roles is None:
            raise RuntimeError(f"{verb} {path} names no door")

    @app.before_request
    def knock() -> None:
        if request.url_rule is None:
            return
        verb = "GET" if request.method in ("HEAD", "OPTIONS") else request.method
        roles = _roles(current_app, request.url_rule.endpoint, verb)
        if not roles:
            return
        g.door = roles
        g.actor = tokens.actor(request.headers.get("Authorization"))
        if not g.actor.has_role(*roles):
            wanted = ", ".join(role.value for role in roles)
            raise NotAllowed(f"this needs one of the roles: {wanted}")
