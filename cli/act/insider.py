"""Services' applications called in this process, by whoever may read their databases anyway."""

import secrets
from dataclasses import replace
from datetime import timedelta

from chassis.identity import Tokens
from chassis.settings import Settings
from regulation.acting import Actor

LASTS = timedelta(hours=12)


def among_ourselves(settings: Settings) -> Settings:
    """The settings of applications that take only tokens of this very process.

    So acts from the command line work where an identity provider issues the tokens, and use no secret of the instance.
    """
    return replace(settings, jwks_file="", token_secret=secrets.token_urlsafe(32))


def token_for(settings: Settings, actor: Actor) -> str:
    """A token that those applications take."""
    return Tokens(settings).mint(actor, lasts=LASTS)
