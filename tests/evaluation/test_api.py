"""The way of a dossier through a council over HTTP: answers, refusals, records."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis import acts, outbox
from chassis.database import Database
from chassis.hearing import Hearer
from regulation.acting import Actor, Role
from regulation.packs import pack
from services.evaluation.domain.facts import Product
from services.evaluation.hearing import reactions
from tests.builders.evaluation import (
    DISTRICT,
    NEW,
    PARTS,
    PROVINCE,
    Desk,
    a_member,
    a_product,
    a_secretary,
    a_verified_event,
    a_withdrawn_event,
    an_actor,
    best,
)

ON = {"on": "2024-05-28"}
REPORT = {"conforms": True, "report_number": "5/BC-TTV (mẫu)", "on": "2024-05-20"}


def hears(database: Database, pack_id: str = "QD148-2023") -> Product:
    product = a_product(pack_id)
    Hearer(database, reactions).hear([a_verified_event(product, pack_id)])
    return product


def path_of(desk: Desk, product: Product, area: str = DISTRICT, level: int = 0) -> str:
    found = desk.done("GET", f"/assessments/of-dossier/{product.dossier_id}", a_secretary(area))
    return f"/assessments/{found[level]['id']}"


def waiting(desk: Desk, database: Database) -> str:
    return path_of(desk, hears(database))


def admitted(desk: Desk, database: Database, count: int = 3, **changes: Any) -> str:
    _, round_ = desk.set_up(count, **changes)
    path = waiting(desk, database)
    desk.admit(path, round_)
    return path


def scored(desk: Desk, database: Database, count: int = 3, **changes: Any) -> str:
    path = admitted(desk, database, count, **changes)
    for number in range(1, count + 1):
        desk.score(path, number, PARTS)
    return path


def refused(desk: Desk, verb: str, path: str, who: Actor | None, body: Any = None) -> Any:
    """`(status, slug)`."""
    response = desk.ask(verb, path, who, body)
    return response.status_code, response.json["slug"]


def test_a_district_scores_and_sends_to_the_province(desk: Desk, sqlite: Database) -> None:
    product = hears(sqlite)
    path = path_of(desk, product)
    _, round_ = desk.set_up(3)
    desk.admit(path, round_)
    for number, points in ((1, 30), (2, 31), (3, 33)):
        desk.score(path, number, PARTS | {"A": points})

    answer = desk.done("POST", f"{path}/conclude", a_secretary(), ON)

    assert (answer["status"], answer["star"], answer["mean"]) == ("concluded", 4, "76.3333")
    assert answer["conclusion"]["outcome"] == {"act": "refer", "level": "province", "star": 4}
    both = desk.done("GET", f"/assessments/of-dossier/{product.dossier_id}", a_secretary(PROVINCE))
    assert [(each["level"], each["status"]) for each in both] == [
        ("district", "concluded"),
        ("province", "waiting"),
    ]


def test_the_province_scores_again_and_the_levels_stand_side_by_side(
    desk: Desk, sqlite: Database
) -> None:
    product = hears(sqlite)
    for area, level, points in ((DISTRICT, 0, PARTS), (PROVINCE, 1, PARTS | {"B": 8})):
        path = path_of(desk, product, PROVINCE, level)
        _, round_ = desk.set_up(3, area=area)
        desk.admit(path, round_, area=area, on="2024-06-01" if level else "2024-05-20")
        for number in (1, 2, 3):
            desk.score(path, number, points, area=area)
        on = {"on": "2024-06-10" if level else "2024-05-28"}
        answer = desk.done("POST", f"{path}/conclude", a_secretary(area), on)

    assert answer["conclusion"]["outcome"] == {"act": "certify", "level": "district", "star": 3}
    assert answer["difference"]["mean_by"] == "-11"
    assert answer["difference"]["large"] is True
    with sqlite.reading() as session:
        unsent = outbox.unsent(session, source="/vn/38/evaluation", limit=99)
    scored = [event for _, event in unsent if event.type != "MembersCleared"]
    assert [(event.type, event.sequence) for event in scored] == [
        ("ScoredAtDistrict", 1),
        ("ScoredAtProvince", 2),
    ]


def test_under_26_the_province_scores_first_on_real_criteria(desk: Desk, sqlite: Database) -> None:
    criteria = pack(NEW).criteria_set("QD26-01")
    path = path_of(desk, hears(sqlite, NEW), PROVINCE)
    _, round_ = desk.set_up(3, area=PROVINCE, regulation={"gates": "agreed"})
    desk.admit(path, round_, area=PROVINCE)
    for number, option in ((1, 2), (2, 2), (3, 1)):
        desk.score(path, number, best(criteria, c3_4=option), area=PROVINCE)

    body = ON | {"agreed": {"3.4": 2}}
    answer = desk.done("POST", f"{path}/conclude", a_secretary(PROVINCE), body)

    assert (answer["star"], answer["mean"]) == (5, "99.6667")
    assert answer["conclusion"]["outcome"]["level"] == "national"
    assert answer["conclusion"]["agreed"] == {"3.4": 2}
    assert answer["improvement"]["star"] is None


def test_a_concluded_assessment_tells_the_way_to_the_next_star(
    desk: Desk, sqlite: Database
) -> None:
    criteria = pack(NEW).criteria_set("QD26-01")
    path = path_of(desk, hears(sqlite, NEW), PROVINCE)
    _, round_ = desk.set_up(3, area=PROVINCE)
    desk.admit(path, round_, area=PROVINCE)
    for number in (1, 2, 3):
        desk.score(path, number, best(criteria, c3_4=1), area=PROVINCE)
    before = desk.done("GET", path, a_secretary(PROVINCE))

    answer = desk.done("POST", f"{path}/conclude", a_secretary(PROVINCE), ON)

    assert before["improvement"] is None
    assert answer["star"] == 3
    assert [(s["criterion"], s["has"], s["points"]) for s in answer["improvement"]["steps"]] == [
        ("3.4", "1", 2)
    ]
    assert "To reach 4 stars" in answer["improvement"]["text"]["en"]


def test_nine_members_a_conflict_a_supplement_and_a_second_round_of_sheets(
    desk: Desk, sqlite: Database
) -> None:
    more = [
        {"id": "member-10", "role": "member", "substitute_for": "member-9"},
        {"id": "secretary", "role": "secretary"},
    ]
    regulation = {"gates": "agreed", "requires": ["advisory-report", "declarations"]}
    path = admitted(desk, sqlite, 9, regulation=regulation, more=more)
    secretary = a_secretary()
    asked = {"what": "Phiếu kiểm nghiệm (mẫu)", "on": "2024-05-20"}
    assert desk.done("POST", f"{path}/ask-supplement", secretary, asked)["clock_stopped"]
    desk.done("POST", f"{path}/supplement-received", secretary, {"on": "2024-05-22"})
    visit = {"on": "2024-05-21", "finding": "Xưởng sạch (mẫu)"}
    report = REPORT | {"on": "2024-05-23", "site_visit": visit}
    desk.done("POST", f"{path}/advisory-report", secretary, report)

    said = {"conflict": True, "ground": "người nhà (mẫu)"}
    desk.done("POST", f"{path}/declarations", a_member(9), said)
    for number in (1, 2, 3, 4, 5, 6, 7, 8):
        desk.score(path, number, PARTS | {"A": 20 + 2 * number})
    first = desk.score(path, 10, PARTS)
    assert refused(desk, "POST", f"{path}/conclude", secretary, ON) == (409, "spread-over-limit")
    for number in (1, 2, 3, 4, 5, 6, 7, 8, 10):
        desk.done("PUT", f"{path}/sheet", a_member(number), {"choices": PARTS})
        desk.done("POST", f"{path}/sheet/submit", a_member(number))
    answer = desk.done(
        "POST", f"{path}/conclude", secretary, {"agreed": {"C": 26}, "on": "2024-05-29"}
    )

    assert first["round"] == 1
    assert [(each["round"], each["spread"]) for each in answer["openings"]] == [(1, 14), (2, 0)]
    assert answer["mean"] == "76"
    assert answer["conflicts"] == ["member-9"]
    rounds = desk.done("GET", f"{path}/sheets", a_member(1))
    assert [len(each["sheets"]) for each in rounds] == [9, 9]
    minutes = desk.done("GET", f"{path}/minutes", secretary)
    assert minutes["intact"] is True
    assert len(minutes["document"]["sheets"]) == 18
    assert minutes["document"]["procedure"]["supplements"][0]["received_on"] == "2024-05-22"


def test_absent_members_are_named_when_concluding(desk: Desk, sqlite: Database) -> None:
    path = admitted(desk, sqlite, 4)
    for number in (1, 2, 3):
        desk.score(path, number, PARTS)
    assert refused(desk, "POST", f"{path}/conclude", a_secretary(), ON) == (409, "sheets-not-open")

    body = ON | {"present": ["member-1", "member-2", "member-3"]}
    answer = desk.done("POST", f"{path}/conclude", a_secretary(), body)

    assert answer["openings"][0]["members"] == ["member-1", "member-2", "member-3"]
    assert answer["present"] == ["member-1", "member-2", "member-3"]


def test_attendance_opens_the_sheets_that_waited_for_the_absent(
    desk: Desk, sqlite: Database
) -> None:
    path = admitted(desk, sqlite, 4)
    for number in (1, 2, 3):
        desk.score(path, number, PARTS)

    body = ON | {"present": ["member-1", "member-2", "member-3"]}
    answer = desk.done("PUT", f"{path}/attendance", a_secretary(), body)

    assert answer["status"] == "opened"


def test_a_meeting_without_quorum_is_refused_and_nothing_changed(
    desk: Desk, sqlite: Database
) -> None:
    path = scored(desk, sqlite, 4)
    admitted_ = admitted(desk, sqlite, 4)
    before = desk.done("GET", admitted_, a_secretary())

    few = ON | {"present": ["member-1", "member-2"]}
    no_chair = ON | {"present": ["member-2", "member-3", "member-4"]}

    assert refused(desk, "PUT", f"{admitted_}/attendance", a_secretary(), few) == (
        409,
        "no-quorum",
    )
    assert refused(desk, "POST", f"{admitted_}/conclude", a_secretary(), no_chair) == (
        409,
        "chair-absent",
    )
    assert refused(desk, "PUT", f"{path}/attendance", a_secretary(), few) == (409, "sheets-open")
    assert desk.done("GET", admitted_, a_secretary()) == before


def test_a_knockout_needs_its_evidence(desk: Desk, sqlite: Database) -> None:
    path = scored(desk, sqlite)
    code = "rejected-by-detailed-set"

    bare = desk.ask("POST", f"{path}/conclude", a_secretary(), {"knockouts": [{"code": code}]})
    body = ON | {"knockouts": [{"code": code, "evidence": "Biên bản 3 (mẫu)"}]}
    answer = desk.done("POST", f"{path}/conclude", a_secretary(), body)

    assert bare.status_code == 422
    assert "evidence" in bare.json["title"]
    assert (answer["star"], answer["conclusion"]["outcome"]["act"]) == (0, "close")


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        ({"choices": {"D": 1}}, 422, "unknown-criterion"),
        ({"choices": {"A": 41}}, 422, "unknown-option"),
        ({"choices": {"A": "31"}}, 422, "unprocessable-content"),
        ({"choices": {"A": 1.5}}, 422, "unprocessable-content"),
        ({"choices": {}, "criteria_set": "QD26-01"}, 422, "other-criteria-set"),
        ({}, 422, "unprocessable-content"),
        ({"choices": {"A": 1}, "member": "member-2"}, 422, "unprocessable-content"),
    ],
)
def test_a_sheet_that_does_not_fit_is_refused_and_the_draft_stays(
    desk: Desk, sqlite: Database, body: Any, status: int, slug: str
) -> None:
    path = admitted(desk, sqlite)
    desk.done("POST", f"{path}/declarations", a_member(1), {"conflict": False})
    desk.done("PUT", f"{path}/sheet", a_member(1), {"choices": PARTS})

    response = desk.ask("PUT", f"{path}/sheet", a_member(1), body)

    assert response.status_code == status
    assert response.json["slug"].startswith(slug.split("-")[0])
    assert desk.done("GET", f"{path}/sheet", a_member(1))["choices"] == PARTS


def test_a_submitted_sheet_is_locked(desk: Desk, sqlite: Database) -> None:
    path = admitted(desk, sqlite)
    desk.score(path, 1, PARTS)

    body = {"choices": {"A": 1}}
    assert refused(desk, "PUT", f"{path}/sheet", a_member(1), body) == (409, "sheet-locked")
    assert refused(desk, "POST", f"{path}/sheet/submit", a_member(1)) == (409, "sheet-locked")
    assert desk.done("GET", f"{path}/sheet", a_member(1))["choices"] == PARTS


def test_who_has_filled_in_nothing_submits_nothing(desk: Desk, sqlite: Database) -> None:
    path = admitted(desk, sqlite)
    desk.done("POST", f"{path}/declarations", a_member(1), {"conflict": False})

    assert refused(desk, "POST", f"{path}/sheet/submit", a_member(1)) == (404, "no-sheet")


def test_a_member_declares_first(desk: Desk, sqlite: Database) -> None:
    path = admitted(desk, sqlite)
    sheet = {"choices": PARTS}
    assert refused(desk, "PUT", f"{path}/sheet", a_member(1), sheet) == (409, "not-declared")
    assert refused(desk, "GET", f"{path}/sheet", a_member(1)) == (409, "not-declared")

    desk.done("POST", f"{path}/declarations", a_member(1), {"conflict": True, "ground": "x"})

    assert refused(desk, "PUT", f"{path}/sheet", a_member(1), sheet) == (
        403,
        "conflict-of-interest",
    )
    assert refused(desk, "POST", f"{path}/declarations", a_member(1), {"conflict": False}) == (
        409,
        "conflict-stands",
    )


def test_a_member_of_another_council_is_no_member_here(desk: Desk, sqlite: Database) -> None:
    path = admitted(desk, sqlite)
    body = {"conflict": False}

    assert refused(desk, "POST", f"{path}/declarations", a_member(8), body) == (
        403,
        "not-a-member",
    )
    assert refused(desk, "POST", f"{path}/declarations", a_member(1, "401"), body) == (
        403,
        "not-allowed",
    )
    assert refused(desk, "GET", path, a_member(8)) == (403, "outside-area")


def test_nothing_is_scored_before_a_round(desk: Desk, sqlite: Database) -> None:
    path = waiting(desk, sqlite)

    for verb, act, who, body in (
        ("POST", "declarations", a_member(1), {"conflict": False}),
        ("PUT", "sheet", a_member(1), {"choices": {}}),
        ("GET", "sheet", a_member(1), None),
        ("POST", "sheet/submit", a_member(1), None),
        ("PUT", "attendance", a_secretary(), {"present": ["member-1"]}),
        ("POST", "conclude", a_secretary(), {}),
    ):
        assert refused(desk, verb, f"{path}/{act}", who, body) == (409, "not-admitted"), act


def test_a_withdrawn_dossier_is_left_alone(desk: Desk, sqlite: Database) -> None:
    product = hears(sqlite)
    path = path_of(desk, product)
    _, round_ = desk.set_up()
    Hearer(sqlite, reactions).hear([a_withdrawn_event(product)])

    body = {"round_id": str(round_)}
    assert refused(desk, "POST", f"{path}/admit", a_secretary(), body) == (
        409,
        "assessment-ended",
    )


def test_days_are_kept_in_order(desk: Desk, sqlite: Database) -> None:
    path = waiting(desk, sqlite)
    _, round_ = desk.set_up()
    body = {"round_id": str(round_)}

    early = desk.ask("POST", f"{path}/admit", a_secretary(), body | {"on": "2024-05-09"})
    late = desk.ask("POST", f"{path}/admit", a_secretary(), body | {"on": "2099-01-01"})

    assert (early.status_code, early.json["slug"]) == (422, "date-before-last-act")
    assert (late.status_code, late.json["slug"]) == (422, "date-in-future")


def test_a_council_is_changed_until_a_dossier_is_before_it(desk: Desk, sqlite: Database) -> None:
    council, round_ = desk.set_up(3)
    given = desk.done("GET", f"/councils/{council}", a_secretary())
    body = {name: given[name] for name in given if name not in ("id", "version")}
    changed = body | {"regulation": {"spread_limit": 7}}
    put = ("PUT", f"/councils/{council}", a_secretary())
    assert desk.done(*put, changed)["regulation"]["spread_limit"] == 7

    desk.admit(waiting(desk, sqlite), round_)

    assert refused(desk, *put, body) == (409, "council-at-work")
    assert desk.done(*put, changed)["version"] == 2


def test_a_round_is_changed_until_a_dossier_is_in_it(desk: Desk, sqlite: Database) -> None:
    _, round_ = desk.set_up(3)
    given = desk.done("GET", f"/rounds/{round_}", a_secretary())
    body = {
        name: given[name]
        for name in ("council_id", "name", "year", "number", "starts_on", "ends_on")
    }
    put = ("PUT", f"/rounds/{round_}", a_secretary())
    assert desk.done(*put, body | {"number": 2})["number"] == 2

    desk.admit(waiting(desk, sqlite), round_)

    assert refused(desk, *put, body) == (409, "round-at-work")


COUNCIL = {
    "level": "district",
    "area": DISTRICT,
    "valid_from": "2024-01-01",
    "valid_to": "2024-12-31",
    "members": [{"id": "member-1", "role": "chair"}],
}


@pytest.mark.parametrize(
    ("changes", "slug"),
    [
        ({"area": "999"}, "unknown-unit"),
        ({"level": "province"}, "unfit-council"),
        ({"level": "national"}, "unprocessable"),
        ({"level": "commune"}, "unprocessable"),
        ({"members": []}, "unprocessable"),
        ({"members": [{"id": "a", "role": "member"}]}, "unfit-council"),
        ({"members": [{"id": "a", "role": "judge"}]}, "unprocessable"),
        ({"valid_to": "2023-01-01"}, "unfit-council"),
        ({"regulation": {"quorum_share": "0"}}, "unprocessable"),
        ({"regulation": {"quorum_share": "5/4"}}, "unprocessable"),
        ({"regulation": {"quorum_share": "1/0"}}, "unprocessable"),
        ({"regulation": {"quorum_share": 0.75}}, "unprocessable"),
        ({"regulation": {"spread_limit": -1}}, "unprocessable"),
        ({"regulation": {"gates": "lots"}}, "unprocessable"),
        ({"regulation": {"requires": ["tea"]}}, "unprocessable"),
    ],
)
def test_a_council_that_does_not_fit_is_refused(
    desk: Desk, changes: dict[str, Any], slug: str
) -> None:
    path = f"/councils/{uuid4()}"

    response = desk.ask("PUT", path, a_secretary(), COUNCIL | changes)

    assert response.status_code == 422
    assert response.json["slug"].startswith(slug)
    assert desk.ask("GET", path, a_secretary()).status_code == 404


def test_a_council_works_by_the_usual_regulation_where_none_is_given(desk: Desk) -> None:
    made = desk.done("PUT", f"/councils/{uuid4()}", a_secretary(), COUNCIL)

    assert made["regulation"] == {
        "quorum_share": "3/4",
        "chair_required": True,
        "presiding": "on-conflict",
        "spread_limit": 10,
        "on_spread": "rescore",
        "max_rescores": None,
        "gates": "mean",
        "requires": ["declarations"],
    }


def test_a_round_needs_its_council_and_its_days_within_it(desk: Desk) -> None:
    council, _ = desk.set_up()
    body = {
        "council_id": str(council),
        "name": "Đợt 2 (mẫu)",
        "year": 2024,
        "number": 2,
        "starts_on": "2024-06-01",
        "ends_on": "2024-06-30",
    }
    put = ("PUT", f"/rounds/{uuid4()}", a_secretary())

    assert refused(desk, *put, body | {"council_id": str(uuid4())}) == (404, "unknown-council")
    assert refused(desk, *put, body | {"ends_on": "2024-05-30"}) == (422, "unfit-round")
    assert refused(desk, *put, body | {"starts_on": "2023-12-31"}) == (409, "council-not-valid")


def test_who_saw_an_old_version_is_told(desk: Desk, sqlite: Database) -> None:
    path = waiting(desk, sqlite)
    _, round_ = desk.set_up()
    first = desk.ask("GET", path, a_secretary()).headers["ETag"]
    body = {"round_id": str(round_), "on": "2024-05-20"}

    fresh = desk.ask("POST", f"{path}/admit", a_secretary(), body, If_Match=first)
    stale = desk.ask("POST", f"{path}/conclude", a_secretary(), ON, If_Match=first)

    assert (fresh.status_code, stale.status_code) == (200, 412)


def test_a_members_sheet_has_a_version_of_its_own(desk: Desk, sqlite: Database) -> None:
    path = admitted(desk, sqlite)
    desk.done("POST", f"{path}/declarations", a_member(1), {"conflict": False})
    put = ("PUT", f"{path}/sheet", a_member(1), {"choices": PARTS})

    new = desk.ask(*put, If_Match='"0"')
    stale = desk.ask(*put[:3], {"choices": {"A": 1}}, If_Match='"0"')

    assert (new.status_code, new.headers["ETag"], stale.status_code) == (200, '"1"', 412)


def test_a_repeated_command_has_its_effect_once(desk: Desk, sqlite: Database) -> None:
    path = scored(desk, sqlite)
    conclude = ("POST", f"{path}/conclude", a_secretary(), ON)

    first = desk.ask(*conclude, Idempotency_Key="k1")
    again = desk.ask(*conclude, Idempotency_Key="k1")

    assert first.status_code == again.status_code == 200
    assert first.json == again.json
    with sqlite.reading() as session:
        unsent = outbox.unsent(session, source="/vn/38/evaluation", limit=99)
    assert [event.type for _, event in unsent].count("ScoredAtDistrict") == 1


def test_every_act_is_on_record_and_no_record_tells_a_sheet(desk: Desk, sqlite: Database) -> None:
    path = admitted(desk, sqlite)
    for number in (1, 2, 3):
        desk.score(path, number, PARTS)
    desk.done("POST", f"{path}/conclude", a_secretary(), ON)
    assessment_id = UUID(path.rpartition("/")[2])

    with sqlite.reading() as session:
        on_record = acts.of(session, str(assessment_id))
        broken = list(acts.broken(session))

    assert [act.act for act in on_record] == [
        "admit",
        *["declare", "submit-sheet"] * 3,
        "conclude",
    ]
    assert broken == []
    told = {act.act: json.loads(act.grounds).keys() for act in on_record}
    assert told["submit-sheet"] == {"round", "sha256"}
    assert told["declare"] == {"conflict", "by_data"}


def test_officials_see_how_long_a_dossier_has_been_here(desk: Desk, sqlite: Database) -> None:
    path = scored(desk, sqlite)

    answer = desk.done("POST", f"{path}/conclude", a_secretary(), ON)

    assert answer["clock"] == {"since": "2024-05-10", "working_days": 12, "stopped": False}
    assert answer["requested_in_time"] is None
    assert "clock" not in desk.done("GET", path, a_member(1))


def test_lists_are_paged_and_filtered(desk: Desk, sqlite: Database) -> None:
    for _ in range(3):
        hears(sqlite)
    scored(desk, sqlite)

    every = desk.done("GET", "/assessments", a_secretary())
    page = desk.done("GET", "/assessments?limit=2", a_secretary())
    rest = desk.done("GET", f"/assessments?limit=2&after={page[-1]['id']}", a_secretary())
    opened = desk.done("GET", "/assessments?status=opened", a_secretary())

    assert len(every) == 4
    assert [each["id"] for each in (*page, *rest)] == [each["id"] for each in every]
    assert [each["status"] for each in opened] == ["opened"]
    assert desk.done("GET", "/assessments", a_secretary("401")) == []
    assert desk.ask("GET", "/assessments?status=lost", a_secretary()).status_code == 422


def test_a_member_lists_what_is_before_his_council(desk: Desk, sqlite: Database) -> None:
    hears(sqlite)
    path = admitted(desk, sqlite)

    mine = desk.done("GET", "/assessments", a_member(1))

    assert [f"/assessments/{each['id']}" for each in mine] == [path]
    assert "registration_number" not in mine[0]
    assert desk.done("GET", "/assessments", a_member(8)) == []


@pytest.mark.parametrize("path", [f"/assessments/{UUID(int=1)}", f"/rounds/{UUID(int=1)}"])
def test_what_does_not_exist_is_not_found(desk: Desk, path: str) -> None:
    assert desk.ask("GET", path, a_secretary()).status_code == 404


def test_minutes_are_there_once_there_is_a_conclusion(desk: Desk, sqlite: Database) -> None:
    path = scored(desk, sqlite)
    assert refused(desk, "GET", f"{path}/minutes", a_secretary()) == (404, "no-minutes")
    desk.done("POST", f"{path}/conclude", a_secretary(), ON)

    minutes = desk.ask("GET", f"{path}/minutes", an_actor(Role.AUTHORITY))

    assert minutes.headers["ETag"] == f'"{minutes.json["sha256"]}"'
    assert minutes.json["document"]["result"]["mean"] == "76"


def test_who_scores_does_not_run_the_procedure(desk: Desk, sqlite: Database) -> None:
    path = scored(desk, sqlite)
    both = an_actor(Role.MEMBER, id="member-2", **{"council-secretary": DISTRICT})

    assert refused(desk, "POST", f"{path}/conclude", both, ON) == (403, "scores-here")


@pytest.mark.parametrize("unfit", ["[]", "{", '{"on": "yesterday"}', '{"on": 5}'])
def test_malformed_bodies_are_told_what_is_wrong(desk: Desk, sqlite: Database, unfit: str) -> None:
    path = scored(desk, sqlite)

    response = desk.raw("POST", f"{path}/conclude", a_secretary(), unfit)

    assert response.status_code in (400, 422)
    assert response.content_type == "application/problem+json"
    assert desk.done("GET", path, a_secretary())["status"] == "opened"
