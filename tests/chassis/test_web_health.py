"""A proxy or an orchestrator sees whether a web process can work."""

from pathlib import Path

from flask.testing import FlaskClient

from chassis.database import Database
from chassis.settings import Settings
from tests.chassis.tally_web import make_app


def test_a_web_process_is_well_while_its_database_answers(client: FlaskClient) -> None:
    answer = client.get("/tally/health")

    assert (answer.status_code, answer.json) == (200, {"database": "answers"})


def test_a_web_process_whose_database_is_away_says_so(settings: Settings, tmp_path: Path) -> None:
    there = tmp_path / "tally.sqlite"
    database = Database("tally", f"sqlite:///{there}")
    client = make_app(database, settings).test_client()
    database.engine.dispose()
    there.unlink()
    there.mkdir()

    answer = client.get("/tally/health")

    assert (answer.status_code, answer.json) == (503, {"database": "away"})
