"""A subject's legal representative may be given with his number: kept and told as a pseudonym, and nowhere else."""

import json
from dataclasses import replace
from uuid import uuid4

from services.registration.api import make_app
from tests.builders.registration import ELSEWHERE, an_officer
from tests.registration.desk import SUBJECT, Desk

NUMBER, ANOTHER = "038 187 001 234", "038187001999"
DIGITS = ("038187001234", "038 187 001 234", "038187001999")
FIELD = "representative_personal_number"


def named(desk):
    """Who was said to be the representative, time after time."""
    return [
        json.loads(row.body)["representative"]
        for row in desk.events()
        if row.type == "RepresentativeNamed"
    ]


def test_the_number_is_told_as_a_pseudonym_and_is_nowhere_in_the_database(any_desk, capfd):
    desk = any_desk
    key = {"Idempotency-Key": "once"}
    path = f"/subjects/{uuid4()}"
    first = desk.send("PUT", path, an_officer(), SUBJECT | {FIELD: NUMBER}, headers=key)
    again = desk.send("PUT", path, an_officer(), SUBJECT | {FIELD: NUMBER}, headers=key)
    changed = desk.act("PUT", path, an_officer(), SUBJECT | {FIELD: ANOTHER})
    wrong = desk.send("PUT", path, an_officer(), SUBJECT | {FIELD: "0381870012349"})

    (one, other) = named(desk)
    assert one != other
    assert (first.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert first.get_json()["representative_identified"] is True
    assert FIELD not in changed
    assert (wrong.status_code, FIELD in wrong.get_json()["title"]) == (422, True)
    captured = capfd.readouterr()
    kept = json.dumps(desk.book(), ensure_ascii=False)
    answered = first.text + json.dumps(changed) + wrong.text
    for digits in (*DIGITS, "0381870012349"):
        assert digits not in kept + answered + captured.out + captured.err


def test_the_same_number_again_is_told_once_and_the_record_names_the_field_alone(desk):
    path = f"/subjects/{uuid4()}"
    for number in (NUMBER, NUMBER.replace(" ", "")):
        desk.act("PUT", path, an_officer(), SUBJECT | {FIELD: number})
    desk.act("PUT", path, an_officer(), SUBJECT | {FIELD: ANOTHER})

    assert len(named(desk)) == 2
    (changed,) = [row for row in desk.book()["acts"] if "change-subject" in row]
    assert '"changed":["representative_person"]' in changed.replace(" ", "")
    assert named(desk)[0] not in changed


def test_a_number_that_is_left_out_stays_and_null_takes_it_away(desk):
    path = f"/subjects/{uuid4()}"
    desk.act("PUT", path, an_officer(), SUBJECT | {FIELD: NUMBER})

    stays = desk.act("PUT", path, an_officer(), SUBJECT | {"phone": None, "commune": ELSEWHERE})
    gone = desk.act(
        "PUT", path, an_officer(ELSEWHERE), SUBJECT | {FIELD: None, "commune": ELSEWHERE}
    )

    assert (stays["representative_identified"], gone["representative_identified"]) == (True, False)
    assert named(desk)[1:] == [None]


def test_a_number_does_not_pass_to_another_name(desk):
    path = f"/subjects/{uuid4()}"
    desk.act("PUT", path, an_officer(), SUBJECT | {FIELD: NUMBER})
    body, before = SUBJECT | {"representative": "Lê Văn Kế"}, desk.book()

    refused = desk.send("PUT", path, an_officer(), body)
    unchanged = desk.book() == before
    told = desk.act("PUT", path, an_officer(), body | {FIELD: ANOTHER})

    assert (refused.status_code, refused.get_json()["slug"]) == (422, "representative-changed")
    assert FIELD in refused.get_json()["title"]
    assert unchanged
    assert told["representative"] == "Lê Văn Kế"


def test_without_a_number_nothing_is_said(desk):
    desk.act("PUT", f"/subjects/{uuid4()}", an_officer(), SUBJECT)

    assert desk.events() == []


def test_on_a_broker_a_number_waits_for_the_operators_key(desk, sqlite):
    settings = replace(desk.settings, broker_url="amqp://b/38")
    keyless = Desk(make_app(sqlite, settings), sqlite, settings)
    path = f"/subjects/{uuid4()}"

    refused = keyless.send("PUT", path, an_officer(), SUBJECT | {FIELD: NUMBER})

    assert (refused.status_code, refused.get_json()["slug"]) == (422, "no-pseudonym-key")
    assert "OCOP_PSEUDONYM_KEY" in refused.get_json()["title"]
    assert keyless.book()["subjects"] == []
    assert keyless.send("PUT", path, an_officer(), SUBJECT).status_code == 201
