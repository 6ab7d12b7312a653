"""Bad input to a council: each refused with its slug and a sentence, and nothing changed in the database."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import MetaData, select
from werkzeug.test import TestResponse

from chassis.database import Database
from regulation.acting import Actor, Role
from tests.builders.evaluation import PROVINCE, Desk, a_member, an_actor
from tests.builders.sitting import BEST, Sitting, a_sitting
from tests.builders.workbooks import changed

Bad = Callable[[Sitting], TestResponse]
OFFERED = next(iter(BEST))


def send(verb: str, path: str, body: Any, who: Actor | None = None) -> Bad:
    """A request under the assessment, by its secretary when nobody is named."""
    return lambda s: s.desk.ask(verb, f"{s.path}{path}", who or s.secretary, body)


def meet(*numbers: int) -> Bad:
    """A meeting of these members."""
    present = [f"member-{number}" for number in numbers]
    return send("PUT", "/attendance", {"present": present, "on": "2024-05-21"})


def bring(content: Callable[[bytes], bytes], *, of: str = "member-2", form: int = 2) -> Bad:
    """Member 2's workbook of the first or second dossier, as `content` leaves it, brought to the first."""

    def sent(sitting: Sitting) -> TestResponse:
        path = sitting.path if form == 1 else _second(sitting)
        who = {"member-2": sitting.member(2), "member-1": sitting.member(1)}[of]
        book = sitting.desk.ask("GET", f"{path}/sheet.xlsx", who).data
        return sitting.desk.app.test_client().post(
            f"/evaluation{sitting.path}/sheet.xlsx",
            data={"file": (BytesIO(content(book)), "phieu.xlsx")},
            headers=sitting.authorization(sitting.member(2)),
        )

    return sent


def _second(sitting: Sitting) -> str:
    found = sitting.desk.done("GET", "/assessments", sitting.secretary)
    path: str = next(p for each in found if (p := f"/assessments/{each['id']}") != sitting.path)
    return path


def tampered(book: bytes) -> bytes:
    return changed(
        book, "xl/worksheets/sheet1.xml", lambda page: page.replace("<v>3</v>", "<v>9</v>", 1)
    )


SHEET = {"choices": BEST}
BAD: dict[str, tuple[Bad, int, str]] = {
    "a sheet for another set":
        (send("PUT", "/sheet", SHEET | {"criteria_set": "QD26-11"}, a_member(2, PROVINCE)), 422, "other-criteria-set"),
    "an option outside":
        (send("PUT", "/sheet", {"choices": {OFFERED: 99}}, a_member(2, PROVINCE)), 422, "unknown-option"),
    "a criterion that the set lacks":
        (send("PUT", "/sheet", {"choices": {"99.9": 1}}, a_member(2, PROVINCE)), 422, "unknown-criterion"),
    "no member of the council":
        (send("PUT", "/sheet", SHEET, a_member(9, PROVINCE)), 403, "not-a-member"),
    "a member of another area":
        (send("PUT", "/sheet", SHEET, a_member(2, "40")), 403, "not-allowed"),
    "a member in conflict":
        (send("PUT", "/sheet", SHEET, a_member(4, PROVINCE)), 403, "conflict-of-interest"),
    "a member who has not declared":
        (send("PUT", "/sheet", SHEET, a_member(3, PROVINCE)), 409, "not-declared"),
    "a locked sheet":
        (send("PUT", "/sheet", SHEET, a_member(1, PROVINCE)), 409, "sheet-locked"),
    "a locked sheet again":
        (send("POST", "/sheet/submit", None, a_member(1, PROVINCE)), 409, "sheet-locked"),
    "no quorum":
        (meet(1, 2), 409, "no-quorum"),
    "somebody in conflict at the meeting":
        (meet(1, 4), 409, "member-in-conflict"),
    "a conclusion before the sheets":
        (send("POST", "/conclude", {"on": "2024-05-22"}), 409, "sheets-not-open"),
    "a day before the last act":
        (send("POST", "/ask-supplement", {"what": "?", "on": "2024-05-11"}), 422, "date-before-last-act"),
    "a workbook of another dossier": (bring(bytes), 409, "stale-form"),
    "another member's workbook": (bring(bytes, of="member-1", form=1), 409, "stale-form"),
    "a workbook changed outside its choices": (bring(tampered, form=1), 422, "tampered-form"),
    "no workbook": (bring(lambda _: b"nothing", form=1), 422, "tampered-form"),
}  # fmt: skip


@pytest.fixture(name="sitting")
def _sitting(desk: Desk, sqlite: Database) -> Sitting:
    """Five seats: 1 has submitted, 2 has a draft, 3 has not declared, 4 is in conflict; a second dossier beside it."""
    sitting = a_sitting(desk, sqlite, count=5)
    sitting.declare(1, 2, 5)
    sitting.declare(4, conflict=True)
    sitting.score(1)
    sitting.fill_in(2)
    sitting.beside().declare(1, 2)
    return sitting


def the_book(database: Database) -> dict[str, list[str]]:
    metadata = MetaData()
    metadata.reflect(database.engine)
    with database.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in metadata.sorted_tables
        }


@pytest.mark.parametrize(("bad", "status", "slug"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_refused_by_name_and_changes_nothing(
    sitting: Sitting, bad: Bad, status: int, slug: str
) -> None:
    before = the_book(sitting.database)

    refused = bad(sitting)

    answer = refused.get_json(force=True)
    assert (refused.status_code, answer["slug"]) == (status, slug), answer
    assert len(answer["title"]) > 10
    assert the_book(sitting.database) == before


def test_a_council_past_its_validity_takes_nothing_in(desk: Desk, sqlite: Database) -> None:
    sitting = a_sitting(desk, sqlite)
    council, round_ = uuid4(), uuid4()
    seats = [{"id": "member-1", "role": "chair"}]
    by = an_actor(Role.SECRETARY, PROVINCE, id="secretary")
    desk.done("PUT", f"/councils/{council}", by, {
        "level": "province", "area": PROVINCE, "valid_from": "2024-01-01", "valid_to": "2024-05-15",
        "members": seats,
    })  # fmt: skip
    desk.done("PUT", f"/rounds/{round_}", by, {
        "council_id": str(council), "name": "Đợt 0", "year": 2024, "number": 2,
        "starts_on": "2024-05-01", "ends_on": "2024-05-15",
    })  # fmt: skip
    waiting = sitting.waiting()
    before = the_book(sqlite)

    refused = desk.ask(
        "POST", f"{waiting}/admit", by, {"round_id": str(round_), "on": "2024-05-20"}
    )

    assert (refused.status_code, refused.json["slug"]) == (409, "council-not-valid")
    assert "2024-05-15" in refused.json["title"]
    assert the_book(sqlite) == before
