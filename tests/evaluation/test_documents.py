"""A council's papers: the minutes from their record, score sheets, the advisory team's report, a round's results."""

import re
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from chassis.database import Database
from contracts.registration import PURPOSES as ALL_PURPOSES
from contracts.registration import TOPICS as ALL_TOPICS
from regulation.acting import Actor, Role
from services.evaluation.documents import words
from services.evaluation.domain.assessment import Status
from services.evaluation.domain.council import Gates, OnSpread, Presiding, Requirement, Seat
from tests.builders.evaluation import DISTRICT, OLD, PARTS, PROVINCE, Desk, an_actor
from tests.builders.papers import needs_printing, text_of, ticked, words_of
from tests.builders.sitting import BEST, NEW_SET, Sitting, a_sitting

PAPERS = ("minutes.pdf", "advisory-report.pdf")
WORSE = BEST | {"1.1": 1, "2.1": 1, "3.5": 1, "4.1": 1, "5.3": 1, "6.2": 1}
REPORT = {
    "report_number": "05/BC-TTV",
    "conforms": True,
    "on": "2024-05-21",
    "site_visit": {"on": "2024-05-20", "finding": "Nhà xưởng sạch, có sổ theo dõi"},
    "tests": [{"name": "E. coli", "result": "< 10 CFU/g", "document": "KN-118"}],
}


def ask(sitting: Sitting, paper: str, who: Actor | None) -> TestResponse:
    mark = "&" if "?" in paper else "?"
    return sitting.desk.ask("GET", f"{sitting.path}/{paper}{mark}format=html", who)


def page(sitting: Sitting, paper: str, who: Actor | None = None) -> str:
    answer = ask(sitting, paper, who or sitting.secretary)
    assert answer.status_code == 200, answer.text
    return answer.text


