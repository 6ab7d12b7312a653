"""Grants on the command line: `role@area`, e.g. `commune-officer@16018` or `producer@<subject id>`."""

from collections.abc import Callable, Iterable
from typing import Any

import click

from cli.mistakes import Mistake
from regulation.acting import Grant, Role

GRANT = "ROLE@AREA"
GRANT_HELP = f"A role and where it holds; may be given again. Roles: {', '.join(Role)}."


def grants_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The repeatable option `--grant role@area`, passed on as `grants`."""
    return click.option(
        "--grant", "grants", multiple=True, required=True, metavar=GRANT, help=GRANT_HELP
    )(command)


def read_grants(given: Iterable[str]) -> tuple[Grant, ...]:
    """Raises Mistake, naming the grant, when one is not `role@area`."""
    return tuple(_grant(text) for text in given)


def _grant(text: str) -> Grant:
    role, at, area = text.partition("@")
    if not at or not area:
        raise Mistake(f"--grant {text}: write it as role@area")
    try:
        return Grant(role=Role(role), area=area)
    except ValueError:
        known = ", ".join(each.value for each in Role)
        raise Mistake(
            f"--grant {text}: there is no role {role!r}; the roles are {known}"
        ) from None
