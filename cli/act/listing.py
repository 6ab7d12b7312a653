"""Which acts there are: read off the services' own applications."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask

from chassis.web import doors
from cli.house import House
from regulation.acting import Role

READING = "GET"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act: `path` shows what is to be filled in as `{name}`; nobody in `roles` means anybody at all."""

    service: str
    verb: str
    path: str
    roles: tuple[Role, ...]
    summary: str


def acts(house: House, *, reading: bool) -> Iterator[Act]:
    """Every act of every service; with `reading`, what can be asked too."""
    for service in house.services:
        app = house.app(service)
        for verb, rule, roles in doors.table(app):
            if verb != READING or reading:
                yield Act(
                    service=service,
                    verb=verb,
                    path=re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule),
                    roles=roles or (),
                    summary=_summary(app, verb, rule),
                )


def _summary(app: Flask, verb: str, rule: str) -> str:
    endpoint = next(
        each.endpoint
        for each in app.url_map.iter_rules()
        if each.rule == rule and verb in (each.methods or ())
    )
    view: Any = app.view_functions[endpoint]
    method = getattr(getattr(view, "view_class", None), verb.lower(), view)
    return (method.__doc__ or "").strip().split("\n")[0]
