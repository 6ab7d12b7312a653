"""Documents: an office's template before ours, printed without fetching anything, and never by what hears events."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from flask_smorest import Blueprint
from pypdf import PdfReader

from chassis.database import Database
from chassis.documents import pdf, wording
from chassis.documents.answering import answer
from chassis.documents.templates import Stationery, TemplateBroken
from chassis.settings import Settings, SettingsRefused, read
from chassis.web import doors
from chassis.web.app import build
from regulation.acting import Place
from services.evaluation.documents import STATIONERY as EVALUATION
from services.registration.documents import STATIONERY as REGISTRATION
from tests.builders.papers import needs_printing, text_of, words_of

ROOT = Path(__file__).parents[2]
THANH_HOA = Place(province="38", district=None, commune="16012")
IN_A_DISTRICT = Place(province="38", district="399", commune="15871")
LETTER = """{% extends "ocop/layout.html" %}
{% block title %}Thư{% endblock %}
{% block main %}<p>Kính gửi {{ to }}, {{ on | day }}</p>{% endblock %}
"""
HEAD = {
    "parent": "Ủy ban nhân dân tỉnh Thanh Hóa",
    "office": "Hội đồng",
    "number": "1/BB",
    "place": "Thanh Hóa",
    "on": date(2026, 2, 5),
}
FORMS = sorted((*EVALUATION.folder.glob("*.html"), *REGISTRATION.folder.glob("*.html")))
DATA: dict[str, Any] = {"head": HEAD, "to": "ông Nguyễn Văn Mẫu", "on": "2026-07-01"}


@pytest.fixture(name="stationery")
def _stationery(tmp_path: Path) -> Stationery:
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "letter.html").write_text(LETTER, encoding="utf-8")
    return Stationery(service="post", folder=folder)


@pytest.fixture(name="office")
def _office(tmp_path: Path) -> Path:
    """An office's own folder, empty yet."""
    folder = tmp_path / "office"
    (folder / "post").mkdir(parents=True)
    return folder


@pytest.fixture(name="client")
def _client(stationery: Stationery, office: Path, tmp_path: Path) -> FlaskClient:
    """A service that answers with the letter."""
    settings = read({"OCOP_DATA": str(tmp_path), "OCOP_TEMPLATES": str(office)})
    return _app(stationery, settings, tmp_path).test_client()


def _app(stationery: Stationery, settings: Settings, folder: Path) -> Flask:
    blueprint = Blueprint("post", __name__)

    @blueprint.route("/letter/<form>")
    @doors.open_to(*doors.PUBLIC)
    def letter(form: str) -> Response:
        return answer(stationery, "letter", DATA, format=form, called="thu")

    database = Database("post", f"sqlite:///{folder / 'post.sqlite'}")
    return build("post", "Post", [blueprint], database, settings)


def test_a_document_has_the_national_heading_the_office_the_place_and_the_day(
    stationery: Stationery,
) -> None:
    words = words_of(stationery.fill("letter", DATA))

    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc" in words
    assert "ỦY BAN NHÂN DÂN TỈNH THANH HÓA HỘI ĐỒNG" in words
    assert "Số: 1/BB Thanh Hóa, ngày 05 tháng 02 năm 2026" in words
    assert "Kính gửi ông Nguyễn Văn Mẫu, 01/07/2026" in words


def test_what_people_wrote_stays_text(stationery: Stationery) -> None:
    html = stationery.fill("letter", DATA | {"to": "<script>alert(1)</script>"})

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_an_offices_own_template_comes_before_ours(stationery: Stationery, office: Path) -> None:
    (office / "post" / "letter.html").write_text("Mẫu của tỉnh: {{ to }}", encoding="utf-8")

    own = stationery.fill("letter", DATA, office=str(office))

    assert own == "Mẫu của tỉnh: ông Nguyễn Văn Mẫu"
    assert "CỘNG HÒA" in stationery.fill("letter", DATA)


def test_an_office_may_replace_the_layout_alone(stationery: Stationery, office: Path) -> None:
    (office / "ocop").mkdir()
    (office / "ocop" / "layout.html").write_text("Của tỉnh {% block main %}{% endblock %}")

    own = stationery.fill("letter", DATA, office=str(office))

    assert words_of(own) == "Của tỉnh Kính gửi ông Nguyễn Văn Mẫu, 01/07/2026"


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ("{{ nobody }}", "post/letter.html: 'nobody' is undefined"),
        ("\n{% if %}", "post/letter.html, line 2: "),
        ("{{ to.__class__.__mro__ }}", "post/letter.html: access to attribute '__class__'"),
        ('{% extends "ocop/gone.html" %}', "ocop/gone.html"),
        ("{{ to + 1 }}", "post/letter.html: can only concatenate str"),
        ("{{ 1 / 0 }}", "post/letter.html: division by zero"),
        ('{% include "post/letter.html" %}', "post/letter.html: "),
        ("Kính gửi".encode("utf-16"), "post/letter.html: 'utf-8' codec"),
    ],
    ids=[
        "unknown name",
        "slip",
        "reaching out",
        "missing parent",
        "sum with words",
        "no sum",
        "in itself",
        "not UTF-8",
    ],
)
def test_a_template_that_cannot_be_filled_is_named(
    stationery: Stationery, office: Path, slip: str | bytes, said: str
) -> None:
    content = slip if isinstance(slip, bytes) else slip.encode()
    (office / "post" / "letter.html").write_bytes(content)

    with pytest.raises(TemplateBroken, match=re.escape(said)):
        stationery.fill("letter", DATA, office=str(office))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_every_form_of_ours_may_be_replaced_and_a_broken_one_is_named(
    office: Path, form: Path
) -> None:
    of = next(each for each in (EVALUATION, REGISTRATION) if each.folder == form.parent)
    own = office / of.service / form.name
    own.parent.mkdir(exist_ok=True)

    own.write_text("Mẫu của tỉnh", encoding="utf-8")
    replaced = of.fill(form.stem, {}, office=str(office))
    own.write_text("{{ nobody }}")

    assert replaced == "Mẫu của tỉnh"
    with pytest.raises(TemplateBroken, match=f"{of.service}/{form.name}: 'nobody' is undefined"):
        of.fill(form.stem, {}, office=str(office))


