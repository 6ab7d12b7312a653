"""The forms of a dossier: filled from what is kept, for those who may read it, and nowhere else."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from contracts.registration import PURPOSES as ALL_PURPOSES
from contracts.registration import TOPICS as ALL_TOPICS
from regulation.acting import Actor, Role
from services.registration.documents.words import KINDS, PURPOSES, TOPICS
from services.registration.domain.subject import SubjectKind
from tests.builders.papers import needs_printing, text_of, ticked, words_of
from tests.builders.registration import (
    ELSEWHERE,
    ERAS,
    LETTER,
    NOW,
    PROVINCE,
    Era,
    an_actor,
    an_officer,
)
from tests.registration.desk import SUBJECT, Desk, report
from tests.registration.test_api_seats import MEMBER, cleared, hear

FORMS = ("01", "02", "03")
PERSONAL = (str(SUBJECT["representative"]), "0912345678", str(SUBJECT["tax_code"]))


def page(desk: Desk, dossier_id: UUID, form: str, who: Actor | None = None) -> str:
    """The form in HTML."""
    path = f"/dossiers/{dossier_id}/forms/{form}?format=html"
    answer = desk.send("GET", path, who or an_officer())
    assert answer.status_code == 200, answer.text
    return answer.text


def slug(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["slug"]


def verified(desk: Desk, era: Era = NOW, **changes: Any) -> UUID:
    dossier_id = desk.submitted(era)
    body = report(era.pack_id, **changes) | {"on": str(era.later(3))}
    desk.act("POST", f"/dossiers/{dossier_id}/verify", an_officer(), body)
    return dossier_id


def test_the_registration_form_tells_who_registers_what(desk: Desk) -> None:
    html = page(desk, desk.submitted(), "01")

    words = words_of(html)
    assert "PHIẾU ĐĂNG KÝ Đánh giá, phân hạng sản phẩm OCOP" in words
    assert "Số: 01-01/PĐK-38-14758-2026" in words
    assert "Tên chủ thể: Hợp tác xã Đường Pháp Lý" in words
    assert "Người đại diện: Nguyễn Thị Đại Diện Điện thoại: 0912345678" in words
    assert "Tên sản phẩm: Chè mẫu" in words
    assert "Ủy ban nhân dân phường Hàm Rồng; Ủy ban nhân dân tỉnh Thanh Hóa" in words
    assert "Mẫu số 01 · Quyết định 26/2026/QĐ-TTg" in words
    assert '<span class="box">X</span> Lần đầu' in html
    assert '<span class="box"></span> Nâng hạng' in html


def test_a_draft_has_dots_where_its_number_will_stand(desk: Desk) -> None:
    words = words_of(page(desk, desk.draft(), "01"))

    assert "Số: ……………………" in words
    assert "ngày … tháng … năm ……" in words


@pytest.mark.parametrize("era", ERAS.values(), ids=ERAS)
def test_the_self_assessment_report_is_the_set_with_the_producers_ticks(
    desk: Desk, era: Era
) -> None:
    html = page(desk, desk.submitted(era), "02")

    criteria_set = era.pack.criteria_set(era.criteria_set)
    choices = [c for c in criteria_set.criteria if c.kind == "choice"]
    assert ticked(html) == len(choices) + 1, "one of each criterion, and the purpose"
    words = words_of(html)
    for criterion in criteria_set.criteria:
        assert f"{criterion.code} {criterion.title.vi}" in words
        for option in criterion.options:
            assert option.label.vi in words
    assert "TỔNG ĐIỂM 100 100" in words
    assert "Tự xếp hạng: 5 sao." in words


def test_the_self_assessment_report_lists_the_evidence_that_is_there(desk: Desk) -> None:
    words = words_of(page(desk, desk.submitted(), "02"))

    assert "EV-01 Giấy đăng ký kinh doanh 921c63060892…, application/pdf, 26 byte" in words
    assert "Minh chứng: EV-10 (có), EV-13 (có)" in words
    assert "thiếu" not in words


def test_the_report_tells_of_each_tick_which_papers_it_needs_and_which_are_wanting(
    desk: Desk,
) -> None:
    path = f"/dossiers/{(dossier_id := desk.draft())}"
    ticks = {"1.1": 2, "1.2": 1, "4.3": 3, "9": 2}
    desk.act("PUT", f"{path}/self-assessment", an_officer(), {"choices": ticks})
    sha256 = desk.upload().get_json()["sha256"]
    desk.act("PUT", f"{path}/components/EV-08", an_officer(), {"evidence": [sha256]})

    words = words_of(page(desk, dossier_id, "02"))

    told = re.findall(r"Minh chứng: ((?:EV-\d\d \([^)]+\)(?:, )?)+)", words)
    assert told == ["EV-03 (chưa có)", "EV-08 (có), EV-09 (chưa có)", "EV-14 (chưa có)"]
    assert "chấm: 1.1 (EV-03), 4.3 (EV-09), 9 (EV-14)." in words


def test_a_sheet_that_is_not_ticked_yet_is_printed_blank(desk: Desk) -> None:
    html = page(desk, desk.draft(), "02")

    assert "Chủ thể chưa tự chấm điểm." in html
    assert "Tự xếp hạng" not in html
    assert ticked(html) == 1, "the purpose"


def test_the_communes_report_tells_its_findings_and_the_letter(desk: Desk) -> None:
    findings = report()["findings"]
    findings[0] |= {"share": "82.5", "words": "Trên 80% chè búp tươi của 45 hộ trong phường"}
    findings[3] |= {"met": False}
    dossier_id = verified(desk, findings=findings)

    words = words_of(page(desk, dossier_id, "03"))

    assert f"Kèm theo văn bản đề nghị đánh giá, phân hạng số: {LETTER}" in words
    assert "Hàm Rồng, ngày 04 tháng 7 năm 2026" in words
    assert "1 Sử dụng nguyên liệu địa phương 1.1 X 82,50 Trên 80% chè búp tươi" in words
    assert "4 Bản sắc, trí tuệ địa phương 5.3 X" in words
    assert "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH" in words


def test_the_communes_report_is_blank_until_it_has_verified(desk: Desk) -> None:
    html = page(desk, desk.submitted(), "03")

    words = words_of(html)
    assert "phân hạng số: ……………………" in words
    assert "1 Sử dụng nguyên liệu địa phương 1.1 2 Sử dụng lao động" in words


def test_a_report_of_2024_goes_to_the_district(desk: Desk) -> None:
    dossier_id = verified(desk, ERAS["QD148-2023"])

    words = words_of(page(desk, dossier_id, "03"))

    assert "Kính gửi: Ủy ban nhân dân thành phố Thanh Hóa" in words
    assert "Mẫu số" not in words, "the forms of that decision were not found"


@pytest.mark.parametrize("form", FORMS)
def test_whoever_reads_the_dossier_reads_its_forms(desk: Desk, form: str) -> None:
    dossier_id = desk.submitted()
    subject = desk.act("GET", f"/dossiers/{dossier_id}", an_officer())["subject_id"]

    for who in (an_actor(Role.PRODUCER, subject), an_actor(Role.SECRETARY, PROVINCE)):
        assert page(desk, dossier_id, form, who)


@pytest.mark.parametrize("form", FORMS)
def test_nobody_else_reads_them(desk: Desk, form: str) -> None:
    dossier_id = desk.submitted()
    path = f"/dossiers/{dossier_id}/forms/{form}?format=html"

    for who in (
        an_officer(ELSEWHERE),
        an_actor(Role.PRODUCER, str(uuid4())),
        an_actor(Role.MEMBER, "01"),
        an_actor(Role.OPERATOR, PROVINCE),
    ):
        assert slug(desk.send("GET", path, who)) == (403, "not-allowed")
    assert slug(desk.send("GET", path, None)) == (401, "token-refused")


def test_a_council_is_not_shown_the_data_of_people(desk: Desk) -> None:
    dossier_id = verified(desk)
    member = MEMBER
    hear(desk, cleared({"id": str(dossier_id)}, member))

    first = desk.send("GET", f"/dossiers/{dossier_id}/forms/01", member)
    others = page(desk, dossier_id, "02", member) + page(desk, dossier_id, "03", member)

    assert slug(first) == (403, "not-allowed")
    assert not [each for each in PERSONAL if each in others]


def test_the_data_of_people_stands_in_the_document_and_in_no_log(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    dossier_id = desk.submitted()
    with caplog.at_level(0), capture_logs() as logged:
        html = page(desk, dossier_id, "01")

    assert all(each in html for each in PERSONAL)
    told = f"{logged} {caplog.text}"
    assert not [each for each in PERSONAL if each in told]


def test_reading_a_form_changes_nothing(desk: Desk) -> None:
    dossier_id = desk.submitted()
    before = desk.book()

    for form in FORMS:
        page(desk, dossier_id, form)

    assert desk.book() == before


def test_what_a_producer_wrote_stays_text(desk: Desk) -> None:
    dossier_id = desk.draft(product_name="<img src=x> {{ 7 * 7 }}")

    html = page(desk, dossier_id, "01")

    assert "&lt;img src=x&gt; {{ 7 * 7 }}" in html


def test_an_office_has_its_own_form(desk: Desk, tmp_path: Path) -> None:
    own = tmp_path / "office" / "registration"
    own.mkdir(parents=True)
    (own / "form-01.html").write_text("Mẫu của tỉnh: {{ dossier.product_name }}")
    resources = desk.app.extensions["ocop"]
    desk.app.extensions["ocop"] = _with_templates(resources, own.parent)

    assert page(desk, desk.draft(), "01") == "Mẫu của tỉnh: Chè mẫu"


def test_an_unknown_format_and_an_unknown_dossier_are_refused(desk: Desk) -> None:
    dossier_id = desk.draft()

    odd = desk.send("GET", f"/dossiers/{dossier_id}/forms/01?format=docx", an_officer())
    gone = desk.send("GET", f"/dossiers/{uuid4()}/forms/01", an_officer())

    assert odd.status_code == 422
    assert slug(gone) == (404, "unknown-dossier")


@needs_printing
@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("01", "Người đại diện: Nguyễn Thị Đại Diện"),
        ("02", "Tự xếp hạng: 5 sao."),
        ("03", f"phân hạng số: {LETTER}"),
    ],
)
def test_a_form_is_printed(desk: Desk, form: str, says: str) -> None:
    dossier_id = verified(desk)

    printed = desk.send("GET", f"/dossiers/{dossier_id}/forms/{form}", an_officer())

    assert printed.content_type == "application/pdf"
    assert says in text_of(printed.data)


def test_every_kind_purpose_and_topic_has_its_word() -> None:
    assert KINDS.keys() == {kind.value for kind in SubjectKind}
    assert PURPOSES.keys() == set(ALL_PURPOSES)
    assert TOPICS.keys() == set(ALL_TOPICS)


def _with_templates(resources: Any, folder: Path) -> Any:
    return replace(resources, settings=replace(resources.settings, templates=str(folder)))
