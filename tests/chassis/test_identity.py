"""A token names the actor or is refused with a reason; no token, however odd, is a fault."""

import hmac
import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as shaken
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from chassis.identity import AUDIENCE, TokenRefused, Tokens
from chassis.settings import Settings, read
from regulation.acting import Actor, Grant, Role

OFFICER = Actor(id="officer-7", grants=(Grant(role=Role.COMMUNE_OFFICER, area="14797"),))
SECRET = "s" * 32
CLAIMS = {"sub": "officer-7", "aud": AUDIENCE, "exp": 4102444800, "grants": []}


@pytest.fixture(name="settings", scope="module")
def _settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("data")
    return read({"OCOP_DATA": str(folder), "OCOP_TOKEN_SECRET": SECRET})


def test_a_minted_token_names_its_actor(settings: Settings) -> None:
    tokens = Tokens(settings)

    actor = tokens.actor(f"Bearer {tokens.mint(OFFICER, lasts=timedelta(hours=1))}")

    assert actor == OFFICER


def test_the_secret_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    fresh = read({"OCOP_DATA": str(tmp_path)})
    token = Tokens(fresh).mint(OFFICER, lasts=timedelta(hours=1))

    assert Tokens(fresh).actor(f"Bearer {token}") == OFFICER
    assert (tmp_path / "token-secret").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["token-secret"]


def test_an_expired_token_is_refused(settings: Settings) -> None:
    token = Tokens(settings).mint(OFFICER, lasts=timedelta(hours=-1))

    with pytest.raises(TokenRefused, match="expired"):
        Tokens(settings).actor(f"Bearer {token}")


def test_a_stranger_s_token_is_refused(settings: Settings) -> None:
    stranger = Tokens(replace(settings, token_secret="x" * 32))

    with pytest.raises(TokenRefused):
        Tokens(settings).actor(f"Bearer {stranger.mint(OFFICER, lasts=timedelta(hours=1))}")


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic b2NvcDpvY29w", "token x"]
)
def test_without_a_bearer_token_nobody_comes_in(settings: Settings, header: str | None) -> None:
    with pytest.raises(TokenRefused, match="bearer token is needed"):
        Tokens(settings).actor(header)


@pytest.mark.parametrize(
    "changed",
    [
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 121},
        {"aud": "another-system"},
        {"exp": None},
        {"exp": "soon"},
        {"grants": None},
        {"grants": "operator"},
        {"grants": ["operator"]},
        {"grants": [{"role": "emperor", "area": "38"}]},
        {"grants": [{"role": "operator"}]},
        {"grants": {"role": "operator"}},
    ],
)
def test_claims_that_say_nothing_sensible_are_refused(
    settings: Settings, changed: dict[str, Any]
) -> None:
    claims = {name: value for name, value in (CLAIMS | changed).items() if value is not None}
    token = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))

    with pytest.raises(TokenRefused):
        Tokens(settings).actor(f"Bearer {token}")


def test_a_token_without_signature_is_refused(settings: Settings) -> None:
    with pytest.raises(TokenRefused):
        Tokens(settings).actor(f"Bearer {_part({'alg': 'none'})}.{_part(CLAIMS)}.")


@shaken(max_examples=500, derandomize=True, deadline=None)
@given(
    st.one_of(
        st.text(max_size=40),
        st.builds(
            lambda *parts: ".".join(_part(part) for part in parts),
            *[st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5),
                           lambda inner: st.lists(inner, max_size=2)
                           | st.dictionaries(st.sampled_from(["alg", "kid", "crit", "sub", "b64", "zip"]), inner),
                           max_leaves=4)] * 3,
        ),
    )
)  # fmt: skip
def test_no_token_is_a_fault(settings: Settings, token: str) -> None:
    with pytest.raises(TokenRefused):
        Tokens(settings).actor(f"Bearer {token}")


def test_a_provider_s_key_set_takes_the_place_of_the_secret(
    settings: Settings, tmp_path: Path
) -> None:
    key = RSAKey.generate_key(2048, {"kid": "k1"}, private=True)
    provider = _with_key_set(settings, tmp_path, key)
    theirs = jwt.encode({"alg": "RS256", "kid": "k1"}, CLAIMS, key)

    actor = Tokens(provider).actor(f"Bearer {theirs}")

    assert actor.id == "officer-7"
    with pytest.raises(TokenRefused, match="OCOP_JWKS_FILE"):
        Tokens(provider).mint(OFFICER, lasts=timedelta(hours=1))


def test_a_public_key_is_no_secret_to_sign_with(settings: Settings, tmp_path: Path) -> None:
    key = RSAKey.generate_key(2048, {"kid": "k1"}, private=True)
    provider = _with_key_set(settings, tmp_path, key)
    signed = f"{_part({'alg': 'HS256', 'kid': 'k1'})}.{_part(CLAIMS)}"
    mac = hmac.digest(key.as_pem(private=False), signed.encode(), "sha256")
    forged = f"{signed}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    with pytest.raises(TokenRefused):
        Tokens(provider).actor(f"Bearer {forged}")


@pytest.mark.parametrize("content", [None, "no json", "{}", '{"keys": [{"kty": "RSA"}]}'])
def test_a_key_set_that_cannot_be_read_is_named(
    settings: Settings, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "jwks.json"
    if content is not None:
        path.write_text(content)

    with pytest.raises(TokenRefused, match="OCOP_JWKS_FILE"):
        Tokens(replace(settings, jwks_file=str(path)))


def _with_key_set(settings: Settings, folder: Path, key: RSAKey) -> Settings:
    path = folder / "jwks.json"
    path.write_text(json.dumps(KeySet([key]).as_dict(private=False)))
    return replace(settings, jwks_file=str(path))


def _part(value: Any) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
