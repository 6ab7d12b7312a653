"""The ledger finds nothing where nothing happened, and counts each thing that was lost, doubled or left lying."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from chaos import ledger
from chaos.cohort import FATES, a_cohort
from chaos.effects import Said
from chaos.ledger import Ledger
from chaos.office import NotingOffice, Promises
from chaos.walk import Walk
from chassis.settings import read
from cli.embedded import Embedded
from cli.house import House
from cli.settling import settle


@dataclass
class Instance:
    """An instance through which one cohort has gone, with all that it has promised."""

    house: House
    promised: Said

    def count(self) -> Ledger:
        return ledger.count(self.house, self.promised)

    def change(self, service: str, statement: str) -> None:
        """Change one row of a service behind its back."""
        with self.house.database(service).transaction() as session:
            assert session.execute(text(statement)).rowcount == 1  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    """The data folder after the walk, which tests copy, and what was promised."""
    folder = tmp_path_factory.mktemp("walked")
    house = House(read({"OCOP_DATA": str(folder)}))
    house.migrate()
    cohort, promises = a_cohort(7, 1, size=len(FATES)), Promises()
    with Embedded(house):
        desk = NotingOffice(house, cohort.name, promises)
        Walk(cohort, desk, done=lambda _dossiers: None).go()
        settle(house, 60)
    house.close()
    return folder, promises.made()


@pytest.fixture
def walked(original: tuple[Path, Said], tmp_path: Path) -> Iterator[Instance]:
    folder, promised = original
    copy = shutil.copytree(folder, tmp_path / "data")
    house = House(read({"OCOP_DATA": str(copy)}))
    yield Instance(house, promised)
    house.close()


def test_a_cohort_that_nobody_disturbed_has_every_event_effected_once(walked: Instance) -> None:
    counted = walked.count()

    totals = counted.totals
    assert (totals.lost, totals.doubled, totals.stuck, totals.parked, totals.dead) == (0,) * 5
    assert counted.is_right
    assert {line.type for line in counted.lines} >= {
        "IdeaSelected", "DossierSubmitted", "CommuneVerified", "DossierReturned", "DossierWithdrawn",
        "ScoredAtProvince", "CertifiedAtProvince", "CertifiedNational", "ReferredNational",
        "NationalResultRecorded", "ProductListed",
    }  # fmt: skip
    assert all(line.effected >= line.sent > 0 for line in counted.lines if line.type != UNKEPT)


UNKEPT = "MembersCleared"
"""An event that reporting keeps no line of."""

ONE = "IN (SELECT {0} FROM {1} LIMIT 1)"

SAID = "IN (SELECT id FROM outbox WHERE type = 'CommuneVerified' LIMIT 1)"

LOSSES = (
    ("reporting", "DELETE FROM events WHERE id " + ONE.format("id", "events")),
    ("reporting", "DELETE FROM inbox WHERE id " + ONE.format("id", "inbox")),
    ("evaluation", "DELETE FROM assessments WHERE id " + ONE.format("id", "assessments")),
    ("certification", "DELETE FROM certificates WHERE id " + ONE.format("id", "certificates")),
    ("promotion", "DELETE FROM listings WHERE id " + ONE.format("id", "listings")),
    ("registration", "DELETE FROM outbox WHERE id " + SAID),
)


@pytest.mark.parametrize(("service", "statement"), LOSSES)
def test_what_is_taken_away_counts_as_lost(walked: Instance, service: str, statement: str) -> None:
    walked.change(service, statement)

    counted = walked.count()

    assert counted.totals.lost > 0
    assert not counted.is_right


def test_an_event_said_twice_counts_as_doubled(walked: Instance) -> None:
    walked.change(
        "registration",
        "INSERT INTO outbox (id, type, subject, sequence, time, correlationid, body)"
        " SELECT 'ffffffffffffffffffffffffffffffff', type, subject, 99, time, correlationid, body"
        " FROM outbox WHERE type = 'DossierSubmitted' LIMIT 1",
    )

    assert walked.count().totals.doubled == 1


def test_an_effect_that_is_there_twice_counts_as_doubled(walked: Instance) -> None:
    walked.change(
        "reporting",
        "INSERT INTO events (id, type, subject, sayer, time, province, commune)"
        " SELECT 'ffffffffffffffffffffffffffffffff', type, subject, sayer, time, province, commune"
        " FROM events WHERE type = 'CommuneVerified' LIMIT 1",
    )

    assert walked.count().totals.doubled == 1


def test_what_was_not_sent_counts_as_stuck(walked: Instance) -> None:
    walked.change(
        "evaluation",
        "DELETE FROM outbox_sent WHERE position IN (SELECT max(position) FROM outbox)",
    )

    counted = walked.count()

    assert counted.totals.stuck > 0
    assert not counted.is_right


def test_what_was_promised_and_never_said_counts_as_lost(walked: Instance) -> None:
    walked.promised = walked.promised + Counter({("DossierSubmitted", "nobody"): 1})

    assert walked.count().totals.lost == 1
