"""`ocop audit`: clean after a whole sample year, and no damage goes unseen."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from chassis import dead_letters
from chassis.clock import now
from chassis.outbox import outbox, to_event
from chassis.settings import read
from cli.house import House
from tests.cli.calling import Ocop


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a small sample year."""
    folder = tmp_path_factory.mktemp("year")
    result = Ocop(folder)("demo", "ba-huyen-2024", "--json")
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def ocop(year: Path, tmp_path: Path) -> Ocop:
    """A copy of it that may be damaged."""
    return Ocop(Path(shutil.copytree(year, tmp_path / "data")))


Change = Callable[..., None]


@pytest.fixture
def change(ocop: Ocop) -> Change:
    """Changes a service's database behind everybody's back; the statement must hit something."""

    def run(service: str, *statements: str) -> None:
        with sqlite3.connect(ocop.data / f"{service}.sqlite") as connection:
            for statement in statements:
                assert connection.execute(statement).rowcount > 0, statement
        connection.close()

    return run


def line(report: Any, type_: str) -> Any:
    (found,) = [each for each in report["events"] if each["type"] == type_]
    return found


def test_after_a_whole_year_everything_is_accounted_for(ocop: Ocop) -> None:
    report = ocop.json("audit")

    assert report["clean"] is True
    assert report["dossiers"] == 18
    assert line(report, "CommuneVerified")["said"] == 16
    assert line(report, "CommuneVerified")["heard"] == {
        "evaluation": 16, "certification": 16, "reporting": 16
    }  # fmt: skip
    assert "All 18 dossiers are accounted for." in ocop("audit").stdout


def test_an_event_that_a_hearer_never_heard_is_lost(ocop: Ocop, change: Change) -> None:
    change("evaluation", "DELETE FROM inbox WHERE type = 'CommuneVerified' AND rowid IN "
           "(SELECT min(rowid) FROM inbox WHERE type = 'CommuneVerified')")  # fmt: skip

    report = ocop.json("audit", status=1)

    assert line(report, "CommuneVerified")["lost"] == 1
    assert line(report, "CommuneVerified")["heard"]["evaluation"] == 15
    assert "1 lost" in ocop("audit").stdout


def test_an_event_that_was_not_sent_yet_is_in_flight_and_not_lost(
    ocop: Ocop, change: Change
) -> None:
    change("registration", "DELETE FROM outbox_sent WHERE position IN "
           "(SELECT position FROM outbox WHERE type = 'DossierWithdrawn')")  # fmt: skip
    change("evaluation", "DELETE FROM inbox WHERE type = 'DossierWithdrawn'")

    report = ocop.json("audit")

    assert (report["clean"], report["faults"], report["in_flight"]) == (False, 0, 1)
    assert ocop("audit", "--wait", "0.1").exit_code == 1  # it had the time, and did not arrive


def test_a_parked_event_is_told(ocop: Ocop, change: Change) -> None:
    change("reporting", "INSERT INTO inbox_parked (id, source, type, subject, sequence, parked_at, event) "
           "SELECT id, source, type, subject, sequence, heard_at, '{}' FROM inbox "
           "WHERE type = 'DossierWithdrawn'",
           "DELETE FROM inbox WHERE type = 'DossierWithdrawn'")  # fmt: skip

    report = ocop.json("audit", status=1)

    assert line(report, "DossierWithdrawn")["parked"] == 1


def test_a_dead_letter_is_told_until_it_is_given_up(ocop: Ocop, change: Change) -> None:
    bury(ocop, "reporting", "DossierWithdrawn")
    change("reporting", "DELETE FROM inbox WHERE type = 'DossierWithdrawn'")

    found = line(ocop.json("audit", status=1), "DossierWithdrawn")
    change("reporting", "UPDATE dead_letters SET state = 'discarded'")
    given_up = line(ocop.json("audit"), "DossierWithdrawn")

    assert (found["dead"], found["lost"], found["given_up"]) == (1, 0, 0)
    assert (given_up["dead"], given_up["lost"], given_up["given_up"]) == (0, 0, 1)


def bury(ocop: Ocop, service: str, type_: str) -> None:
    """Lay registration's event of that type among a service's dead letters."""
    house = House(read(ocop.settings))
    with house.database("registration").reading() as session:
        row = session.execute(select(outbox).where(outbox.c.type == type_)).one()
    with house.database(service).transaction() as session:
        dead_letters.bury(session, to_event(row, house.source("registration")), "test", now())
    house.close()


def test_an_event_heard_twice_under_two_ids_is_told(ocop: Ocop, change: Change) -> None:
    change("reporting", "INSERT INTO inbox (id, source, type, subject, sequence, heard_at) "
           "SELECT replace(id, substr(id, 1, 4), 'ffff'), source, type, subject, sequence, heard_at "
           "FROM inbox WHERE type = 'DossierWithdrawn'")  # fmt: skip

    found = line(ocop.json("audit", status=1), "DossierWithdrawn")

    assert (found["doubled"], found["strangers"]) == (1, 1)


