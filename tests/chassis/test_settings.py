"""Settings: every one is in `.env.example`, and what does not fit is named."""

from pathlib import Path

import pytest

from chassis.settings import KNOWN, SettingsRefused, read

EXAMPLE = Path(__file__).parents[2] / ".env.example"


def in_example() -> dict[str, str]:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    pairs = [line.split("=", 1) for line in lines if line and not line.startswith("#")]
    return dict(pairs)


def test_every_setting_stands_in_the_example_and_no_other_of_our_prefix() -> None:
    ours = {name for name in in_example() if name.startswith("OCOP_")}

    assert ours == set(KNOWN)


def test_the_example_changes_nothing() -> None:
    example = {name: value for name, value in in_example().items() if name in KNOWN}

    assert read(example) == read({})


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("OCOP_PROVINCE", "Thanh Hóa", "province code of two digits"),
        ("OCOP_PROVINCE", "385", "province code of two digits"),
        ("OCOP_PORT", "99999", "port between 1 and 65535"),
        ("OCOP_PORT", "many", "Not a valid integer"),
        ("OCOP_DATABASE_URL", "postgresql+psycopg://ocop@localhost/ocop", "{service}"),
        ("OCOP_BROKER_URL", "http://localhost", "amqp:// address"),
        ("OCOP_TOKEN_SECRET", "short", "at least 32 characters"),
        ("OCOP_PSEUDONYM_KEY", "short", "at least 32 characters"),
        ("OCOP_LOG_LEVEL", "loud", "Must be one of"),
        ("OCOP_RELAY_BATCH", "0", "above 0"),
        ("OCOP_GROUP_WAIT", "-1", "above 0"),
        ("OCOP_RETRY_LIMIT", "1.5", "Not a valid integer"),
        ("OCOP_TEMPLATES", "/no/such/folder", "must be a folder"),
        ("OCOP_FAULT", "relay.asleep:1", "point one of outbox.before-insert,"),
        ("OCOP_FAULT", "outbox.before-insert", "must be POINT:COUNT"),
        ("OCOP_COLOUR", "green", "is not a setting"),
        ("OCOP_", "x", "is not a setting"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(name: str, value: str, says: str) -> None:
    with pytest.raises(SettingsRefused) as refused:
        read({name: value})

    assert name in str(refused.value)
    assert says in str(refused.value)


def test_settings_of_others_are_left_alone() -> None:
    assert read({"HOME": "/root", "OCOPUS": "x"}) == read({})


def test_an_empty_setting_is_one_that_is_left_out() -> None:
    assert read({"OCOP_PORT": ""}).port == 8000


def test_a_broker_without_databases_is_refused() -> None:
    with pytest.raises(SettingsRefused, match="OCOP_DATABASE_URL is needed"):
        read({"OCOP_BROKER_URL": "amqp://localhost"})


def test_each_service_has_its_own_database() -> None:
    on_servers = read(
        {"OCOP_DATABASE_URL": "postgresql+psycopg://ocop_{service}@db/ocop_{service}"}
    )

    assert (
        on_servers.database_of("promotion")
        == "postgresql+psycopg://ocop_promotion@db/ocop_promotion"
    )
    assert (
        read({"OCOP_DATA": "/data"}).database_of("promotion") == "sqlite:////data/promotion.sqlite"
    )


def test_what_is_shown_masks_secrets() -> None:
    settings = read(
        {
            "OCOP_BROKER_URL": "amqp://ocop:geheim@broker/38",
            "OCOP_DATABASE_URL": "postgresql+psycopg://ocop:geheim@db/{service}",
            "OCOP_TOKEN_SECRET": "geheim" * 6,
            "OCOP_PSEUDONYM_KEY": "geheim" * 6,
        }
    )

    shown = settings.shown()

    assert "geheim" not in str(shown)
    assert shown["broker_url"] == "amqp://***@broker/38"
