"""`ocop events replay`: what was said is heard again, once, in order; an emptied reporting is as it was, row by row."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text

from chassis.database import Database
from tests import servers
from tests.cli.calling import assert_mistake
from tests.cli.conftest import wait_until
from tests.cli.mailroom import Mailroom
from tests.cli.running import Running

CLOCKED = {"inbox": ("heard_at",)}
"""What tells when something was heard is another time after a replay."""


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Mailroom]:
    """An embedded instance."""
    made = Mailroom(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailroom]:
    """An embedded instance with a sample year in it."""
    made = Mailroom(tmp_path_factory.mktemp("year"))
    result = made.ocop("demo", "ba-huyen-2024", "--json")
    assert result.exit_code == 0, result.output
    yield made
    made.close()


def dump(room: Mailroom, service: str) -> dict[str, list[Any]]:
    """Every table of a service, its rows in one order; what only tells when we heard is left out."""
    database = room.house.database(service)
    tables = {}
    for table in inspect(database.engine).get_table_names():
        if table in COUNTED:
            continue
        names = [each["name"] for each in inspect(database.engine).get_columns(table)]
        wanted = ", ".join(f'"{name}"' for name in names if name not in CLOCKED.get(table, ()))
        with database.reading() as session:
            rows = session.execute(text(f'SELECT {wanted} FROM "{table}"'))
            tables[table] = sorted(map(repr, rows))
    if service == "reporting":
        tables |= sums(database)
    return tables


def sums(database: Database) -> dict[str, list[Any]]:
    """What the tallies come to."""
    with database.reading() as session:
        stages = session.execute(
            text(
                "SELECT year, stage, sum(dossiers) FROM stage_tallies GROUP BY 1, 2 HAVING sum(dossiers) <> 0"
            )
        )
        areas = session.execute(
            text(
                "SELECT year, level, area, star, sum(dossiers), sum(pending) FROM area_tallies GROUP BY 1, 2, 3, 4"
                " HAVING sum(dossiers) <> 0 OR sum(pending) <> 0"
            )
        )
        return {"stages": sorted(map(repr, stages)), "areas": sorted(map(repr, areas))}  # fmt: skip


def empty(room: Mailroom, service: str, *keep: str) -> None:
    """Take every row out of a service's tables but for its migrations and what is kept."""
    kept = {*keep, *(f"alembic_version_{name}" for name in ("chassis", service))}
    database = room.house.database(service)
    tables = [name for name in inspect(database.engine).get_table_names() if name not in kept]
    with database.transaction() as session:
        for table in tables:
            session.execute(text(f'DELETE FROM "{table}"'))


OF_PEOPLE = ("plans", "targets", "acts", "idempotency_keys")
"""What people entered with reporting itself: no event tells it."""

COUNTED = ("stage_tallies", "area_tallies")
"""What the database counts by itself: it goes with the rows that are counted, and comes back with them. As differences
on PostgreSQL, so that only their sums tell something."""


def test_an_emptied_reporting_is_rebuilt_byte_for_byte(year: Mailroom) -> None:
    before = dump(year, "reporting")
    report = year.ocop.json("audit")
    empty(year, "reporting", *OF_PEOPLE, *COUNTED)
    emptied = dump(year, "reporting")

    outcome = year.ocop.json("events", "replay", "--to", "reporting", "--from-start")

    after = dump(year, "reporting")
    assert emptied["dossiers"] == emptied["inbox"] == emptied["inbox_positions"] == []
    assert len(before["dossiers"]) == 18
    assert after == before
    assert set(outcome) == {"heard"}
    assert year.ocop.json("audit") == report


def test_a_replay_to_who_has_heard_all_changes_nothing(year: Mailroom) -> None:
    before = {service: dump(year, service) for service in year.house.services}

    for service in year.house.services:
        outcome = year.ocop.json("events", "replay", "--to", service, "--from-start")
        assert set(outcome) == {"duplicate"}, service

    assert {service: dump(year, service) for service in year.house.services} == before


def test_one_subject_s_events_are_heard_again_alone(room: Mailroom) -> None:
    lost, other = room.way("Chè lam"), room.way("Mắm tép")
    first = lost.submitted()
    room.say(first, lost.verified(), other.submitted())
    room.carry()
    forget(room)

    outcome = room.ocop.json("events", "replay", "--to", "reporting", "--subject", first.subject)

    assert outcome == {"heard": 2}
    assert (room.filing(lost), room.filing(other)) == ("verified", None)


def test_what_comes_without_its_predecessor_is_parked_until_that_comes(room: Mailroom) -> None:
    way = room.way("Chè lam")
    room.say(way.submitted(), way.verified())
    room.carry()
    forget(room)

    early = room.ocop.json("events", "replay", "--to", "reporting", "--type", "CommuneVerified")
    rest = room.ocop.json("events", "replay", "--to", "reporting", "--since", "1h")

    assert (early, rest) == ({"parked": 1}, {"heard": 1, "duplicate": 1})
    assert room.filing(way) == "verified"
    assert room.parked() == 0


def test_what_was_not_sent_yet_is_replayed_too_and_heard_once(room: Mailroom) -> None:
    way = room.way("Chè lam")
    room.say(way.submitted())

    outcome = room.ocop.json("events", "replay", "--to", "reporting", "--from-start")
    room.carry()

    assert outcome == {"heard": 1}
    assert room.heard() == 1
    assert room.count("reporting", "events") == 1


def test_a_replay_says_what_is_replayed(room: Mailroom) -> None:
    assert_mistake(room.ocop("events", "replay", "--to", "reporting"), "--from-start")
    assert_mistake(
        room.ocop("events", "replay", "--to", "reporting", "--since", "soon"), "90m, 2h, 7d"
    )


def test_a_sayer_that_lost_everything_is_not_replayed_into_saying_it_anew(year: Mailroom) -> None:
    path = year.ocop.data / "promotion.sqlite"
    with sqlite3.connect(path) as connection:
        kept = list(connection.iterdump())
        connection.execute("DELETE FROM outbox")

    result = year.ocop("events", "replay", "--to", "promotion", "--from-start")

    assert_mistake(result, "reporting has heard events of promotion", "backup")
    assert kept  # the year's fixture is not used after this


@pytest.mark.system
def test_on_a_broker_only_the_one_service_s_queue_is_filled(
    broker: servers.Broker, postgres: servers.Databases, tmp_path: Path
) -> None:
    room = Mailroom(
        tmp_path, OCOP_BROKER_URL=broker.url, OCOP_DATABASE_URL=postgres.template,
        OCOP_TOKEN_SECRET="a secret for the tests of replay alone",
    )  # fmt: skip
    assert room.ocop("topology", "apply").exit_code == 0
    ways = [room.way(f"Sản phẩm {number}") for number in range(30)]
    for way in ways:
        room.say(way.submitted(), way.verified())
    room.carry()
    worker = Running(room.ocop.settings, tmp_path / "worker.log", "worker", "reporting")
    wait_until(lambda: room.heard() == 60)
    before = dump(room, "reporting")
    forget(room)

    outcome = room.ocop.json("events", "replay", "--to", "reporting", "--from-start")

    wait_until(lambda: room.heard() == 60)
    worker.end()
    waiting = {line["service"]: line["waiting"] for line in room.ocop.json("queues")}
    assert outcome == {"published": 60}
    assert dump(room, "reporting") == before
    assert (waiting["reporting"], waiting["evaluation"]) == (0, 60)
    room.close()


def forget(room: Mailroom) -> None:
    """Empty reporting."""
    empty(room, "reporting", *COUNTED)
