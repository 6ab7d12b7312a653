"""A dossier's whole way through registration, over HTTP."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest

from chassis import acts
from contracts.catalogue import CONTRACTS
from tests.builders.registration import (
    COMMUNE,
    ELSEWHERE,
    ERAS,
    GONE,
    NOW,
    a_producer,
    an_officer,
    best,
    the_agency,
)
from tests.registration.desk import PDF, SUBJECT, report

each_era = pytest.mark.parametrize("era", ERAS.values(), ids=ERAS.keys())
PERSONAL = ("Đường Pháp Lý", "Nguyễn Thị Đại Diện", "0912345678", "0912 345 678", "0100233488",
            "038187001234")  # fmt: skip


@each_era
def test_a_dossier_goes_from_an_idea_to_its_communes_letter(desk, era):
    subject_id, dossier_id, day = uuid4(), uuid4(), era.day.isoformat()
    producer, path = a_producer(subject_id), f"/dossiers/{dossier_id}"

    desk.subject(era, id=subject_id)
    idea_id = desk.idea(subject_id, era)
    opened = desk.act(
        "PUT", path, producer,
        {"subject_id": str(subject_id), "idea_id": str(idea_id), "product_name": "Chè mẫu",
         "criteria_set": era.criteria_set, "on": day},
    )  # fmt: skip
    sha256 = desk.upload(who=producer).get_json()["sha256"]
    for code in opened["missing"]:
        if code in ("SAMPLE", "D05"):
            desk.act("PUT", f"{path}/samples", producer, {"count": 5})
        else:
            desk.act("PUT", f"{path}/components/{code}", producer, {"evidence": [sha256]})
    choices = best(era.pack.criteria_set(era.criteria_set))
    ticked = desk.act("PUT", f"{path}/self-assessment", producer, {"choices": choices})
    proof = {each["component"]: [sha256] for each in ticked["evidence_wanted"]}
    if proof:
        desk.act("PUT", f"{path}/components", producer, {"components": proof})
    filed = desk.act("POST", f"{path}/submit", producer, {"on": day})
    sent_back = desk.act(
        "POST", f"{path}/return", an_officer(), {"missing": [opened["missing"][0]], "on": day}
    )
    desk.act("POST", f"{path}/submit", producer, {"on": day})
    verified = desk.act(
        "POST", f"{path}/verify", an_officer(), report(era.pack_id, on=era.later(1).isoformat())
    )

    assert [filed["status"], sent_back["status"], verified["status"]] == [
        "submitted",
        "returned",
        "verified",
    ]
    assert verified["pack"] == era.pack_id
    assert verified["registration_number"] == f"01-01/PĐK-38-14758-{era.day.year}"
    assert (verified["missing"], verified["evidence_wanted"]) == ([], [])
    assert verified["components"].keys() >= proof.keys()
    said = desk.events()
    assert [row.type for row in said] == [
        "IdeaSelected", "DossierSubmitted", "DossierReturned", "DossierSubmitted",
        "CommuneVerified",
    ]  # fmt: skip
    assert [(row.subject, row.sequence) for row in said] == [
        (str(idea_id), 1), *((str(dossier_id), number) for number in (1, 2, 3, 4))
    ]  # fmt: skip
    for row in said:
        assert CONTRACTS[row.type]().validate(json.loads(row.body)) == {}


def test_no_data_of_people_leave_registration_nor_enter_the_record(desk):
    dossier_id = desk.submitted()
    path = f"/dossiers/{dossier_id}"
    subject_id = desk.act("GET", path, an_officer())["subject_id"]
    changed = SUBJECT | {"phone": "0987 654 321", "representative": "Trần Văn Thay",
                         "representative_personal_number": "038187001234"}  # fmt: skip
    desk.act("PUT", f"/subjects/{subject_id}", an_officer(), changed)
    told = [each | {"words": "Bà Năm ở xóm trên"} for each in report()["findings"]]
    desk.act("POST", f"{path}/verify", an_officer(), report(findings=told))

    book = desk.book()

    assert len(book["acts"]) > 8
    assert len(book["outbox"]) == 4
    kept = "\n".join(book["acts"] + book["outbox"])
    for secret in (*PERSONAL, "0987654321", "Trần Văn Thay", "Bà Năm"):
        assert secret not in kept
        assert secret not in "\n".join(book["idempotency_keys"])


def test_the_record_of_acts_holds_together(desk):
    desk.submitted()

    with desk.database.reading() as session:
        assert list(acts.broken(session)) == []


def test_the_evidence_that_was_attached_can_be_read(desk):
    path = f"/dossiers/{desk.complete()}"
    held = desk.act("GET", path, an_officer())["components"]["M01"][0]

    response = desk.send("GET", f"{path}/evidence/{held['sha256']}", the_agency())

    assert (response.data, response.content_type) == (PDF, "application/pdf")
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_a_withdrawn_dossier_is_told(desk):
    path = f"/dossiers/{desk.submitted()}"

    shown = desk.act("POST", f"{path}/withdraw", an_officer(), {})

    assert shown["status"] == "withdrawn"
    assert desk.events()[-1].type == "DossierWithdrawn"


def test_a_subject_is_registered_changed_and_left_as_it_is(desk):
    path = f"/subjects/{uuid4()}"
    body = SUBJECT | {"on": "2026-06-01"}

    first = desk.send("PUT", path, an_officer(), body)
    again = desk.send("PUT", path, an_officer(), body)
    changed = desk.send("PUT", path, an_officer(), SUBJECT | {"phone": None})

    assert [first.status_code, again.status_code, changed.status_code] == [201, 200, 200]
    assert [each.headers["ETag"] for each in (first, again, changed)] == ['"1"', '"1"', '"2"']
    assert first.get_json()["phone"] == "0912345678"
    assert changed.get_json()["phone"] is None
    assert [row for row in desk.book()["acts"] if "-subject" in row].__len__() == 2


def test_a_subject_is_changed_only_on_the_version_that_was_seen(desk):
    subject_id = desk.subject()
    path = f"/subjects/{subject_id}"
    before = desk.book()

    stale = desk.send(
        "PUT", path, an_officer(), SUBJECT | {"phone": None}, headers={"If-Match": '"7"'}
    )
    unchanged = desk.book()
    fresh = desk.send(
        "PUT", path, an_officer(), SUBJECT | {"phone": None}, headers={"If-Match": '"1"'}
    )

    assert (stale.status_code, stale.get_json()["slug"]) == (412, "version-mismatch")
    assert unchanged == before
    assert fresh.status_code == 200


def test_if_match_on_a_subject_that_is_not_there_registers_nothing(desk):
    response = desk.send(
        "PUT", f"/subjects/{uuid4()}", an_officer(), SUBJECT, headers={"If-Match": '"1"'}
    )

    assert response.status_code == 412
    assert desk.book()["subjects"] == []


def test_communes_merge_and_the_subject_moves_while_its_dossiers_stay(desk):
    before = ERAS["QD148-2023"]
    subject_id = desk.subject(before)
    old_dossier = desk.draft(before, subject_id=subject_id)
    path = f"/subjects/{subject_id}"
    gone = desk.subject(before, commune=GONE)

    refused = desk.send(
        "PUT", f"/dossiers/{uuid4()}", a_producer(gone),
        {"subject_id": str(gone), "idea_id": None, "purpose": "upgrade", "product_name": "Chè",
         "criteria_set": "QD26-11", "on": NOW.day.isoformat()},
    )  # fmt: skip
    desk.act("PUT", path, an_officer(), SUBJECT | {"commune": ELSEWHERE, "on": "2026-07-01"})
    desk.act("PUT", f"/subjects/{gone}", an_officer(), SUBJECT | {"on": "2026-07-01"})

    assert (refused.status_code, refused.get_json()["slug"]) == (422, "unknown-unit")
    assert "change the subject first" in refused.get_json()["title"]
    assert desk.act("GET", path, an_officer(ELSEWHERE))["district"] is None
    assert desk.act("GET", f"/dossiers/{old_dossier}", an_officer())["commune"] == COMMUNE
    assert desk.act("GET", f"/subjects/{gone}", an_officer())["commune"] == COMMUNE


def test_the_same_key_gives_the_same_answer_once(desk):
    path = f"/dossiers/{desk.complete()}/submit"
    key = {"Idempotency-Key": "one"}

    first = desk.send("POST", path, an_officer(), {}, headers=key)
    second = desk.send("POST", path, an_officer(), {}, headers=key)

    assert (first.status_code, first.get_json()) == (200, second.get_json())
    assert [row.type for row in desk.events()].count("DossierSubmitted") == 1


def test_a_filed_dossier_shows_when_the_commune_is_due(desk):
    path = f"/dossiers/{desk.complete()}"

    draft = desk.act("GET", path, an_officer())["due_on"]
    filed = desk.act("POST", f"{path}/submit", an_officer(), {"on": "2026-08-20"})["due_on"]

    fifteen_weekdays = date(2026, 9, 10)
    assert draft is None
    assert filed == (fifteen_weekdays + timedelta(days=5)).isoformat()  # 31/8, 1/9, 2/9 are off


def test_dossiers_are_listed_for_the_offices_of_their_area(desk):
    dossier_id = desk.submitted()

    def ids(who, query=""):
        return [each["id"] for each in desk.act("GET", f"/dossiers{query}", who)]

    assert ids(an_officer()) == ids(the_agency()) == [str(dossier_id)]
    assert ids(an_officer(ELSEWHERE)) == ids(the_agency("40")) == []
    assert ids(the_agency(), "?status=draft") == []
    assert ids(the_agency(), f"?after={dossier_id}") == []
