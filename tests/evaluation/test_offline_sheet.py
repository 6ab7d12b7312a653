"""A score sheet filled in off-line: out as a locked workbook, in again as the member's draft, or refused."""

import json
import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from chassis import acts
from chassis.database import Database
from chassis.hearing import Hearer
from regulation.acting import Actor, Role
from regulation.packs import packs
from services.evaluation.documents.form import SEAL, SHEET, StaleForm, TamperedForm
from services.evaluation.documents.returned import choices_of
from services.evaluation.documents.workbook import workbook
from services.evaluation.hearing import reactions
from tests.builders.evaluation import (
    DISTRICT,
    NEW,
    OLD,
    PARTS,
    PROVINCE,
    Desk,
    a_product,
    a_secretary,
    a_verified_event,
    an_actor,
    best,
)
from tests.builders.sitting import BEST, NEW_SET, Sitting, a_sitting
from tests.builders.workbooks import a_form, changed, filled, with_a_cell_at


@pytest.fixture(name="sitting")
def _sitting(desk: Desk, sqlite: Database) -> Sitting:
    """Members 1 and 2 have declared."""
    sitting = a_sitting(desk, sqlite)
    sitting.declare(1, 2)
    return sitting


def fetch(sitting: Sitting, who: Actor, query: str = "") -> bytes:
    answer = sitting.desk.ask("GET", f"{sitting.path}/sheet.xlsx{query}", who)
    assert answer.status_code == 200, answer.text
    return answer.data


def bring(
    sitting: Sitting, content: bytes, who: Actor, query: str = "", **headers: str
) -> TestResponse:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return sitting.desk.app.test_client().post(
        f"/evaluation{sitting.path}/sheet.xlsx{query}",
        data={"file": (BytesIO(content), "phieu.xlsx")},
        headers=sent | sitting.authorization(who),
    )


def brought(sitting: Sitting, content: bytes, who: Actor, query: str = "") -> Any:
    answer = bring(sitting, content, who, query)
    assert answer.status_code == 200, answer.text
    return answer.json


