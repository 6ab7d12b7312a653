"""Bad input over HTTP: each answers with a problem document that names the field or the rule, and changes nothing."""

import io
from uuid import uuid4

import pytest

from tests.builders.registration import ERAS, NOW, an_officer, the_agency
from tests.registration.desk import PDF, SUBJECT, report

NOWHERE = uuid4()
SHA = "a" * 64


def refused(desk, status, slug, says, verb, path, body=None, who=None, **more):
    """The request is refused so, and the database is as it was."""
    before = desk.book()

    response = desk.send(verb, path, who or an_officer(), body, **more)

    problem = response.get_json()
    assert (response.status_code, problem["slug"]) == (status, slug), problem
    assert response.content_type == "application/problem+json"
    assert says in problem["title"]
    assert desk.book() == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"kind": ', 400),
        (b"\xff\xfe", 400),
        (b"[]", 422),
        (b'"text"', 422),
        (b"7", 422),
        (b"null", 422),
        (b"", 422),
        (b'{"\\ud800": 1}', 422),
        (b'{"kind": ' + b"9" * 5000 + b"}", 400),
        (b"[" * 50_000, 400),
    ],
    ids=["cut off", "no utf-8", "list", "text", "number", "null", "empty", "half a letter",
         "a huge number", "deep"],
)  # fmt: skip
def test_a_body_that_is_no_json_object_is_refused(any_desk, body, status):
    before = any_desk.book()

    response = any_desk.send(
        "PUT", f"/subjects/{uuid4()}", an_officer(), data=body, content_type="application/json"
    )

    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    assert any_desk.book() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "circus"),
        ("kind", None),
        ("legal_name", None),
        ("legal_name", ["x"]),
        ("legal_name", "a\x00b"),
        ("public_name", "\ud800"),
        ("representative", "x" * 301),
        ("phone", "gọi sau"),
        ("tax_code", "0100233480"),
        ("commune", "abc"),
        ("on", "yesterday"),
        ("on", "2026-02-30"),
        ("on", 20260101),
        ("rank", "general"),
    ],
)
def test_a_field_that_does_not_fit_is_named(any_desk, field, value):
    refused(
        any_desk, 422, "unprocessable-entity", f"{field}: ",
        "PUT", f"/subjects/{uuid4()}", SUBJECT | {field: value},
    )  # fmt: skip


def test_a_field_that_is_missing_is_named(desk):
    body = {name: value for name, value in SUBJECT.items() if name != "kind"}

    refused(desk, 422, "unprocessable-entity", "kind: ", "PUT", f"/subjects/{uuid4()}", body)


@pytest.mark.parametrize(
    ("changes", "slug", "says"),
    [
        ({"commune": "00000"}, "unknown-unit", "commune: '00000' is no commune on 2026-11-20"),
        ({"on": "2026-11-21"}, "date-in-future", "on: 2026-11-21"),
    ],
)
def test_a_subject_that_breaks_a_rule_is_refused(desk, changes, slug, says):
    refused(desk, 422, slug, says, "PUT", f"/subjects/{uuid4()}", SUBJECT | changes)


UNKNOWN = [
    ("GET", "/subjects/{id}", None, "unknown-subject"),
    ("PUT", "/ideas/{id}", {"subject_id": str(NOWHERE), "title": "Chè"}, "unknown-subject"),
    ("GET", "/ideas/{id}", None, "unknown-idea"),
    ("PUT", "/dossiers/{id}", {"subject_id": str(NOWHERE), "product_name": "Chè",
                               "criteria_set": "QD26-11"}, "unknown-subject"),
    ("GET", "/dossiers/{id}", None, "unknown-dossier"),
    ("GET", "/dossiers/{id}/checklist", None, "unknown-dossier"),
    ("GET", "/dossiers/{id}/self-assessment", None, "unknown-dossier"),
    ("GET", "/dossiers/{id}/acts", None, "unknown-dossier"),
    ("GET", "/dossiers/{id}/evidence/" + SHA, None, "unknown-dossier"),
    ("PUT", "/dossiers/{id}/components/M01", {"evidence": [SHA]}, "unknown-dossier"),
    ("PUT", "/dossiers/{id}/components", {"components": {"M01": [SHA]}}, "unknown-dossier"),
    ("PUT", "/dossiers/{id}/samples", {"count": 5}, "unknown-dossier"),
    ("PUT", "/dossiers/{id}/self-assessment", {"choices": {}}, "unknown-dossier"),
    ("POST", "/dossiers/{id}/submit", {}, "unknown-dossier"),
    ("POST", "/dossiers/{id}/verify", report(), "unknown-dossier"),
    ("POST", "/dossiers/{id}/return", {"missing": ["M01"]}, "unknown-dossier"),
    ("POST", "/dossiers/{id}/withdraw", {}, "unknown-dossier"),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "path", "body", "slug"), UNKNOWN)
