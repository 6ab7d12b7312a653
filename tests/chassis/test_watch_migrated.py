"""Whether migrations are lacking is found without alembic, and as alembic has it."""

import subprocess
import sys
from pathlib import Path

import pytest

from chassis import migrating
from chassis.database import Database
from chassis.settings import SERVICES
from chassis.watch.migrated import Migrated


@pytest.mark.parametrize("service", SERVICES)
def test_it_agrees_with_alembic_before_and_after(tmp_path: Path, service: str) -> None:
    database = Database(service, f"sqlite:///{tmp_path}/{service}.sqlite")
    migrated = Migrated(database)
    assert migrated() == f"lacks migrations: {', '.join(migrating.missing(database))}"

    migrating.migrate(database)

    assert migrated() == ""
    assert migrating.missing(database) == []


def test_a_database_that_is_away_lacks_no_migrations() -> None:
    url = "postgresql+psycopg://nobody@127.0.0.1:1/reporting"

    assert Migrated(Database("reporting", url))().startswith("away")


def test_a_worker_does_not_load_alembic() -> None:
    code = (
        "import sys, eventlet; eventlet.monkey_patch(); import services.reporting.service; "
        "assert 'alembic' not in sys.modules"
    )

    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True)

    assert done.returncode == 0, done.stderr
