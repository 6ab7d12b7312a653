"""Who may knock where; and that no door shows a member's sheet to anybody else before the sheets open."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from chassis.database import Database
from chassis.hearing import Hearer
from chassis.web.doors import PUBLIC, table
from regulation.acting import Actor, Role
from services.evaluation.hearing import reactions
from tests.builders.evaluation import (
    COMMUNE,
    DISTRICT,
    PROVINCE,
    Desk,
    a_member,
    a_product,
    a_secretary,
    a_verified_event,
    an_actor,
)

SECRET = {"A": 37, "B": 13, "C": 29}
"""What member-1 has ticked: numbers that stand nowhere else; 79 in all."""

AREAS = {
    Role.PRODUCER: ("",),
    Role.COMMUNE_OFFICER: (COMMUNE,),
    Role.OPERATOR: (PROVINCE,),
}
BODIES: dict[str, Any] = {
    "admit": {"round_id": str(UUID(int=9))},
    "advisory-report": {"conforms": True, "report_number": "1"},
    "ask-supplement": {"what": "?"},
    "supplement-received": {},
    "attendance": {"present": ["member-1", "member-2", "member-3"]},
    "declarations": {"conflict": False},
    "sheet": {"choices": {"A": 1}},
    "submit": None,
    "conclude": {},
}


def everybody(subject: str) -> Iterator[Actor]:
    """Every role in every area that it could have here, the other members and several offices at once among them."""
    for role in Role:
        for area in AREAS.get(role, (DISTRICT, PROVINCE)):
            yield an_actor(role, area or subject, id=f"{role.value}-{area}")
    yield a_member(2)
    yield a_member(3)
    yield an_actor(Role.MEMBER, id="member-2", **{"council-secretary": DISTRICT})
    yield an_actor(Role.SECRETARY, id="many", **{"ocop-officer": PROVINCE, "operator": PROVINCE})


def tells(answer: Any) -> bool:
    """Whether something of the secret sheet stands anywhere in an answer."""
    if isinstance(answer, dict):
        return any(tells(each) for name, each in answer.items() if name != "version")
    if isinstance(answer, list):
        return any(tells(each) for each in answer)
    if isinstance(answer, str):
        return any(f'"{code}": {points}' in answer for code, points in SECRET.items())
    return answer in (*SECRET.values(), sum(SECRET.values())) and answer is not True


@pytest.fixture(name="scene")
def _scene(desk: Desk, sqlite: Database) -> tuple[Desk, str, dict[str, str]]:
    """Two of three have declared; member-1 has submitted, member-2 has a draft, member-3 has nothing."""
    product = a_product()
    Hearer(sqlite, reactions).hear([a_verified_event(product)])
    council, round_ = desk.set_up(3)
    of = f"/assessments/of-dossier/{product.dossier_id}"
    (found,) = desk.done("GET", of, a_secretary())
    path = f"/assessments/{found['id']}"
    desk.admit(path, round_)
    desk.score(path, 1, SECRET)
    desk.done("POST", f"{path}/declarations", a_member(2), {"conflict": False})
    desk.done("PUT", f"{path}/sheet", a_member(2), {"choices": {"A": 1}})
    names = {
        "council_id": str(council),
        "round_id": str(round_),
        "assessment_id": found["id"],
        "dossier_id": str(product.dossier_id),
        "subject": str(product.subject_id),
    }
    return desk, path, names


def address(rule: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        rule = rule.replace(f"<uuid:{name}>", value)
    assert "<" not in rule, f"the walk does not know how to fill {rule}"
    return rule.removeprefix("/evaluation")


def test_every_door_is_locked_but_the_documentation(desk: Desk) -> None:
    open_ = {path for _, path, roles in table(desk.app) if roles == PUBLIC}

    unlocked = {path.removeprefix("/evaluation/") for path in open_}
    assert unlocked <= {"openapi.json", "docs", "health"}


def test_no_stranger_gets_in(scene: tuple[Desk, str, dict[str, str]]) -> None:
    desk, _, names = scene
    for verb, rule, roles in table(desk.app):
        if roles:
            assert desk.ask(verb, address(rule, names), None, {}).status_code == 401


def test_no_route_shows_anybody_anothers_sheet_before_opening(
    scene: tuple[Desk, str, dict[str, str]],
) -> None:
    desk, path, names = scene
    walked = 0
    for who in everybody(names["subject"]):
        for verb, rule, roles in table(desk.app):
            body = BODIES.get(rule.rpartition("/")[2], {})
            if not roles or rule.endswith(("admit", "submit")):
                continue
            answer = desk.ask(verb, address(rule, names), who, None if verb == "GET" else body)
            shown = answer.get_json(force=True, silent=True)
            assert not tells(shown), f"{verb} {rule} tells {who.id}: {shown}"
            assert not any(tells(value) for value in answer.headers.values())
            walked += 1

    assert walked > 200
    own = desk.done("GET", f"{path}/sheet", a_member(1))
    assert tells(own), "the walk would not notice a leak"


def test_who_has_submitted_is_for_the_secretary_to_know(
    scene: tuple[Desk, str, dict[str, str]],
) -> None:
    desk, path, _ = scene

    official = desk.done("GET", path, a_secretary())
    member = desk.done("GET", path, a_member(2))
    undeclared = desk.done("GET", path, a_member(3))

    assert (official["submitted"], official["outstanding"]) == (
        ["member-1"],
        ["member-2", "member-3"],
    )
    assert not {"submitted", "outstanding", "declared"} & member.keys()
    assert member["criteria_set"] == "QD148-PARTS"
    assert undeclared.keys() == {
        "id", "dossier_id", "subject_id", "product_name", "producer", "level", "turn", "area",
        "status", "council_id", "round_id", "version", "mine",
    }  # fmt: skip
    assert undeclared["mine"] == {"declared": False, "conflict": False, "ground": None}


@pytest.mark.parametrize("who", [a_secretary(), a_member(2), an_actor(Role.AUTHORITY)])
def test_the_sheets_themselves_are_refused_before_opening(
    scene: tuple[Desk, str, dict[str, str]], who: Actor
) -> None:
    desk, path, _ = scene

    for door in ("sheets", "minutes"):
        response = desk.ask("GET", f"{path}/{door}", who)
        assert (response.status_code, response.json["slug"]) == (409, "sheets-not-open")


def test_once_open_the_sheets_are_shown_to_members_and_officials_alone(
    scene: tuple[Desk, str, dict[str, str]],
) -> None:
    desk, path, names = scene
    desk.done("PUT", f"{path}/sheet", a_member(2), {"choices": SECRET})
    desk.done("POST", f"{path}/sheet/submit", a_member(2))
    desk.score(path, 3, SECRET)

    seen = {
        who.id: desk.ask("GET", f"{path}/sheets", who).status_code
        for who in everybody(names["subject"])
    }

    assert {who for who, status in seen.items() if status == 200} == {
        "council-secretary-399",
        "council-secretary-38",
        "ocop-officer-399",
        "ocop-officer-38",
        "certifying-authority-399",
        "certifying-authority-38",
        "member-2",
        "member-3",
        "many",
    }
    assert tells(desk.done("GET", f"{path}/sheets", a_member(2)))


def test_a_new_round_of_sheets_is_as_blind_as_the_first(
    scene: tuple[Desk, str, dict[str, str]],
) -> None:
    desk, path, _ = scene
    desk.done("POST", f"{path}/sheet/submit", a_member(2))
    desk.score(path, 3, {"A": 2})
    desk.done("PUT", f"{path}/sheet", a_member(3), {"choices": {"A": 33, "B": 14}})
    desk.done("POST", f"{path}/sheet/submit", a_member(3))

    shown = desk.done("GET", f"{path}/sheets", a_secretary())

    assert [each["round"] for each in shown] == [1]
    assert all(sheet["choices"] != {"A": 33, "B": 14} for sheet in shown[0]["sheets"])