def slug(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, (answer.json or {})["slug"]


def kept(sitting: Sitting, number: int) -> Any:
    return sitting.desk.done("GET", f"{sitting.path}/sheet", sitting.member(number))


@pytest.mark.parametrize("criteria_set", [s for p in packs() for s in p.sets.values() if s.complete],
                         ids=lambda each: each.code)  # fmt: skip
def test_what_was_written_is_read_again_for_every_set(criteria_set: Any) -> None:
    form = a_form(criteria_set=criteria_set)
    choices = dict(list(best(criteria_set).items())[1:])

    assert choices_of(workbook(form, choices), form) == choices
    assert choices_of(workbook(form, {}), form) == {}


def test_the_workbook_is_the_set_locked_but_for_the_choices(sitting: Sitting) -> None:
    content = fetch(sitting, sitting.member(1))

    book = CalamineWorkbook.from_filelike(BytesIO(content))
    page = book.get_sheet_by_name(SHEET).to_python()
    xml = zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    workbook_xml = zipfile.ZipFile(BytesIO(content)).read("xl/workbook.xml").decode()
    assert book.sheet_names == [SHEET, SEAL]
    assert page[2][0] == "Sản phẩm: Mắm tép (mẫu)"
    assert [row[0] for row in page if row[1] == "Nguồn gốc sản phẩm"] == ["1.1"]
    assert "<sheetProtection" in xml
    assert xml.count("<dataValidation ") == len(NEW_SET.criteria)
    assert 'name="ocop" sheetId="2" state="veryHidden"' in workbook_xml


def test_the_hidden_page_says_whose_sheet_it_is(sitting: Sitting) -> None:
    content = fetch(sitting, sitting.member(1))

    sealed = dict(
        CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name(SEAL).to_python()
    )
    assert sealed.pop("checksum")
    assert sealed == {
        "form": "ocop-score-sheet/1",
        "assessment": sitting.path.rpartition("/")[2],
        "member": "member-1",
        "round": "1",
        "pack": "QD26-2026",
        "criteria_set": "QD26-01",
    }


def test_a_draft_is_already_in_the_workbook_with_its_total(sitting: Sitting) -> None:
    sitting.fill_in(1, {"1.1": 3, "3.5": 2})

    content = fetch(sitting, sitting.member(1))

    last = (
        CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name(SHEET).to_python()[-1]
    )
    assert last[1:] == ["TỔNG ĐIỂM", 100, "", 5]


def test_a_filled_in_workbook_becomes_the_members_draft(sitting: Sitting) -> None:
    sitting.fill_in(1, {"1.1": 3, "3.5": 2})
    content = filled(fetch(sitting, sitting.member(1)), {"1.1": 2, "2.1": 3})

    answer = brought(sitting, content, sitting.member(1))

    assert answer["changes"] == [
        {"criterion": "1.1", "before": 3, "after": 2},
        {"criterion": "2.1", "before": None, "after": 3},
    ]
    assert (answer["saved"], answer["before_shown"], answer["replaces_a_draft"]) == (True,) * 3
    assert kept(sitting, 1)["choices"] == {"1.1": 2, "2.1": 3, "3.5": 2}
    assert answer["total"] == kept(sitting, 1)["total"]
    assert kept(sitting, 1)["submitted"] is False


def test_a_number_chosen_from_a_list_may_come_back_as_text(sitting: Sitting) -> None:
    content = filled(fetch(sitting, sitting.member(1)), {"1.1": "2", "2.1": 3.0})

    brought(sitting, content, sitting.member(1))

    assert kept(sitting, 1)["choices"] == {"1.1": 2, "2.1": 3}


def test_a_dry_run_shows_what_would_change_and_saves_nothing(sitting: Sitting) -> None:
    content = filled(fetch(sitting, sitting.member(1)), {"1.1": 2})

    answer = brought(sitting, content, sitting.member(1), "?dry_run=true")

    assert answer["changes"] == [{"criterion": "1.1", "before": None, "after": 2}]
    assert answer["saved"] is False
    nothing = sitting.desk.ask("GET", f"{sitting.path}/sheet", sitting.member(1))
    assert slug(nothing) == (404, "no-sheet")


def test_a_dry_run_refuses_what_the_act_would_refuse(sitting: Sitting) -> None:
    content = fetch(sitting, sitting.member(1))
    sitting.score(1)

    answer = bring(sitting, content, sitting.member(1), "?dry_run=true")

    assert slug(answer) == (409, "sheet-locked")


def test_the_secretary_enters_a_sheet_on_a_members_behalf(
    sitting: Sitting, sqlite: Database
) -> None:
    secretary, query = sitting.secretary, "?member=member-1"
    content = filled(fetch(sitting, secretary, query), {"1.1": 2})

    answer = brought(sitting, content, secretary, query)

    assert answer["member"] == "member-1"
    assert kept(sitting, 1)["choices"] == {"1.1": 2}
    with sqlite.reading() as session:
        (recorded,) = [
            act for act in session.execute(acts.acts.select()) if act.act == "bring-sheet"
        ]
    assert recorded.actor == "secretary"
    assert recorded.role == Role.SECRETARY.value
    grounds = json.loads(recorded.grounds)
    assert (grounds["on_behalf_of"], grounds["ticked"]) == ("member-1", 1)


def test_a_member_who_enters_his_own_sheet_is_recorded_as_himself(
    sitting: Sitting, sqlite: Database
) -> None:
    brought(sitting, filled(fetch(sitting, sitting.member(1)), {"1.1": 2}), sitting.member(1))

    with sqlite.reading() as session:
        recorded = [a for a in session.execute(acts.acts.select()) if a.act == "bring-sheet"]
    assert [each.actor for each in recorded] == ["member-1"]
    assert json.loads(recorded[0].grounds)["on_behalf_of"] == "member-1"


def test_the_secretary_sees_nothing_of_a_members_draft(sitting: Sitting) -> None:
    secretary, query = sitting.secretary, "?member=member-1"
    sitting.fill_in(1, {"1.1": 3, "3.5": 2})

    content = fetch(sitting, secretary, query)
    answer = brought(sitting, filled(content, {"1.1": 3}), secretary, f"{query}&dry_run=true")

    form = a_form(assessment_id=sitting.path.rpartition("/")[2])
    assert choices_of(content, form) == {}
    assert answer["before_shown"] is False
    assert answer["replaces_a_draft"] is True
    assert answer["changes"] == [{"criterion": "1.1", "before": None, "after": 3}]
    assert kept(sitting, 1)["choices"] == {"1.1": 3, "3.5": 2}


def test_a_sheet_of_part_totals_is_filled_in_with_points(desk: Desk, sqlite: Database) -> None:
    sitting = a_sitting(desk, sqlite, pack_id=OLD, area=DISTRICT)
    sitting.declare(1)
    sitting.fill_in(1, PARTS)

    answer = brought(sitting, fetch(sitting, sitting.member(1)), sitting.member(1))

    assert (answer["changes"], answer["total"]) == ([], 76)


def test_a_sheet_of_another_member_assessment_or_round_is_refused(sitting: Sitting) -> None:
    first = fetch(sitting, sitting.member(1))
    other = sitting.beside()
    other.declare(1)

    anothers = bring(sitting, first, sitting.member(2))
    elsewhere = bring(other, first, sitting.member(1))
    sitting.declare(3)
    sitting.score(1, 2)
    sitting.score(3, choices={"1.1": 1})
    later = bring(sitting, first, sitting.member(1))

    assert slug(anothers) == slug(elsewhere) == slug(later) == (409, "stale-form")
    assert "another member" in anothers.json["title"]
    assert "another assessment" in elsewhere.json["title"]
    assert "another round" in later.json["title"]


SHEET_XML, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"


@pytest.mark.parametrize(
    ("part", "change"),
    [
        (STRINGS, lambda text: text.replace("Nguồn gốc sản phẩm", "Nguồn khác")),
        (STRINGS, lambda text: text.replace(">QD26-01<", ">QD26-02<")),
        (STRINGS, lambda text: text.replace(">QD26-2026<", ">QD148-2023<")),
        (STRINGS, lambda text: re.sub(r">[0-9a-f]{64}<", f">{'0' * 64}<", text)),
        (STRINGS, lambda text: text.replace("ocop-score-sheet/1", "ocop-score-sheet/0")),
        (SHEET_XML, lambda text: re.sub(r'(r="C10" s="\d+"><v>)\d+', r"\g<1>9", text)),
        (SHEET_XML, lambda text: re.sub(r'r="D9" s="\d+"/>', 'r="D9"><v>3</v></c>', text)),
        (SHEET_XML, with_a_cell_at("A900")),
        (SHEET_XML, with_a_cell_at("H9")),
        (SHEET_XML, with_a_cell_at("XFD1048576")),
        (SHEET_XML, lambda text: text[:500]),
        (BOOK, lambda text: text.replace('name="ocop"', 'name="other"')),
        (BOOK, lambda text: text.replace('name="Phieu"', 'name="Sheet"')),
        (BOOK, lambda text: ""),
    ],
    ids=["a title", "the set", "the pack", "the checksum", "the form", "a maximum", "a choice where none is",
         "a row below", "a cell beside", "a cell far out", "cut off", "no hidden page", "no page", "no book"],
)  # fmt: skip
def test_a_workbook_changed_outside_its_choices_is_refused(
    part: str, change: Callable[[str], str]
) -> None:
    form = a_form()
    written = workbook(form, BEST)

    tampered = changed(written, part, change)

    assert tampered != changed(written, part, str)
    with pytest.raises(TamperedForm):
        choices_of(tampered, form)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"no workbook at all", b"\xd0\xcf\x11\xe0" + b"\0" * 600],
    ids=["empty", "cut off", "text", "an old XLS"],
)
def test_what_is_no_workbook_is_refused(sitting: Sitting, content: bytes) -> None:
    assert slug(bring(sitting, content, sitting.member(1))) == (422, "tampered-form")


