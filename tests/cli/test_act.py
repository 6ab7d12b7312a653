"""`ocop act`: the acts of the HTTP API from the command line, with the same rights, refusals and records."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from waitress.server import create_server

from chassis import acts
from chassis.settings import read
from cli.house import House
from tests.cli.calling import Ocop, assert_mistake

COMMUNE = "14812"
CLERK = ("--as", "clerk-7", "--grant", f"commune-officer@{COMMUNE}")


@pytest.fixture
def ocop(tmp_path: Path) -> Ocop:
    """An instance whose registration is migrated."""
    call = Ocop(tmp_path)
    assert call("migrate", "registration").exit_code == 0
    return call


def a_subject(**changes: Any) -> str:
    values = {
        "kind": "household",
        "legal_name": "Hộ mẫu",
        "public_name": "Hộ mẫu",
        "representative": "Lê Văn Mẫu",
        "commune": COMMUNE,
    }
    return json.dumps(values | changes)


def test_every_act_is_listed_with_who_may_do_it(ocop: Ocop) -> None:
    listed = ocop.json("act", "list")

    (submit,) = [each for each in listed if each["path"].endswith("/submit")
                 and each["service"] == "registration"]  # fmt: skip
    assert submit["verb"] == "POST"
    assert submit["roles"] == "producer, commune-officer"
    assert submit["summary"].startswith("File the dossier")
    assert {each["service"] for each in listed} == {
        "registration", "evaluation", "certification", "promotion", "reporting"
    }  # fmt: skip
    assert "GET" not in {each["verb"] for each in listed}


def test_an_act_happens_and_is_recorded(ocop: Ocop) -> None:
    id_ = str(uuid4())

    answer = ocop.json(
        "act", "registration", "PUT", f"/subjects/{id_}", "--data", a_subject(), *CLERK
    )

    assert answer["id"] == id_
    house = House(read(ocop.settings))
    with house.database("registration").reading() as session:
        (act,) = acts.of(session, id_)
    house.close()
    assert (act.actor, act.role, act.act) == ("clerk-7", "commune-officer", "register-subject")


def test_an_act_without_the_right_is_refused_and_changes_nothing(ocop: Ocop) -> None:
    path = f"/registration/subjects/{uuid4()}"
    stranger = ("--as", "clerk-8", "--grant", "commune-officer@14809")

    refused = ocop("act", "registration", "PUT", path, "--data", a_subject(), *stranger)

    assert_mistake(refused, "not-allowed")
    assert_mistake(ocop("act", "registration", "GET", path, *CLERK), "does not exist")


def test_an_act_with_an_idempotency_key_happens_once(ocop: Ocop) -> None:
    words = (
        "act",
        "registration",
        "PUT",
        f"subjects/{uuid4()}",
        "--data",
        a_subject(),
        "--key",
        "k1",
    )

    first, second = ocop.json(*words, *CLERK), ocop.json(*words, *CLERK)

    assert first == second
    assert first["version"] == 1


def test_an_act_on_an_older_version_is_refused(ocop: Ocop) -> None:
    path = f"subjects/{uuid4()}"
    ocop("act", "registration", "PUT", path, "--data", a_subject(), *CLERK)
    other = a_subject(representative="Lê Thị Mẫu")

    refused = ocop("act", "registration", "PUT", path, "--data", other, "--if-match", "7", *CLERK)

    assert_mistake(refused, "version-mismatch")


def test_the_body_is_read_from_a_file_or_from_standard_input(ocop: Ocop, tmp_path: Path) -> None:
    file = tmp_path / "subject.json"
    file.write_text(a_subject(), encoding="utf-8")

    by_file = ocop(
        "act", "registration", "PUT", f"subjects/{uuid4()}", "--data", f"@{file}", *CLERK
    )
    by_input = ocop(
        "act",
        "registration",
        "PUT",
        f"subjects/{uuid4()}",
        "--data",
        "-",
        *CLERK,
        given=a_subject(),
    )

    assert (by_file.exit_code, by_input.exit_code) == (0, 0)


def test_a_file_is_uploaded(ocop: Ocop, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(b"%PDF-1.4\n% sample\n")

    answer = ocop.json("act", "registration", "POST", "/evidence", "--file", str(file), *CLERK)

    assert answer["media_type"] == "application/pdf"
    assert (tmp_path / "evidence").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("PUT", "/subjects/x", "--data", "{}"), "say who acts"),
        (("PUT", "/subjects/x", "--data", "{", *CLERK), "not JSON"),
        (("PUT", "/subjects/x", "--data", "@/no/such/file", *CLERK), "/no/such/file"),
        (("PUT", "/nowhere", *CLERK), "not-found"),
        (("GET", "/dossiers", "--url", "http://localhost:1"), "go together"),
        (("GET", "/dossiers", "--url", "ftp://x", "--token", "t"), "http://"),
        (("PUT", f"/subjects/{uuid4()}", "--data", a_subject(kind="castle"), *CLERK), "kind"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    ocop: Ocop, words: tuple[str, ...], says: str
) -> None:
    assert_mistake(ocop("act", "registration", *words), says)


@pytest.fixture
def server(ocop: Ocop) -> Iterator[str]:
    """The same instance behind a port."""
    house = House(read(ocop.settings), ("registration",))
    waitress = create_server(house.app("registration"), host="127.0.0.1", port=0)
    thread = threading.Thread(target=waitress.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{waitress.effective_port}"
    waitress.close()
    house.close()


def test_an_act_is_sent_to_a_server(ocop: Ocop, server: str) -> None:
    minted = ocop(
        "token", "--id", "clerk-7", "--grant", f"commune-officer@{COMMUNE}"
    ).stdout.strip()
    there = ("--url", server, "--token", minted)
    id_ = str(uuid4())

    put = ocop.json(
        "act", "registration", "PUT", f"/subjects/{id_}", "--data", a_subject(), *there
    )
    refused = ocop("act", "registration", "POST", f"/dossiers/{id_}/submit", *there)

    assert put["id"] == id_
    assert_mistake(refused, "does not exist")


def test_a_server_that_does_not_answer_is_told_in_one_line(ocop: Ocop) -> None:
    result = ocop(
        "act", "registration", "GET", "/dossiers", "--url", "http://127.0.0.1:9", "--token", "t"
    )

    assert result.exit_code == 1
    assert "does not answer" in result.stderr


def test_an_act_needs_no_secret_where_a_provider_issues_the_tokens(tmp_path: Path) -> None:
    keys = tmp_path / "jwks.json"
    keys.write_text('{"keys": []}')
    call = Ocop(tmp_path, OCOP_JWKS_FILE=str(keys))
    call("migrate", "registration")

    result = call(
        "act", "registration", "PUT", f"subjects/{uuid4()}", "--data", a_subject(), *CLERK
    )

    assert result.exit_code == 0
    assert not (tmp_path / "token-secret").exists()