def slug(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, (answer.json or {})["slug"]


@pytest.fixture(name="sitting")
def _sitting(desk: Desk, sqlite: Database) -> Sitting:
    """In a round; nobody has declared."""
    return a_sitting(desk, sqlite)


def full_way(desk: Desk, database: Database) -> Sitting:
    """Four seats: a supplement, a report, a conflict, a re-score, an agreed option."""
    sitting = a_sitting(desk, database, count=4, regulation={"gates": "agreed"})
    post, secretary = f"{sitting.path}/", sitting.secretary
    asked = {"what": "Phiếu kiểm nghiệm còn hạn", "on": "2024-05-20"}
    desk.done("POST", f"{post}ask-supplement", secretary, asked)
    desk.done("POST", f"{post}supplement-received", secretary, {"on": "2024-05-21"})
    desk.done("POST", f"{post}advisory-report", secretary, REPORT)
    sitting.declare(1, 2, 3)
    sitting.declare(4, conflict=True, ground="Anh ruột của giám đốc")
    sitting.score(1, 2)
    sitting.score(3, choices=WORSE)
    sitting.score(1, 2, 3, choices=BEST | {"2.1": 2})
    sitting.conclude(agreed={"2.1": 3}, on="2024-05-28")
    return sitting


def test_the_minutes_tell_everything_that_led_to_the_result(desk: Desk, sqlite: Database) -> None:
    words_ = words_of(page(full_way(desk, sqlite), "minutes.pdf"))

    for said in (
        "ỦY BAN NHÂN DÂN TỈNH THANH HÓA HỘI ĐỒNG ĐÁNH GIÁ, PHÂN HẠNG SẢN PHẨM OCOP",
        "Thanh Hóa, ngày 28 tháng 5 năm 2024",
        "Tên sản phẩm: Mắm tép (mẫu) Chủ thể: Hợp tác xã (mẫu)",
        "Sử dụng nguyên liệu địa phương: đạt",
        "từ 3/4 số ghế; phải có Chủ tịch",
        "chênh lệch trên 10 điểm: thảo luận và chấm lại",
        "4 member-4 Ủy viên Sở (mẫu) Có xung đột : Anh ruột của giám đốc",
        "Số 05/BC-TTV, 21/05/2024: hồ sơ đáp ứng quy định Kiểm tra thực tế 20/05/2024: Nhà xưởng",
        "E. coli: < 10 CFU/g (KN-118)",
        "Phiếu kiểm nghiệm còn hạn; yêu cầu 20/05/2024, nhận 21/05/2024",
        "Vượt giới hạn: Hội đồng thảo luận và chấm lại",
        "Lượt 2",
        "2.1 Nguồn gốc ý tưởng sản phẩm (3)",
        "Chuyển hồ sơ để Hội đồng cấp quốc gia đánh giá",
        "Phụ lục: điểm từng tiêu chí của các phiếu được tính",
    ):
        assert said in words_, said


def test_the_minutes_show_each_sheets_points_part_by_part(desk: Desk, sqlite: Database) -> None:
    words_ = words_of(page(full_way(desk, sqlite), "minutes.pdf"))

    assert "member-1 40 25 35 100" in words_
    assert "member-1 40 25 35 100 X" not in words_, "scored again: it does not count"
    assert "member-1 38 25 35 98 X" in words_
    assert (
        "Phần C: Chất lượng sản phẩm (35) Điểm trung bình Khung điểm Xếp hạng 38 25 35 98"
        in words_
    )
    assert "1.1 Nguồn gốc sản phẩm 3 3 3 3 3" in words_, "max, three members, mean"


def test_the_hash_of_the_record_stands_at_the_foot(desk: Desk, sqlite: Database) -> None:
    sitting = full_way(desk, sqlite)
    record = desk.done("GET", f"{sitting.path}/minutes", sitting.secretary)

    html = page(sitting, "minutes.pdf")

    assert re.search(rf'<div class="foot">[^<]*{record["sha256"]}</div>', html)
    assert "CẢNH BÁO" not in html


def test_a_knock_out_stands_in_the_minutes_with_its_evidence(sitting: Sitting) -> None:
    sitting.declare(1, 2, 3)
    sitting.score(1, 2, 3)
    sitting.conclude(knockouts=[{"code": "forged-dossier", "evidence": "Kết luận số 12 (mẫu)"}])

    words_ = words_of(page(sitting, "minutes.pdf"))

    assert "forged-dossier Hồ sơ giả mạo Kết luận số 12 (mẫu)" in words_
    assert "5 sao Bị loại" in words_
    assert "Kết thúc: sản phẩm bị loại, không xếp hạng." in words_


def test_gates_that_were_missed_and_warnings_stand_in_the_minutes(sitting: Sitting) -> None:
    sitting.declare(1, 2, 3)
    sitting.score(1, 2, 3, choices=BEST | {"3.4": 1})
    sitting.conclude()

    words_ = words_of(page(sitting, "minutes.pdf"))

    assert "3.4 Tăng trưởng sản xuất kinh doanh: đạt 1, cần 2" in words_
    assert "Chỉ một yêu cầu tối thiểu của 4 sao chưa đạt: tiêu chí 3.4, thiếu 1 điểm." in words_


def test_the_minutes_of_the_province_tell_how_far_the_district_lay(
    desk: Desk, sqlite: Database
) -> None:
    below = a_sitting(desk, sqlite, pack_id=OLD, area=DISTRICT)
    below.declare(1, 2, 3)
    below.score(1, 2, 3, choices=PARTS)
    below.conclude()
    above = below.above(on="2024-06-10")
    above.declare(1, 2, 3)
    above.score(1, 2, 3, choices={"A": 25, "B": 15, "C": 20})
    above.conclude(on="2024-06-20")

    words_ = words_of(page(above, "minutes.pdf"))

    assert "Cấp huyện 31 19 26 76 4 sao Cấp tỉnh 25 15 20 60 3 sao" in words_
    assert "Chênh lệch: -16 điểm, -1 sao; chênh lệch lớn" in words_
    assert "Đề nghị cấp huyện công nhận sản phẩm đạt 3 sao." in words_


def test_there_are_no_minutes_before_the_conclusion(sitting: Sitting) -> None:
    sitting.declare(1, 2, 3)
    before = ask(sitting, "minutes.pdf", sitting.secretary)
    sitting.score(1, 2, 3)
    opened = ask(sitting, "minutes.pdf", sitting.secretary)

    assert slug(before) == (409, "sheets-not-open")
    assert slug(opened) == (404, "no-minutes")


def test_a_members_sheet_is_blank_before_he_begins_and_then_has_his_ticks(
    sitting: Sitting,
) -> None:
    sitting.declare(1)
    blank = page(sitting, "sheet.pdf", sitting.member(1))
    sitting.fill_in(1, {"1.1": 3, "3.5": 2})
    draft = page(sitting, "sheet.pdf", sitting.member(1))

    assert ticked(blank) == 0
    assert ticked(draft) == 2
    assert "TỔNG ĐIỂM 100 5" in words_of(draft)
    for criterion in NEW_SET.criteria:
        assert f"{criterion.code} {criterion.title.vi}" in words_of(blank)


def test_the_secretary_prints_blank_sheets_until_the_sheets_open(sitting: Sitting) -> None:
    sitting.declare(1, 2, 3)
    sitting.score(1)
    sitting.fill_in(2)
    wanted = "sheet.pdf?member=member-1"

    before = page(sitting, wanted)
    sitting.submit(2)
    sitting.score(3)
    after = page(sitting, wanted)

    assert ticked(before) == 0
    assert "nộp lúc" not in before
    assert ticked(after) == len(NEW_SET.criteria)


def test_nobody_gets_anothers_sheet(sitting: Sitting) -> None:
    sitting.declare(1, 2)
    sitting.fill_in(1)
    both = an_actor(Role.MEMBER, PROVINCE, id="member-2", **{"council-secretary": PROVINCE})

    for who, paper, said in (
        (sitting.member(2), "sheet.pdf?member=member-1", (403, "not-allowed")),
        (both, "sheet.pdf?member=member-1", (403, "not-allowed")),
        (sitting.member(3), "sheet.pdf", (409, "not-declared")),
        (sitting.secretary, "sheet.pdf?member=stranger", (403, "not-a-member")),
        (an_actor(Role.SECRETARY, "01"), "sheet.pdf?member=member-1", (403, "not-allowed")),
        (an_actor(Role.MEMBER, PROVINCE, id="stranger"), "sheet.pdf", (403, "not-a-member")),
    ):
        assert slug(ask(sitting, paper, who)) == said


def test_a_member_in_conflict_gets_no_paper(sitting: Sitting) -> None:
    sitting.declare(1, conflict=True)

    mine = ask(sitting, "sheet.pdf", sitting.member(1))
    from_the_secretary = ask(sitting, "sheet.pdf?member=member-1", sitting.secretary)
    report = ask(sitting, "advisory-report.pdf", sitting.member(1))

    assert slug(mine) == slug(report) == (403, "conflict-of-interest")
    assert slug(from_the_secretary) == (409, "member-in-conflict")


def test_the_advisory_report_is_printed_for_those_who_see_the_dossier(sitting: Sitting) -> None:
    none = ask(sitting, "advisory-report.pdf", sitting.secretary)
    sitting.desk.done("POST", f"{sitting.path}/advisory-report", sitting.secretary, REPORT)
    undeclared = ask(sitting, "advisory-report.pdf", sitting.member(1))
    sitting.declare(1)

    words_ = words_of(page(sitting, "advisory-report.pdf", sitting.member(1)))

    assert slug(none) == (404, "no-advisory-report")
    assert slug(undeclared) == (409, "not-declared")
    assert "Số: 05/BC-TTV Thanh Hóa, ngày 21 tháng 5 năm 2024" in words_
    assert "1 E. coli < 10 CFU/g KN-118" in words_
    assert "Hồ sơ đáp ứng quy định" in words_


def test_the_result_list_of_a_round_stands_best_first(sitting: Sitting) -> None:
    better, waiting = sitting.beside(product_name="Chè (mẫu)"), sitting.beside()
    for each, choices in ((sitting, BEST | {"3.4": 1}), (better, BEST)):
        each.declare(1, 2, 3)
        each.score(1, 2, 3, choices=choices)
        each.conclude()
    path = f"/rounds/{sitting.round}/results.pdf?format=html"

    listed = words_of(sitting.desk.ask("GET", path, sitting.secretary).text)

    assert waiting.path not in (sitting.path, better.path)
    assert "3 hồ sơ; 5 sao: 1; 3 sao: 1; chưa kết luận hoặc đã rút: 1" in listed
    assert "1 Chè (mẫu) Hợp tác xã (mẫu) Xã Hậu Lộc 38-399-15871-1-2024 QD26-01 100" in listed
    assert "2 Mắm tép (mẫu)" in listed
    assert "QD26-01 99 3 sao Đề nghị cấp tỉnh công nhận sản phẩm đạt 3 sao." in listed
    assert "– – Đang chấm điểm" in listed


def test_a_round_without_dossiers_has_an_empty_list(desk: Desk) -> None:
    _, round_ = desk.set_up(area=PROVINCE)

    answer = desk.ask(
        "GET", f"/rounds/{round_}/results.pdf?format=html", an_actor(Role.SECRETARY, PROVINCE)
    )

    assert "Đợt này chưa có hồ sơ." in answer.text


def test_results_are_for_the_officials_of_the_area(sitting: Sitting) -> None:
    path = f"/rounds/{sitting.round}/results.pdf?format=html"

    elsewhere = sitting.desk.ask("GET", path, an_actor(Role.OCOP_OFFICER, "01"))
    member = sitting.desk.ask("GET", path, sitting.member(1))

    assert slug(elsewhere) == (403, "outside-area")
    assert slug(member) == (403, "not-allowed")


@pytest.mark.parametrize("paper", PAPERS)
def test_papers_of_another_area_stay_there(sitting: Sitting, paper: str) -> None:
    answer = ask(sitting, paper, an_actor(Role.SECRETARY, "01"))

    assert slug(answer) == (403, "outside-area")


def test_what_is_unknown_is_not_found(desk: Desk) -> None:
    secretary = an_actor(Role.SECRETARY, PROVINCE)

    for path, said in (
        (f"/assessments/{uuid4()}/minutes.pdf", "unknown-assessment"),
        (f"/assessments/{uuid4()}/sheet.pdf", "unknown-assessment"),
        (f"/rounds/{uuid4()}/results.pdf", "unknown-round"),
    ):
        assert slug(desk.ask("GET", path, secretary)) == (404, said)


@needs_printing
def test_the_papers_are_printed(desk: Desk, sqlite: Database) -> None:
    sitting = full_way(desk, sqlite)
    record = desk.done("GET", f"{sitting.path}/minutes", sitting.secretary)

    minutes = text_of(desk.ask("GET", f"{sitting.path}/minutes.pdf", sitting.secretary).data)
    sheet = text_of(desk.ask("GET", f"{sitting.path}/sheet.pdf", sitting.member(1)).data)
    results = f"/rounds/{sitting.round}/results.pdf"

    assert "Họp Hội đồng đánh giá, phân hạng sản phẩm OCOP cấp tỉnh" in minutes
    assert minutes.count(record["sha256"]) > 2, "on every page"
    assert "TỔNG ĐIỂM 100 98" in sheet
    assert "Mắm tép" in text_of(desk.ask("GET", results, sitting.secretary).data)


def test_every_word_of_evaluation_has_its_vietnamese() -> None:
    for spoken, known in (
        (words.SEATS, [each.value for each in Seat]),
        (words.STATUSES, [each.value for each in Status]),
        (words.GATES, [each.value for each in Gates]),
        (words.PRESIDING, [each.value for each in Presiding]),
        (words.ON_SPREAD, [each.value for each in OnSpread]),
        (words.REQUIRES, [each.value for each in Requirement]),
        (words.PURPOSES, ALL_PURPOSES),
        (words.TOPICS, ALL_TOPICS),
    ):
        assert spoken.keys() == set(known)


@pytest.mark.parametrize(
    ("kind", "by", "said"),
    [
        ("band", "-0.25", "Điểm trung bình chỉ dưới ngưỡng 4 sao 0,25 điểm."),
        ("band", "0.3333", "Điểm trung bình chỉ trên ngưỡng 4 sao 0,3333 điểm."),
        ("gate-missed", "-1", "Chỉ một yêu cầu tối thiểu của 4 sao chưa đạt: tiêu chí 1.5, thiếu 1 điểm."),
        ("gate-held", "0.3333", ("Yêu cầu tối thiểu của 4 sao ở tiêu chí 1.5 chỉ đạt sít sao "
                                 "(dư 0,3333 điểm): có thành viên chấm dưới mức.")),
    ],
)  # fmt: skip
def test_a_warning_is_told_in_words(kind: str, by: str, said: str) -> None:
    criterion = None if kind == "band" else "1.5"

    assert words.warning(kind, star=4, by=by, criterion=criterion) == said
