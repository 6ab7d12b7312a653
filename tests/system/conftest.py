"""A province of separate processes on the run's own vhost and databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers
from tests.system.province import Province

SECRET = "system-tests-sign-their-tokens-with-this"
KEY = "system-tests-hash-people-s-numbers-with-this"


def environment_of(
    broker: servers.Broker, postgres: servers.Databases, folder: Path
) -> dict[str, str]:
    """The settings of an instance on these servers."""
    return {
        "OCOP_PROVINCE": "38",
        "OCOP_DATA": str(folder / "data"),
        "OCOP_BROKER_URL": broker.url,
        "OCOP_DATABASE_URL": postgres.template,
        "OCOP_TOKEN_SECRET": SECRET,
        "OCOP_PSEUDONYM_KEY": KEY,
    }


@pytest.fixture
def province(
    broker: servers.Broker, postgres: servers.Databases, tmp_path: Path
) -> Iterator[Province]:
    """A province that is set up, with no process running yet; stopped at the end."""
    instance = Province(environment_of(broker, postgres, tmp_path), tmp_path)
    instance.prepare()
    yield instance
    instance.stop()
