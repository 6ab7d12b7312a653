"""Compose hands every setting on, and a new .env has all that it needs."""

import subprocess
from pathlib import Path

import yaml

from chassis.settings import KNOWN, read

HOUSE = Path(__file__).parents[2]


def _settings(text: str) -> dict[str, str]:
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def test_a_new_env_has_its_province_and_a_secret_wherever_one_is_needed() -> None:
    printed = subprocess.run(
        [HOUSE / "bin" / "new-env", "91"], check=True, capture_output=True, text=True
    )

    made = _settings(printed.stdout)
    kinds = ("_PASSWORD", "_SECRET", "_KEY")
    secrets = [value for name, value in made.items() if name.endswith(kinds)]
    assert read(made).province == "91"
    assert len(secrets) == len(set(secrets)) == 12
    assert all(value.isalnum() and len(value) >= 32 for value in secrets)


def test_the_key_of_pseudonyms_is_handed_to_those_who_take_numbers_alone() -> None:
    compose = yaml.safe_load((HOUSE / "docker-compose.yml").read_text())

    handed_to = {
        name.partition("-")[0]
        for name, each in compose["services"].items()
        if "OCOP_PSEUDONYM_KEY" in each.get("environment", {})
    }

    assert {"registration", "evaluation", "operator"} <= handed_to
    assert not handed_to & {"certification", "promotion", "reporting"}


def test_the_compose_file_hands_every_setting_on() -> None:
    compose = yaml.safe_load((HOUSE / "docker-compose.yml").read_text())
    set_by_the_image = {"OCOP_DATA", "OCOP_HOST", "OCOP_PORT"}
    for_rigs_only = {"OCOP_FAULT"}

    handed_on = set(compose["services"]["registration-web"]["environment"])

    assert handed_on | set_by_the_image | for_rigs_only == set(KNOWN)
