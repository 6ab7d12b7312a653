"""`ocop token`: development tokens, where no identity provider issues them."""

from collections.abc import Sequence
from datetime import timedelta

import click

from chassis.identity import TokenRefused, Tokens
from chassis.settings import read
from cli.grants import grants_option, read_grants
from cli.mistakes import Mistake
from cli.printing import json_option, print_json
from regulation.acting import Actor


@click.command()
@click.option("--id", "id_", required=True, help="Who acts: a code, not a person's name.")
@grants_option
@click.option("--hours", type=click.FloatRange(min=0, min_open=True), default=8, show_default=True)
@json_option
def token(id_: str, grants: Sequence[str], hours: float, as_json: bool) -> None:
    """Mint a token for the HTTP API, signed with this instance's own secret."""
    actor = Actor(id=id_, grants=read_grants(grants))
    try:
        minted = Tokens(read()).mint(actor, lasts=timedelta(hours=hours))
    except TokenRefused as error:
        raise Mistake(str(error)) from error
    if as_json:
        print_json({"token": minted, "id": id_, "grants": list(grants), "hours": hours})
    else:
        click.echo(minted)
