"""`ocop act`: lists the acts, and does one."""

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from chassis.settings import SERVICES, read
from chassis.web.doors import VERBS
from cli.act.insider import among_ourselves, token_for
from cli.act.listing import READING, acts
from cli.act.sending import Answer, Request, over_http, require_taken, within
from cli.grants import GRANT, GRANT_HELP, read_grants
from cli.house import House
from cli.mistakes import Mistake
from cli.printing import json_option, print_json, print_table
from cli.processes import require_migrated
from regulation.acting import Actor


@click.group()
def act() -> None:
    """Do what the HTTP API does, from the command line: the same rights, refusals and records.

    \b
    ocop act list
    ocop act registration PUT /subjects/<id> --data @subject.json --as clerk-7 --grant commune-officer@16018
    """


@act.command("list")
@click.option("--all", "reading", is_flag=True, help="What can be asked (GET), too.")
@json_option
def list_(reading: bool, as_json: bool) -> None:
    """Show every act of every service, and who may do it."""
    found = list(acts(House(among_ourselves(read())), reading=reading))
    rows = [
        (each.service, each.verb, each.path, ", ".join(each.roles) or "anybody", each.summary)
        for each in found
    ]
    columns = ("service", "verb", "path", "roles", "summary")
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table("Acts", columns[1:], [row[1:] for row in rows])


PARAMETERS = (
    click.Argument(["verb"], type=click.Choice(VERBS, case_sensitive=False)),
    click.Argument(["path"]),
    click.Option(["--data"], help="The body as JSON; @FILE from a file, - from standard input."),
    click.Option(
        ["--file"],
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="A file to upload.",
    ),
    click.Option(["--as", "id_"], default="", help="Who acts: a code, not a person's name."),
    click.Option(["--grant", "grants"], multiple=True, metavar=GRANT, help=GRANT_HELP),
    click.Option(["--key"], help="An Idempotency-Key: with the same one nothing is done twice."),
    click.Option(["--if-match", "version"], help="Only if it is still at this version."),
    click.Option(["--url"], help="A server, in place of this machine's own databases."),
    click.Option(["--token"], help="The bearer token for --url."),
    click.Option(["--json", "as_json"], is_flag=True, help="An answer is JSON anyway."),
)


def _run(service: str, **given: Any) -> None:
    where = _Where(
        service,
        url=given["url"],
        token=given["token"],
        actor=Actor(id=given["id_"], grants=read_grants(given["grants"])),
    )
    where.require_somebody(given["verb"])
    answer = where.send(_request(service, given))
    require_taken(answer)
    _print(answer)


def _request(service: str, given: Mapping[str, Any]) -> Request:
    version = given["version"] and f'"{given["version"]}"'
    headers = {"Idempotency-Key": given["key"], "If-Match": version}
    return Request(
        verb=given["verb"],
        path=_path(service, given["path"]),
        headers={name: value for name, value in headers.items() if value},
        body=None if given["file"] else _body(given["data"], given["verb"]),
        file=given["file"],
    )


for _service in SERVICES:
    act.add_command(
        click.Command(
            _service,
            params=list(PARAMETERS),
            callback=partial(_run, _service),
            help=f"An act of {_service}: VERB and PATH as `ocop act list` shows them.",
        )
    )


class _Where:
    """Where an act is sent: into this process as an actor, or to a server with a token."""

    def __init__(self, service: str, *, url: str | None, token: str | None, actor: Actor) -> None:
        if (url is None) != (token is None):
            raise Mistake("--url and --token go together")
        self._service = service
        self._url = url
        self._token = token
        self._actor = actor

    def require_somebody(self, verb: str) -> None:
        """Raises Mistake when it is not said who acts; what anybody may read, nobody may ask for."""
        if verb != READING and self._url is None and not (self._actor.id and self._actor.grants):
            raise Mistake("say who acts: --as ID --grant ROLE@AREA, or --url with --token")

    def send(self, request: Request) -> Answer:
        """Send it, and have the answer."""
        if self._url is not None:
            return over_http(self._url, _authorized(request, self._token or ""))
        settings = among_ourselves(read())
        house = House(settings, (self._service,))
        require_migrated(house)
        token = token_for(settings, self._actor) if self._actor.id else ""
        answer = within(house.app(self._service), _authorized(request, token))
        house.close()
        return answer


def _authorized(request: Request, token: str) -> Request:
    if not token:
        return request
    return replace(request, headers={**request.headers, "Authorization": f"Bearer {token}"})


def _path(service: str, path: str) -> str:
    """The service's own prefix may be left out."""
    path = "/" + path.lstrip("/")
    return path if path.startswith(f"/{service}/") else f"/{service}{path}"


def _body(data: str | None, verb: str) -> str | None:
    """The body as text. Raises Mistake when it is no JSON."""
    if data is None:
        return None if verb.upper() in ("GET", "DELETE") else "{}"
    text = _text(data)
    try:
        json.loads(text)
    except ValueError as error:
        raise Mistake(f"--data is not JSON: {error}") from error
    return text


def _text(data: str) -> str:
    if data == "-":
        return sys.stdin.read()
    if not data.startswith("@"):
        return data
    try:
        return Path(data[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Mistake(f"--data {data}: {error}") from error


def _print(answer: Answer) -> None:
    document: Any = answer.document
    if document is not None:
        print_json(document)
    elif answer.body:
        sys.stdout.buffer.write(answer.body)
