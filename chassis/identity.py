"""Tokens in, actor out: JWTs signed by the province's identity provider, or development tokens signed here."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey

from chassis.settings import Settings, token_secret
from regulation.acting import Actor, Grant, Role

ISSUER = "ocop-development"
AUDIENCE = "ocop"
STUMBLES = (TypeError, KeyError, AttributeError, RecursionError)
"""What joserfc raises over tokens whose JSON is of another shape than it takes for granted."""

LONGEST_ID = 120
"""Characters; the record of acts keeps that many of an actor's id."""
ALGORITHMS = ["HS256", "RS256", "ES256", "EdDSA"]

LEEWAY = 60
"""Seconds by which the clock of whoever issued a token may be ahead or behind."""


class TokenRefused(Exception):
    """A token is missing, malformed, expired, or signed by a stranger; the text says which."""

    slug = "token-refused"


class Tokens:
    """Reads tokens: by the key set of `OCOP_JWKS_FILE` where one is set, otherwise by the instance's own secret."""

    def __init__(self, settings: Settings) -> None:
        self._secret = "" if settings.jwks_file else token_secret(settings)
        self._keys: Any = _keys(settings.jwks_file) if settings.jwks_file else _own(self._secret)
        self._algorithms = ALGORITHMS[1:] if settings.jwks_file else ALGORITHMS[:1]
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            exp={"essential": True},
            sub={"essential": True},
            aud={"essential": True, "value": AUDIENCE},
        )

    def actor(self, authorization: str | None) -> Actor:
        """Who acts, by the `Authorization` header.

        Raises TokenRefused.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise TokenRefused("a bearer token is needed in the Authorization header")
        try:
            claims = jwt.decode(token.strip(), self._keys, algorithms=self._algorithms).claims
            self._claims.validate(claims)
        except (JoseError, ValueError, *STUMBLES) as error:
            raise TokenRefused(f"the token is not accepted: {error}") from None
        return Actor(id=_subject(claims["sub"]), grants=_grants(claims.get("grants")))

    def mint(self, actor: Actor, *, lasts: timedelta) -> str:
        """A development token. Raises TokenRefused where an identity provider issues the tokens."""
        if not self._secret:
            raise TokenRefused("tokens come from the identity provider of OCOP_JWKS_FILE")
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": actor.id,
            "exp": int((datetime.now(UTC) + lasts).timestamp()),
            "grants": [{"role": grant.role.value, "area": grant.area} for grant in actor.grants],
        }
        return jwt.encode({"alg": "HS256"}, claims, self._keys)


def _own(secret: str) -> OctKey:
    return OctKey.import_key(secret)


def _keys(path: str) -> KeySet:
    try:
        return KeySet.import_key_set(json.loads(Path(path).read_text()))
    except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
        raise TokenRefused(f"OCOP_JWKS_FILE cannot be read: {error}") from None


def _subject(claimed: Any) -> str:
    if not isinstance(claimed, str) or not 0 < len(claimed) <= LONGEST_ID:
        raise TokenRefused(f"the token's sub is not a text of at most {LONGEST_ID} characters")
    return claimed


def _grants(claimed: Any) -> tuple[Grant, ...]:
    if not isinstance(claimed, Sequence) or isinstance(claimed, str):
        raise TokenRefused("the token's grants are not a list of role and area")
    try:
        return tuple(Grant(role=Role(each["role"]), area=str(each["area"])) for each in claimed)
    except (KeyError, TypeError, ValueError):
        raise TokenRefused("the token's grants are not a list of role and area") from None
