"""An act happens once per key, and only on the version that its caller saw."""

import io
import threading

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from chassis.database import Database
from chassis.settings import Settings
from regulation.acting import Role
from tests.chassis.tally_web import add, counted, headers_of, problem


def test_a_key_makes_an_act_happen_once(
    client: FlaskClient, officer: dict[str, str], database: Database
) -> None:
    first = add(client, officer, **{"Idempotency-Key": "k-1"})
    again = add(client, officer, **{"Idempotency-Key": "k-1"})

    assert (again.status_code, again.json) == (first.status_code, first.json)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert counted(database) == [("pots", 2)]


def test_a_key_is_its_owner_s_alone(
    client: FlaskClient, officer: dict[str, str], settings: Settings, database: Database
) -> None:
    add(client, officer, **{"Idempotency-Key": "k-1"})

    add(client, headers_of(settings, Role.OCOP_OFFICER, "officer-8"), **{"Idempotency-Key": "k-1"})

    assert counted(database) == [("pots", 4)]


def test_a_key_with_another_request_is_refused(
    client: FlaskClient, officer: dict[str, str], database: Database
) -> None:
    add(client, officer, **{"Idempotency-Key": "k-1"})

    answer = add(client, officer, 4, **{"Idempotency-Key": "k-1"})

    assert problem(answer) == (409, "idempotency-key-reused")
    assert counted(database) == [("pots", 2)]


def test_a_refused_act_may_be_mended_under_its_key(
    client: FlaskClient, officer: dict[str, str], database: Database
) -> None:
    add(client, officer, 3, **{"Idempotency-Key": "k-1"})

    answer = add(client, officer, 4, **{"Idempotency-Key": "k-1"})

    assert answer.status_code == 200
    assert counted(database) == [("pots", 4)]


def test_the_same_request_many_times_at_once_happens_once_and_all_get_its_answer(
    app: Flask, officer: dict[str, str], database: Database
) -> None:
    answers: list[TestResponse] = []
    start = threading.Barrier(4)

    def knock() -> None:
        client = app.test_client()
        start.wait()
        answers.append(add(client, officer, **{"Idempotency-Key": "k-1"}))

    threads = [threading.Thread(target=knock) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [(answer.status_code, answer.json) for answer in answers] == [
        (200, {"name": "pots", "number": 2})
    ] * 4
    assert counted(database) == [("pots", 2)]


def test_a_key_tells_uploads_apart_by_their_content(
    client: FlaskClient, officer: dict[str, str]
) -> None:
    def upload(content: bytes) -> TestResponse:
        return client.post(
            "/tally/files",
            data={"file": (io.BytesIO(content), "a.pdf")},
            headers=officer | {"Idempotency-Key": "k-1"},
        )

    first, same, other = upload(b"one"), upload(b"one"), upload(b"another")

    assert first.json == same.json == {"name": "a.pdf", "number": 3}
    assert same.headers["Idempotency-Replayed"] == "true"
    assert problem(other) == (409, "idempotency-key-reused")


def test_an_act_on_an_old_version_is_refused(
    client: FlaskClient, officer: dict[str, str], database: Database
) -> None:
    seen = add(client, officer).headers["ETag"]
    add(client, officer)

    answer = add(client, officer, **{"If-Match": seen})

    assert problem(answer) == (412, "version-mismatch")
    assert counted(database) == [("pots", 4)]


def test_an_act_on_the_newest_version_is_done(
    client: FlaskClient, officer: dict[str, str]
) -> None:
    add(client, officer)
    seen = client.get("/tally/counts/pots", headers=officer).headers["ETag"]

    answer = add(client, officer, **{"If-Match": seen})

    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')


def test_two_acts_at_once_on_one_thing_lose_neither(
    app: Flask, officer: dict[str, str], database: Database
) -> None:
    add(app.test_client(), officer, 0)
    statuses: list[int] = []

    def knock() -> None:
        statuses.append(add(app.test_client(), officer).status_code)

    threads = [threading.Thread(target=knock) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(statuses) <= {200, 409}
    assert counted(database) == [("pots", 2 * statuses.count(200))]


def test_every_answer_carries_careful_headers(client: FlaskClient) -> None:
    for path in ("/tally/docs", "/tally/openapi.json", "/tally/nowhere"):
        answer = client.get(path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