def test_what_is_not_there_is_not_found(desk, verb, path, body, slug):
    refused(desk, 404, slug, str(NOWHERE), verb, path.format(id=NOWHERE), body)


@pytest.mark.parametrize("path", ["/subjects/12", "/dossiers/1/submit", "/nothing", "/subjects/"])
def test_a_path_that_leads_nowhere_is_not_found(desk, path):
    refused(desk, 404, "not-found", "", "GET", path)


def test_a_verb_that_is_not_offered_is_refused(desk):
    refused(desk, 405, "method-not-allowed", "", "DELETE", f"/subjects/{NOWHERE}")


def test_an_oversized_body_is_refused(desk):
    body = SUBJECT | {"legal_name": "x" * desk.settings.max_body}

    refused(desk, 413, "request-entity-too-large", "", "PUT", f"/subjects/{uuid4()}", body)


def opening(desk, **changes):
    subject_id = desk.subject()
    body = {
        "subject_id": str(subject_id),
        "idea_id": str(desk.idea(subject_id)),
        "product_name": "Chè mẫu",
        "criteria_set": "QD26-11",
        "on": NOW.day.isoformat(),
    }
    return body | changes


@pytest.mark.parametrize(
    ("changes", "status", "slug", "says"),
    [
        ({"pack": "QD148-2023"}, 422, "pack-not-in-force", "QD148-2023"),
        ({"pack": "QD99"}, 422, "unknown-pack", "QD99"),
        ({"on": "2018-01-01"}, 422, "pack-not-in-force", "2018-01-01"),
        ({"on": "2026-11-21"}, 422, "date-in-future", "on: "),
        ({"criteria_set": "QD26-99"}, 422, "unknown-criteria-set", "QD26-99"),
        ({"idea_id": None}, 409, "idea-not-selected", "idea_id: "),
        ({"idea_id": str(NOWHERE)}, 404, "unknown-idea", str(NOWHERE)),
        ({"purpose": "fun"}, 422, "unprocessable-entity", "purpose: "),
        ({"subject_id": "12"}, 422, "unprocessable-entity", "subject_id: "),
    ],
)
def test_a_dossier_that_breaks_a_rule_is_not_opened(desk, changes, status, slug, says):
    body = opening(desk, **changes)

    refused(desk, status, slug, says, "PUT", f"/dossiers/{uuid4()}", body)


def test_a_set_with_unknown_points_opens_nothing(desk):
    era = ERAS["QD1048-2019"]
    subject_id = desk.subject(era)
    body = {"subject_id": str(subject_id), "idea_id": str(desk.idea(subject_id, era)),
            "product_name": "Gạo", "criteria_set": "QD1048-03", "on": "2022-03-01"}  # fmt: skip

    refused(desk, 422, "incomplete-criteria-set", "QD1048-03", "PUT", f"/dossiers/{uuid4()}", body)


def test_an_id_that_is_taken_is_refused(desk):
    dossier_id, subject_id = desk.draft(), desk.subject()
    idea_id = desk.idea(subject_id)
    idea = {"subject_id": str(subject_id), "title": "Khác"}

    refused(desk, 409, "already-exists", "", "PUT", f"/dossiers/{dossier_id}", opening(desk))
    refused(desk, 409, "already-exists", "", "PUT", f"/ideas/{idea_id}", idea)


@pytest.mark.parametrize(
    ("path", "body", "status", "slug", "says"),
    [
        ("components/M99", {"evidence": [SHA]}, 404, "unknown-evidence", SHA),
        ("components/M01", {"evidence": []}, 422, "unprocessable-entity", "evidence: "),
        ("components/M01", {"evidence": ["../x"]}, 422, "unprocessable-entity", "evidence."),
        ("components/M01", {"evidence": SHA}, 422, "unprocessable-entity", "evidence"),
        ("components", {"components": {}}, 422, "unprocessable-entity", "components: "),
        ("components", {"components": {"M01": []}}, 422, "unprocessable-entity", "components.M01."),
        ("components", {"components": {"M01": [SHA]}}, 404, "unknown-evidence", SHA),
        ("samples", {"count": "five"}, 422, "unprocessable-entity", "count: "),
        ("self-assessment", {"choices": {"99.9": 1}}, 422, "unknown-criterion", "99.9"),
        ("self-assessment", {"choices": {"1.1": 9}}, 422, "unknown-option", "1.1"),
        ("self-assessment", {"choices": {"1.1": "3"}}, 422, "unprocessable-entity", "choices."),
        ("self-assessment", {"choices": {"1.1": 10**30}}, 422, "unknown-option", "1.1"),
        ("self-assessment", {"choices": {"\ud800": 1}}, 422, "unknown-criterion", "no criterion"),
    ],
)  # fmt: skip
def test_what_does_not_fit_goes_into_no_dossier(any_desk, path, body, status, slug, says):
    dossier = f"/dossiers/{any_desk.draft()}"

    refused(any_desk, status, slug, says, "PUT", f"{dossier}/{path}", body)