def test_a_workbook_that_unpacks_to_a_flood_is_refused() -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * 20_000_000)

    with pytest.raises(TamperedForm, match="larger than any of our sheets"):
        choices_of(made.getvalue(), a_form())


def test_the_hidden_page_of_another_assessment_is_stale_and_not_tampered() -> None:
    with pytest.raises(StaleForm):
        choices_of(workbook(a_form(member="member-2"), {}), a_form())


@pytest.mark.parametrize("given", [9, 0, 1.5, -1, "hai", "true", "²"])
def test_an_option_outside_is_refused(sitting: Sitting, given: object) -> None:
    content = filled(fetch(sitting, sitting.member(1)), {"1.1": given})

    answer = bring(sitting, content, sitting.member(1))

    assert slug(answer) == (422, "unknown-option")
    assert "criterion 1.1" in answer.json["title"]


def test_no_refused_workbook_changes_anything(sitting: Sitting) -> None:
    sitting.fill_in(1, {"1.1": 3})
    version = kept(sitting, 1)["version"]

    bring(sitting, filled(fetch(sitting, sitting.member(1)), {"1.1": 9}), sitting.member(1))

    assert kept(sitting, 1)["choices"] == {"1.1": 3}
    assert kept(sitting, 1)["version"] == version


def test_without_a_file_there_is_nothing_to_read(sitting: Sitting) -> None:
    answer = sitting.desk.ask("POST", f"{sitting.path}/sheet.xlsx", sitting.member(1))

    assert answer.status_code == 400
    assert "file" in answer.json["title"]


