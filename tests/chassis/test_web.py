"""Every answer is clear: an act with its record and news, or a problem document and nothing changed."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from chassis import acts, outbox
from chassis.database import Database
from chassis.settings import Settings
from chassis.web.app import build
from tests.chassis.tally import SOURCE
from tests.chassis.tally_web import add, counted, make_app, problem

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_an_act_is_committed_with_its_record_and_its_news(
    client: FlaskClient, officer: dict[str, str], database: Database
) -> None:
    answer = add(client, officer, **{"X-Request-Id": "r-1", "traceparent": TRACE})

    assert (answer.status_code, answer.json) == (200, {"name": "pots", "number": 2})
    with database.reading() as session:
        (act,) = acts.of(session, "pots")
        ((_, news),) = outbox.unsent(session, source=SOURCE, limit=9)
    assert (act.actor, act.role, act.act, act.grounds) == (
        "officer-7",
        "ocop-officer",
        "add",
        '{"number": 2}',
    )
    assert (news.causationid, news.traceparent) == ("r-1", TRACE)


@pytest.mark.parametrize("header", ["x" * 81, "two words", "\u1ea1".encode().decode("latin-1")])
def test_a_tracing_header_that_cannot_be_kept_is_left_out(
    client: FlaskClient, officer: dict[str, str], database: Database, header: str
) -> None:
    answer = add(client, officer, **{"X-Request-Id": header})

    assert answer.status_code == 200
    with database.reading() as session:
        ((_, news),) = outbox.unsent(session, source=SOURCE, limit=9)
    assert news.causationid is None


@pytest.mark.parametrize(
    ("knock", "status", "slug"),
    [
        ({"json": {"number": 1}}, 422, "count-odd"),
        ({"json": {"number": 12}}, 422, "unprocessable-entity"),
        ({"json": {"number": "many"}}, 422, "unprocessable-entity"),
        ({"json": {}}, 422, "unprocessable-entity"),
        ({"json": {"number": 2, "surprise": 1}}, 422, "unprocessable-entity"),
        ({"json": [1]}, 422, "unprocessable-entity"),
        ({"data": "{", "content_type": "application/json"}, 400, "bad-request"),
        ({"data": b"\xff\xfe", "content_type": "application/json"}, 400, "bad-request"),
        ({"json": {"number": 2, "remark": "x" * 3000}}, 413, "request-entity-too-large"),
    ],
)
def test_what_cannot_be_done_is_a_problem_document_and_changes_nothing(
    client: FlaskClient, officer: dict[str, str], database: Database,
    knock: dict[str, Any], status: int, slug: str,
) -> None:  # fmt: skip
    answer = client.post("/tally/counts/pots", headers=officer, **knock)

    assert problem(answer) == (status, slug)
    assert counted(database) == []
    with database.reading() as session:
        assert outbox.depth(session) == (0, None)


def test_a_problem_names_the_field_at_fault(client: FlaskClient, officer: dict[str, str]) -> None:
    answer = add(client, officer, "many")

    assert answer.json is not None
    assert answer.json["title"] == "number: Not a valid integer."
    assert answer.json["errors"] == {"json": {"number": ["Not a valid integer."]}}


@pytest.mark.parametrize(
    ("verb", "path", "status", "slug"),
    [
        ("GET", "/tally/counts/none", 404, "unknown-count"),
        ("GET", "/tally/nowhere", 404, "not-found"),
        ("GET", "/elsewhere", 404, "not-found"),
        ("DELETE", "/tally/counts/pots", 405, "method-not-allowed"),
    ],
)
def test_what_does_not_exist_is_a_problem_document(
    client: FlaskClient, officer: dict[str, str], verb: str, path: str, status: int, slug: str
) -> None:
    answer = client.open(path, method=verb, headers=officer)

    assert problem(answer) == (status, slug)


def test_a_wrong_method_is_told_the_right_ones(client: FlaskClient) -> None:
    answer = client.delete("/tally/counts/pots")

    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "POST"}


def test_a_fault_tells_no_detail_and_changes_nothing(
    client: FlaskClient, database: Database
) -> None:
    answer = client.post("/tally/faults/bug")

    assert problem(answer) == (500, "fault")
    assert "secret" not in answer.text
    assert counted(database) == []


def test_an_answer_of_refusal_changes_nothing_even_where_nothing_was_raised(
    client: FlaskClient, database: Database
) -> None:
    answer = client.post("/tally/faults/teapot", headers={"Idempotency-Key": "k"})

    assert answer.status_code == 418
    assert counted(database) == []
    with database.reading() as session:
        assert outbox.depth(session) == (0, None)


@pytest.mark.parametrize("kind", ["long", "half"])
def test_a_value_that_cannot_be_kept_is_the_caller_s_fault(
    client: FlaskClient, database: Database, kind: str
) -> None:
    if kind == "long" and database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite takes a text of any length")

    answer = client.post(f"/tally/faults/{kind}")

    assert problem(answer) == (422, "unfit-value")


def test_without_a_database_an_act_is_asked_to_come_again(
    settings: Settings, officer: dict[str, str]
) -> None:
    from tests.chassis.tally_web import blueprint

    away = Database("tally", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    client = build("tally", "Tally", [blueprint], away, settings).test_client()

    answers = [add(client, officer), client.get("/tally/counts/pots", headers=officer)]

    assert [problem(answer) for answer in answers] == [(503, "database-away")] * 2
    assert answers[0].headers["Retry-After"] == "5"


@pytest.mark.usefixtures("app")
def test_a_busy_database_is_asked_again(
    officer: dict[str, str], database: Database, settings: Settings
) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("a locked file counts as away")
    impatient = Database("tally", f"{database.url}?options=-clock_timeout%3D50")
    client = make_app(impatient, settings).test_client()
    add(client, officer)

    with database.transaction() as holder:
        holder.execute(text("UPDATE tally_counts SET number = 4"))
        answer = add(client, officer)

    impatient.engine.dispose()
    assert problem(answer) == (503, "database-busy")