def test_a_file_goes_under_no_component_that_is_not_asked(desk):
    dossier = f"/dossiers/{desk.draft()}"
    sha256 = desk.upload().get_json()["sha256"]

    for code in ("M99", "C01", "SAMPLE", "..", "%00"):
        refused(
            desk, 422, "unknown-component", "component: ",
            "PUT", f"{dossier}/components/{code}", {"evidence": [sha256]},
        )  # fmt: skip


def test_of_several_components_one_that_is_not_asked_refuses_all(any_desk):
    dossier = f"/dossiers/{any_desk.draft()}"
    sha256 = any_desk.upload().get_json()["sha256"]
    papers = {"components": {"M01": [sha256], "M99": [sha256], "M02": [sha256]}}

    refused(any_desk, 422, "unknown-component", "no 'M99'", "PUT", f"{dossier}/components", papers)


def test_a_dossier_with_gaps_is_not_filed(desk):
    dossier = f"/dossiers/{desk.draft()}"

    refused(desk, 409, "components-missing", "M01, M02", "POST", f"{dossier}/submit", {})


def test_a_dossier_without_its_own_sheet_is_not_filed(desk):
    dossier = f"/dossiers/{desk.complete()}"
    desk.act("PUT", f"{dossier}/self-assessment", an_officer(), {"choices": {}})

    refused(desk, 409, "self-assessment-missing", "", "POST", f"{dossier}/submit", {})


@pytest.mark.parametrize("is_returned", [False, True], ids=["at first", "after a return"])
def test_a_dossier_without_the_papers_of_its_ticks_is_not_filed(any_desk, is_returned):
    dossier = f"/dossiers/{any_desk.submitted() if is_returned else any_desk.complete()}"
    if is_returned:
        any_desk.act("POST", f"{dossier}/return", an_officer(), {"missing": ["M01"]})
    choices = any_desk.act("GET", dossier, an_officer())["self_assessment"] | {"9": 1}
    ticked = any_desk.act("PUT", f"{dossier}/self-assessment", an_officer(), {"choices": choices})
    sentence = "the ticked options need papers that the dossier does not hold: 9 (EV-02)"

    refused(any_desk, 409, "evidence-missing", sentence, "POST", f"{dossier}/submit", {})
    sha256 = any_desk.upload().get_json()["sha256"]
    papers = {"components": {"EV-02": [sha256]}}
    attached = any_desk.act("PUT", f"{dossier}/components", an_officer(), papers)
    filed = any_desk.act("POST", f"{dossier}/submit", an_officer(), {})

    assert ticked["evidence_wanted"] == [{"criterion": "9", "component": "EV-02"}]
    assert attached["evidence_wanted"] == []
    assert filed["status"] == "submitted"


def test_nothing_is_filed_under_a_pack_that_has_ended(desk):
    dossier = f"/dossiers/{desk.complete(ERAS['QD1489-2025'])}"

    refused(desk, 422, "pack-not-in-force", "QD1489-2025", "POST", f"{dossier}/submit", {})


def test_a_second_submission_is_refused(any_desk):
    dossier = f"/dossiers/{any_desk.submitted()}"

    refused(any_desk, 409, "already-submitted", "submitted", "POST", f"{dossier}/submit", {})


@pytest.mark.parametrize(
    ("path", "body"),
    [("components/M01", {"evidence": [SHA]}), ("samples", {"count": 1}),
     ("self-assessment", {"choices": {}})],
)  # fmt: skip
def test_a_filed_dossier_is_not_changed(desk, path, body):
    dossier = f"/dossiers/{desk.submitted()}"
    if "evidence" in body:
        body = {"evidence": [desk.upload().get_json()["sha256"]]}

    refused(desk, 409, "dossier-closed", "submitted", "PUT", f"{dossier}/{path}", body)


@pytest.mark.parametrize(
    ("act", "body", "status", "slug", "says"),
    [
        ("verify", report(findings=report()["findings"][1:]), 422, "findings-incomplete",
         "local_material"),
        ("verify", report(request_letter=" "), 422, "unprocessable-entity", "request_letter: "),
        ("verify", report(findings=[{"topic": "weather", "met": True}]), 422,
         "unprocessable-entity", "findings.0.topic: "),
        ("verify", report(on="2026-06-30"), 422, "date-before-last-act", "on: 2026-06-30"),
        ("return", {"missing": ["M99"]}, 422, "findings-incomplete", "missing: "),
        ("return", {"missing": []}, 422, "unprocessable-entity", "missing: "),
        ("return", {"missing": ["M01"], "on": "2026-11-21"}, 422, "date-in-future", "on: "),
        ("withdraw", {"on": "2026-06-30"}, 422, "date-before-last-act", "on: "),
    ],
)  # fmt: skip
def test_a_judgement_that_breaks_a_rule_is_refused(desk, act, body, status, slug, says):
    dossier = f"/dossiers/{desk.submitted()}"

    refused(desk, status, slug, says, "POST", f"{dossier}/{act}", body)


