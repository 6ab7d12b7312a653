"""A released example never changes: what was promised to integrators once stays true."""

import hashlib

from tests.contracts.examples import FOLDER

RELEASED = FOLDER / "RELEASED"
"""In the form of sha256sum: `sha256sum -c RELEASED` says the same."""


def _promised() -> dict[str, str]:
    lines = RELEASED.read_text().splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def test_no_released_example_was_changed_or_removed() -> None:
    now = {
        name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()
        for name in _promised()
        if (FOLDER / name).exists()
    }

    assert now == _promised(), "an incompatible change is a new type, said beside the old one"


def test_every_example_is_released() -> None:
    there = {path.name for path in FOLDER.glob("*.json")}

    assert there == set(_promised()), "add the new example: sha256sum NAME.json >> RELEASED"
