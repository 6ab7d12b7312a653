"""What the environment asks of the tests; taken out of it, because the project's own settings know no such names."""

import os
from dataclasses import dataclass
from functools import cache

PREFIX = "OCOP_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which servers to use.

    `OCOP_TEST_BROKER_URL` and `OCOP_TEST_DATABASE_URL` (of a role that may create roles and databases) name servers;
    `OCOP_TEST_SERVERS=private` passes over what answers on localhost and starts servers of our own.
    """

    broker_url: str
    database_url: str
    private: bool


@cache
def take() -> Wanted:
    """Read once; from then on the environment holds no `OCOP_` setting of the person who runs the tests."""
    names = [name for name in os.environ if name.startswith(PREFIX)]
    given = {name: os.environ.pop(name) for name in names}
    return Wanted(
        broker_url=given.get("OCOP_TEST_BROKER_URL", ""),
        database_url=given.get("OCOP_TEST_DATABASE_URL", ""),
        private=given.get("OCOP_TEST_SERVERS", "") == "private",
    )
