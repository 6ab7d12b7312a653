"""What is generated from the contracts is what lies in the repository."""

from cli.document.__main__ import stale


def test_what_is_written_from_the_contracts_is_fresh() -> None:
    assert stale() == [], "run `make docs`"