@pytest.mark.parametrize(("act", "body"), [("verify", report()), ("return", {"missing": ["M01"]})])
def test_a_draft_is_not_judged(desk, act, body):
    dossier = f"/dossiers/{desk.complete()}"

    refused(desk, 409, "not-submitted", "draft", "POST", f"{dossier}/{act}", body)


def test_nothing_follows_a_withdrawal(desk):
    dossier = f"/dossiers/{desk.submitted()}"
    desk.act("POST", f"{dossier}/withdraw", an_officer(), {})

    refused(desk, 409, "already-withdrawn", "", "POST", f"{dossier}/withdraw", {})
    refused(desk, 409, "already-withdrawn", "", "POST", f"{dossier}/submit", {})
    refused(desk, 409, "not-submitted", "withdrawn", "POST", f"{dossier}/verify", report())


def test_an_idea_is_on_one_list(desk):
    idea = f"/ideas/{desk.idea(desk.subject())}/select"

    refused(desk, 409, "idea-already-selected", "2026", "POST", idea, {}, who=the_agency())


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "after=1", "status=lost"])
def test_a_list_that_cannot_be_is_refused(desk, query):
    field = query.split("=")[0]

    refused(desk, 422, "unprocessable-entity", f"{field}: ", "GET", f"/dossiers?{query}")


# files


def uploading(desk, form, status, slug, says, **more):
    refused(desk, status, slug, says, "POST", "/evidence", data=form, **more)
    folder = desk.settings.evidence_folder
    assert [each for each in folder.rglob("*") if each.is_file()] == []


@pytest.mark.parametrize(
    ("content", "slug", "says"),
    [
        (b"MZ\x90\x00 not a paper", "evidence-type-refused", "file: its content is "),
        (b"", "evidence-type-refused", "file: its content is unknown"),
        (PDF.ljust(20_001, b"x"), "evidence-too-large", "file: more than 20000 bytes"),
    ],
    ids=["a program", "empty", "too large"],
)
def test_a_file_that_is_not_accepted_is_not_kept(desk, content, slug, says):
    uploading(desk, {"file": (io.BytesIO(content), "paper.pdf")}, 422, slug, says)


def test_a_body_far_beyond_a_file_is_refused_before_it_is_read(desk):
    form = {"file": (io.BytesIO(PDF.ljust(200_000, b"x")), "paper.pdf")}

    uploading(desk, form, 413, "request-entity-too-large", "")


@pytest.mark.parametrize(
    ("form", "content_type"),
    [({}, "multipart/form-data"), ({"file": "only text"}, "multipart/form-data"),
     ({"paper": (io.BytesIO(PDF), "paper.pdf")}, "multipart/form-data"),
     (b"{}", "application/json"), (PDF, "application/pdf")],
    ids=["nothing", "text", "another field", "json", "bare"],
)  # fmt: skip
def test_a_missing_file_is_named(desk, form, content_type):
    uploading(desk, form, 400, "bad-request", "file: ", content_type=content_type)


@pytest.mark.parametrize("name", ["../../../etc/passwd", "/etc/cron.d/x", "C:\\a.pdf", "a;b.pdf"])
def test_a_name_like_a_path_is_only_a_name(desk, name):
    response = desk.upload(PDF, name)

    folder = desk.settings.evidence_folder
    kept = [each.relative_to(folder) for each in folder.rglob("*") if each.is_file()]
    sha256 = response.get_json()["sha256"]
    assert [str(each) for each in kept] == [f"{sha256[:2]}/{sha256}"]
    assert desk.settings.data in folder.parents


@pytest.mark.parametrize(
    ("name", "slug"),
    [("b" * 64, "unknown-evidence"), ("x", "unknown-evidence"), ("..%2F..%2Fx", "not-found")],
)
def test_a_file_that_the_dossier_does_not_hold_is_not_read(desk, name, slug):
    dossier = f"/dossiers/{desk.complete()}"

    refused(desk, 404, slug, "", "GET", f"{dossier}/evidence/{name}")


def test_a_file_that_is_lost_is_told(desk):
    dossier = f"/dossiers/{desk.complete()}"
    sha256 = desk.upload().get_json()["sha256"]
    (desk.settings.evidence_folder / sha256[:2] / sha256).unlink()

    refused(desk, 404, "evidence-gone", sha256, "GET", f"{dossier}/evidence/{sha256}")