def test_a_workbook_made_on_another_version_of_the_draft_is_refused(sitting: Sitting) -> None:
    sitting.fill_in(1, {"1.1": 3})
    content = filled(fetch(sitting, sitting.member(1)), {"1.1": 2})

    answer = bring(sitting, content, sitting.member(1), If_Match='"7"')

    assert slug(answer) == (412, "version-mismatch")


def test_nobody_gets_or_brings_anothers_sheet(sitting: Sitting) -> None:
    own = fetch(sitting, sitting.member(1))
    both = an_actor(Role.MEMBER, PROVINCE, id="member-2", **{"council-secretary": PROVINCE})

    for who, query, said in (
        (sitting.member(2), "?member=member-1", (403, "not-allowed")),
        (both, "?member=member-1", (403, "not-allowed")),
        (sitting.member(3), "", (409, "not-declared")),
        (sitting.secretary, "?member=stranger", (403, "not-a-member")),
        (sitting.secretary, "", (403, "not-allowed")),
        (an_actor(Role.SECRETARY, "01"), "?member=member-1", (403, "not-allowed")),
        (an_actor(Role.OCOP_OFFICER, PROVINCE), "?member=member-1", (403, "not-allowed")),
    ):
        path = f"{sitting.path}/sheet.xlsx{query}"
        assert slug(sitting.desk.ask("GET", path, who)) == said
        assert slug(bring(sitting, own, who, query)) == said


def test_the_secretary_enters_nothing_for_a_member_who_may_not_score(sitting: Sitting) -> None:
    query = "?member=member-3"
    content = fetch(sitting, sitting.secretary, query)

    undeclared = bring(sitting, content, sitting.secretary, query)
    sitting.declare(3, conflict=True)
    in_conflict = bring(sitting, content, sitting.secretary, query)

    assert slug(undeclared) == (409, "not-declared")
    assert slug(in_conflict) == (409, "member-in-conflict")


def test_a_dossier_that_waits_for_a_round_has_no_sheets(desk: Desk, sqlite: Database) -> None:
    product = a_product(NEW)
    Hearer(sqlite, reactions).hear([a_verified_event(product, NEW)])
    of = f"/assessments/of-dossier/{product.dossier_id}"
    (found,) = desk.done("GET", of, a_secretary(PROVINCE))

    answer = desk.ask(
        "GET", f"/assessments/{found['id']}/sheet.xlsx?member=x", a_secretary(PROVINCE)
    )

    assert slug(answer) == (409, "not-admitted")