def test_every_form_is_one_that_an_office_knows() -> None:
    assert {form.stem for form in FORMS} == {
        "form-01", "form-02", "form-03", "sheet", "minutes", "advisory-report", "results",
    }  # fmt: skip


def test_the_folder_of_templates_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match="OCOP_TEMPLATES: must be a folder"):
        read({"OCOP_TEMPLATES": str(tmp_path / "gone")})


def test_a_document_is_answered_as_html_everywhere(client: FlaskClient) -> None:
    shown = client.get("/post/letter/html")

    assert shown.content_type == "text/html; charset=utf-8"
    assert "Kính gửi ông Nguyễn Văn Mẫu" in shown.text


def test_a_broken_template_is_answered_with_its_place(client: FlaskClient, office: Path) -> None:
    (office / "post" / "letter.html").write_text("{{ nobody }}")

    refused = client.get("/post/letter/html")

    assert (refused.status_code, (refused.json or {})["slug"]) == (500, "template-broken")


def test_this_machine_prints() -> None:
    """Fails where `make test` has not installed what printing needs."""
    assert pdf.missing() is None, f"install {' '.join(pdf.PACKAGES)}"


@needs_printing
def test_a_printed_document_keeps_every_mark_of_vietnamese(client: FlaskClient) -> None:
    printed = client.get("/post/letter/pdf")

    assert printed.content_type == "application/pdf"
    assert printed.headers["Content-Disposition"] == 'inline; filename="thu.pdf"'
    assert "Kính gửi ông Nguyễn Văn Mẫu, 01/07/2026" in text_of(printed.data)


@needs_printing
def test_pages_are_numbered_from_the_second_on(stationery: Stationery) -> None:
    html = stationery.fill("letter", DATA | {"to": "mọi người " * 900})

    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf.pdf(html))).pages]

    assert len(pages) > 1
    assert pages[0].split()[-1] == "người"
    assert pages[1].split()[-1] == "2"


@needs_printing
def test_printing_fetches_nothing_from_the_machine(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("not to be printed")
    html = f'<link rel="attachment" href="{secret.as_uri()}"><p>A page</p>'

    printed = PdfReader(BytesIO(pdf.pdf(html)))

    assert printed.pages[0].extract_text() == "A page"
    assert not printed.attachments


@pytest.fixture(name="no_fonts")
def _no_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without fonts, as fontconfig sees it."""
    empty = tmp_path / "fonts.conf"
    empty.write_text("<fontconfig></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(empty))
    pdf.missing.cache_clear()
    yield
    pdf.missing.cache_clear()


@needs_printing
@pytest.mark.usefixtures("no_fonts")
def test_where_nothing_can_be_printed_the_answer_names_what_to_install(
    client: FlaskClient,
) -> None:
    refused = client.get("/post/letter/pdf")
    shown = client.get("/post/letter/html")

    problem = refused.json or {}
    assert (refused.status_code, problem["slug"]) == (501, "pdf-unavailable")
    assert "libpango-1.0-0" in problem["title"]
    assert "fonts-croscore" in problem["title"]
    assert shown.status_code == 200


def test_nothing_that_hears_events_loads_what_prints() -> None:
    check = (
        "import sys, services.evaluation.service, services.registration.service, "
        "chassis.wire.runner, chassis.handover\n"
        "loaded = {'weasyprint', 'chassis.documents', 'xlsxwriter', 'python_calamine'} & sys.modules.keys()\n"
        "assert not loaded, loaded"
    )

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", check], cwd=ROOT, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr


def test_days_below_ten_and_the_first_two_months_are_written_with_a_zero() -> None:
    assert wording.long_day(date(2026, 2, 5)) == "ngày 05 tháng 02 năm 2026"
    assert wording.long_day("2026-11-20") == "ngày 20 tháng 11 năm 2026"
    assert wording.long_day(None) == "ngày … tháng … năm ……"


def test_a_moment_is_told_in_the_time_of_viet_nam() -> None:
    at = datetime(2026, 7, 1, 18, 30, tzinfo=UTC)

    assert wording.moment(at) == wording.moment(at.isoformat()) == "01:30 ngày 02/07/2026"


def test_places_are_called_as_they_were_in_their_time() -> None:
    assert wording.whereabouts(THANH_HOA) == "Xã Hậu Lộc, Tỉnh Thanh Hóa"
    assert wording.whereabouts(IN_A_DISTRICT) == "Xã Hoằng Giang, Huyện Hoằng Hóa, Tỉnh Thanh Hóa"
    assert wording.committee(IN_A_DISTRICT, "district") == "Ủy ban nhân dân huyện Hoằng Hóa"
    assert wording.short_name(THANH_HOA, "commune") == "Hậu Lộc"


def test_a_place_that_no_list_knows_keeps_its_code() -> None:
    unknown = replace(THANH_HOA, commune="99999")

    assert wording.unit_name(unknown, "commune") == "99999"
