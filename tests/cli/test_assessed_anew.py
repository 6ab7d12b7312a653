"""The whole way of a product that the ministry finds below five stars and the province has assessed anew, embedded."""

import shutil
import sqlite3
from pathlib import Path
from typing import Any
from uuid import uuid5

import pytest

from chassis.settings import read
from cli.demo.acts import Acts
from cli.demo.office import Office, authority, member, ocop_officer, secretary
from cli.demo.plan import NAMESPACE, Fate, Plan, Product
from cli.demo.sheets import sheet
from cli.demo.year import Year
from cli.embedded import Embedded
from cli.house import House
from tests.cli.calling import Ocop
from tests.system.plans import a_plan

PLAN = a_plan("QD26-2026")
PRODUCT: Product = next(each for each in PLAN.products if each.fate is Fate.PENDING)
DOSSIER = PRODUCT.id("dossier")
CASE = f"/certification/cases/{DOSSIER}"
PROVINCE = authority("38")


class Walk:
    """The acts of the offices, each after everything said before it has been heard."""

    def __init__(self, house: Embedded, desk: Office, plan: Plan) -> None:
        self._house, self._desk, self._plan = house, desk, plan

    def to_the_ministry(self) -> None:
        for step in Year(self._plan, self._desk, self._house.settle).steps():
            for _ in step.acts:
                pass

    def act(self, path: str, **body: Any) -> Any:
        done = self._desk.act("POST", path, PROVINCE, body)
        self._house.settle()
        return done

    def second_council(self, star: int, on: str) -> Any:
        """The same council, in a round of its own."""
        clerk = secretary("38")
        path = f"/evaluation/assessments/{self.assessments()[1]['id']}"
        self._desk.act("POST", f"{path}/admit", clerk, {"round_id": self._round(on), "on": on})
        criteria = Acts(self._plan, self._desk).pack.criteria_set(PRODUCT.criteria_set)
        for number in range(self._plan.members["province"]):
            who = member("38", number)
            self._desk.act("POST", f"{path}/declarations", who, {"conflict": False})
            choices = sheet(criteria, star, number)
            self._desk.act("PUT", f"{path}/sheet", who, {"choices": choices})
            self._desk.act("POST", f"{path}/sheet/submit", who)
        done = self._desk.act("POST", f"{path}/conclude", clerk, {"on": on})
        self._house.settle()
        return done

    def _round(self, on: str) -> str:
        council = uuid5(NAMESPACE, f"{self._plan.name}/council/38")
        round_id = uuid5(NAMESPACE, f"{self._plan.name}/round/38/again")
        days = {"year": 2026, "number": 3, "starts_on": on, "ends_on": on}
        self._desk.act("PUT", f"/evaluation/rounds/{round_id}", secretary("38"),
                       {"council_id": str(council), "name": "Đợt đánh giá lại (mẫu)", **days})  # fmt: skip
        return str(round_id)

    def assessments(self) -> Any:
        return self._desk.read(f"/evaluation/assessments/of-dossier/{DOSSIER}", secretary("38"))

    def decide(self, on: str) -> Any:
        path = f"/certification/decisions/{uuid5(NAMESPACE, f'{self._plan.name}/again')}"
        body = {"number": "99/QĐ-UBND", "level": "province", "decided_on": on,
                "signed_by_office": "UBND tỉnh (mẫu)", "dossiers": [str(DOSSIER)]}  # fmt: skip
        done = self._desk.act("PUT", path, PROVINCE, body)
        self._house.settle()
        return done

    def standing(self) -> Any:
        path = f"/registration/dossiers/{DOSSIER}"
        return self._desk.read(path, ocop_officer("38"))["standing"]

    def stage(self) -> Any:
        found = self._desk.read("/reporting/dossiers?limit=100", ocop_officer("38"))
        (mine,) = [each for each in found if each["dossier_id"] == str(DOSSIER)]
        return mine["stage"]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The data of an instance, and what was seen on the way."""
    folder, seen = tmp_path_factory.mktemp("again"), {}
    house = House(read(Ocop(folder).settings))
    house.migrate()
    with Embedded(house) as running:
        walk = Walk(running, Office(house, PLAN.name), PLAN)
        walk.to_the_ministry()
        walk.act(
            f"{CASE}/national-result", mean="84.5", star=4, document="TB mẫu", on="2026-07-10"
        )
        seen["first"] = walk.assessments()
        grounds = {"decision_number": "95/QĐ-UBND", "grounds": "Đã bổ sung minh chứng (mẫu)"}
        walk.act(f"{CASE}/order-new-assessment", **grounds, on="2026-07-15")
        seen["ordered"] = walk.standing(), walk.stage(), walk.assessments()
        seen["concluded"] = walk.second_council(4, "2026-07-20")
        seen["scored"] = walk.standing(), walk.stage()
        seen["decided"] = walk.decide("2026-07-25")
        seen["certified"] = walk.standing(), walk.stage(), walk.assessments()
    house.close()
    return folder, seen


@pytest.fixture
def ocop(walked: tuple[Path, dict[str, Any]], tmp_path: Path) -> Ocop:
    """A copy of it that may be damaged."""
    return Ocop(Path(shutil.copytree(walked[0], tmp_path / "data")))


def test_a_second_council_leads_to_four_stars_of_the_province(
    walked: tuple[Path, dict[str, Any]],
) -> None:
    _, seen = walked

    standing, stage, assessments = seen["ordered"]
    assert (standing, stage) == ("assessed-again-at-province", "scored")
    assert [(each["turn"], each["status"]) for each in assessments] == [
        (1, "concluded"),
        (2, "waiting"),
    ]
    outcome = {"act": "certify", "level": "province", "star": 4}
    assert seen["concluded"]["conclusion"]["outcome"] == outcome
    assert seen["scored"] == ("awaits-decision-of-province", "scored")
    (certificate,) = seen["decided"]["certificates"]
    assert (certificate["star"], certificate["level"]) == (4, "province")
    assert seen["certified"][:2] == ("certified-at-4-stars", "certified")
    assert seen["certified"][2][0] == seen["first"][0]


def test_afterwards_everything_is_accounted_for(ocop: Ocop) -> None:
    report = ocop.json("audit")

    assert report["clean"] is True
    (line,) = [each for each in report["events"] if each["type"] == "NewAssessmentOrdered"]
    assert (line["said"], line["heard"]) == (
        1, {"registration": 1, "evaluation": 1, "promotion": 1, "reporting": 1}
    )  # fmt: skip


def test_the_results_of_both_turns_are_recomputed(ocop: Ocop) -> None:
    told = ocop.json("rating", "recompute", "--dossier", str(DOSSIER))

    assert told == {"recomputed": 2, "different": []}


@pytest.mark.parametrize(
    ("service", "statement", "says"),
    [
        ("evaluation", "DELETE FROM assessments WHERE turn = 2",
         "ordered to be assessed anew, but the last is turn 1"),
        ("certification", "UPDATE cases SET earlier = NULL WHERE earlier IS NOT NULL",
         "assessed in turn 2, but nobody ordered more than 1"),
        ("certification", "UPDATE cases SET assessment_id = id WHERE earlier IS NOT NULL",
         "the case does not rest on the province's assessment"),
    ],
)  # fmt: skip
def test_damage_to_such_a_dossier_does_not_go_unseen(
    ocop: Ocop, service: str, statement: str, says: str
) -> None:
    with sqlite3.connect(ocop.data / f"{service}.sqlite") as connection:
        assert connection.execute(statement).rowcount == 1
    connection.close()

    report = ocop.json("audit", status=1)

    assert says in [each["reason"] for each in report["unaccounted"]]


def test_an_instance_on_which_evaluation_did_not_listen_yet_catches_up_by_a_replay(
    ocop: Ocop,
) -> None:
    with sqlite3.connect(ocop.data / "evaluation.sqlite") as connection:
        for table in ("inbox", "inbox_positions"):
            connection.execute(f"DELETE FROM {table} WHERE source LIKE '%/certification'")
        connection.execute("DELETE FROM assessments WHERE turn = 2")
    connection.close()
    before = ocop.json("audit", status=1)

    ocop.json("events", "replay", "--to", "evaluation", "--type", "NewAssessmentOrdered")
    parked = ocop.json("audit", status=1)
    ocop.json("events", "replay", "--to", "evaluation", "--from-start")

    (line,) = [each for each in before["events"] if each["type"] == "NewAssessmentOrdered"]
    (waiting,) = [each for each in parked["events"] if each["type"] == "NewAssessmentOrdered"]
    assert (line["lost"], waiting["parked"]) == (1, 1)
    after = ocop.json("audit", status=1)
    assert [each["reason"] for each in after["unaccounted"]] == [
        "the case does not rest on the province's assessment"
    ]  # the turn is open again: its sheets were taken away with it
    assert sum(each["lost"] + each["parked"] for each in after["events"]) == 0
