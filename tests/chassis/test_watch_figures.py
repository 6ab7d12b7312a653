"""What lies in the databases is told to whoever looks, and a look harms nobody."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import text

from chassis.clock import now
from chassis.database import Database
from chassis.migrating import migrate
from chassis.outbox import News, say
from chassis.watch.figures import Figures
from chassis.watch.onlooker import Onlooker
from tests import servers


def figures(*onlookers: Onlooker) -> dict[str, float]:
    registry = CollectorRegistry()
    registry.register(Figures(onlookers, {"reporting": lambda _: [("scored", 7, None)]}))
    lines = generate_latest(registry).decode().splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in pairs}


def test_what_waits_in_the_outbox_is_told_with_its_age(tmp_path: Path) -> None:
    database = Database("reporting", f"sqlite:///{tmp_path}/reporting.sqlite")
    migrate(database)
    long_ago = now() - timedelta(minutes=10)
    with database.transaction() as session:
        say(session, [News(type="DossierSubmitted", subject="1", time=long_ago, data={})])

    found = figures(Onlooker("reporting", database.url))

    assert found['ocop_outbox_unsent{service="reporting"}'] == 1
    assert 600 <= found['ocop_outbox_unsent_oldest_seconds{service="reporting"}'] < 660
    assert found['ocop_inbox_parked{service="reporting"}'] == 0
    assert found['ocop_dead_letters{service="reporting"}'] == 0
    assert found['ocop_dossiers{stage="scored"}'] == 7


def test_a_database_that_is_away_is_told_and_hides_no_other(tmp_path: Path) -> None:
    there = Database("reporting", f"sqlite:///{tmp_path}/reporting.sqlite")
    migrate(there)
    away = Onlooker("promotion", "postgresql+psycopg://nobody@127.0.0.1:1/promotion")

    found = figures(away, Onlooker("reporting", there.url))

    assert found['ocop_database_up{service="promotion"}'] == 0
    assert found['ocop_database_up{service="reporting"}'] == 1
    assert 'ocop_outbox_unsent{service="promotion"}' not in found


@pytest.mark.system
def test_a_look_that_takes_too_long_is_given_up_and_nobody_looks_twice_at_once(
    postgres: servers.Databases,
) -> None:
    onlooker = Onlooker("reporting", postgres.of("reporting"), patience=0.3)
    began = time.monotonic()

    slow = onlooker.look([lambda session: session.execute(text("SELECT pg_sleep(5)"))])[1]
    still = onlooker.away()

    assert time.monotonic() - began < 2
    assert slow == "stands still" or "statement timeout" in slow
    assert still in ("stands still", "")
    time.sleep(0.5)
    assert onlooker.away() == ""


def test_an_age_is_never_below_nothing(tmp_path: Path) -> None:
    database = Database("reporting", f"sqlite:///{tmp_path}/reporting.sqlite")
    migrate(database)
    with database.transaction() as session:
        ahead = datetime.now(UTC) + timedelta(hours=1)
        say(session, [News(type="DossierSubmitted", subject="1", time=ahead, data={})])

    found = figures(Onlooker("reporting", database.url))

    assert found['ocop_outbox_unsent_oldest_seconds{service="reporting"}'] == 0