@pytest.mark.parametrize(
    ("service", "statement", "where", "says"),
    [
        ("reporting", "DELETE FROM dossiers WHERE filing = 'withdrawn'", "reporting",
         "withdrawn, but reporting does not know it"),
        ("reporting", "UPDATE dossiers SET filing = 'submitted' WHERE filing = 'withdrawn'",
         "reporting", "withdrawn, but reporting has it submitted"),
        ("evaluation", "DELETE FROM assessments WHERE status = 'concluded' AND level = 'district'",
         "evaluation", "verified, but there is no assessment"),
        ("certification", "DELETE FROM cases WHERE status = 'closed'", "certification",
         "but there is no case"),
        ("certification", "UPDATE cases SET outcome = '{}' WHERE status = 'closed'",
         "certification", "the council concluded"),
        ("promotion", "DELETE FROM listings WHERE star = 5", "promotion",
         "but promotion has not that certificate"),
        ("promotion", "UPDATE listings SET star = 4 WHERE star = 5", "promotion",
         "but promotion has 4 stars"),
        ("promotion", "UPDATE listings SET status = 'ended' WHERE star = 5", "promotion",
         "5 stars, valid, but the listing is ended"),
        ("reporting", "UPDATE dossiers SET certificate_star = 4 WHERE certificate_star = 5",
         "reporting", "but reporting has 4 stars"),
        ("reporting", "UPDATE dossiers SET listed_on = NULL WHERE certificate_star = 5",
         "reporting", "listed in the catalogue, but reporting has it not listed"),
        ("registration", "DELETE FROM dossiers WHERE status = 'withdrawn'", "reporting",
         "registration does not know it"),
    ],
)  # fmt: skip
def test_a_dossier_that_a_service_does_not_know_as_it_should_is_named_with_the_reason(
    ocop: Ocop, change: Change, service: str, statement: str, where: str, says: str
) -> None:
    change(service, statement)

    report = ocop.json("audit", status=1)

    reasons = [each["reason"] for each in report["unaccounted"] if each["service"] == where]
    assert any(says in reason for reason in reasons), report["unaccounted"]


def test_nobody_goes_on_with_a_withdrawn_dossier(ocop: Ocop, change: Change) -> None:
    change("registration", "UPDATE dossiers SET status = 'withdrawn' WHERE status = 'verified'")
    change("evaluation", "UPDATE assessments SET status = 'waiting'")

    report = ocop.json("audit", status=1)

    reasons = {each["service"]: each["reason"] for each in report["unaccounted"]}
    assert reasons["evaluation"] == "withdrawn, but its assessment is still at work"
    assert reasons["reporting"] == "withdrawn, but reporting has it verified"
    assert "withdrawn, but its case is closed" in {
        each["reason"] for each in report["unaccounted"]
    }


@pytest.mark.parametrize(
    ("service", "statement", "what"),
    [
        ("registration", "UPDATE acts SET grounds = '{}' WHERE act = 'submit'", "broken chains"),
        ("certification", "DELETE FROM acts WHERE number = 1", "broken chains"),
        ("certification", "UPDATE serials SET last = last + 1", "certificate numbers drawn"),
        ("certification", "DELETE FROM certificates WHERE star = 3", "decisions whose dossiers"),
        ("evaluation", "UPDATE assessments SET conclusion = replace(conclusion, '\"mean\": \"', '\"mean\": \"1')",
         "ratings of 20"),
    ],
)  # fmt: skip
def test_a_sum_that_does_not_re_add_is_told(
    ocop: Ocop, change: Change, service: str, statement: str, what: str
) -> None:
    change(service, statement)

    report = ocop.json("audit", status=1)

    wrong = [check["what"] for check in report["checks"] if not check["right"]]
    assert any(what in each for each in wrong), wrong


def test_the_events_of_one_dossier_are_shown_with_who_heard_them(
    ocop: Ocop, change: Change
) -> None:
    (id_,) = _one(ocop, "registration", "SELECT id FROM dossiers WHERE status = 'withdrawn'")
    subject = f"{id_[:8]}-{id_[8:12]}-{id_[12:16]}-{id_[16:20]}-{id_[20:]}"
    change("reporting", "DELETE FROM inbox WHERE type = 'DossierWithdrawn'")

    shown = ocop.json("events", "show", subject)

    assert [each["event"]["type"] for each in shown][-1] == "DossierWithdrawn"
    assert shown[0]["waits_at"] == []
    assert shown[-1]["waits_at"] == ["reporting"]


def _one(ocop: Ocop, service: str, statement: str) -> Any:
    with sqlite3.connect(ocop.data / f"{service}.sqlite") as connection:
        return connection.execute(statement).fetchone()
