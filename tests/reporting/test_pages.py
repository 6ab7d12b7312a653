import re
from datetime import date, datetime
from html.parser import HTMLParser

import pytest
import time_machine

from chassis.clock import VIET_NAM
from chassis.hearing import Hearer
from chassis.settings import SERVICES
from chassis.web.pages import LANGUAGES, speech
from regulation.acting import Role
from services.reporting import storage
from services.reporting.domain import STARS, Stage, plan
from services.reporting.hearing import reactions
from services.reporting.pages import _WORDS as WORDS
from tests.builders.visitor import an_actor
from tests.builders.voices import Voices, Way

VOID = {"meta", "link", "br", "input", "rect", "path", "circle"}


class Page(HTMLParser):
    """The tables of a page, cell by cell; refuses elements that are not closed where they were opened."""

    def __init__(self, text):
        super().__init__()
        self.tables, self._open, self.headers = {}, [], []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self._open.append(tag)
        if tag == "table":
            self._rows = []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._rows[-1].append("")
            self.headers += [dict(attrs)] if tag == "th" else []
        elif tag == "caption":
            self._caption = ""

    def handle_endtag(self, tag):
        assert tag in VOID or self._open.pop() == tag, tag
        if tag == "table":
            self.tables[self._caption.strip()] = self._rows

    def handle_data(self, data):
        if "svg" in self._open or "table" not in self._open:
            return
        if "caption" in self._open:
            self._caption += data
        elif self._open[-1] in ("td", "th", "span", "abbr") and self._rows:
            self._rows[-1][-1] += data.strip()

    def table(self, beginning):
        [rows] = [rows for caption, rows in self.tables.items() if caption.startswith(beginning)]
        return {row[0]: row[1:] for row in rows}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(datetime(2026, 11, 22, 9, tzinfo=VIET_NAM), tick=True):
        yield


@pytest.fixture
def province(database):
    """Thọ Xuân with a plan of 5 + 2, two products of three stars, one of four, a candidate and a closed one."""
    voices = Voices()
    ways = [Way(voices, f"Chè lam mẫu {number}") for number in range(5)]
    for way in ways:
        way.selected(), way.submitted(), way.verified()
    for way in ways[:2]:
        way.scored(), way.certified()
    ways[2].certified("AtProvince", 4)
    ways[3].referred()
    ways[4].closed()
    Hearer(database, reactions).hear(voices.said)
    rows = [("395", {3: 5, 4: 2, 5: 0}), ("380", {3: 1200, 4: 0, 5: 1})]
    officer = an_actor(Role.OCOP_OFFICER, "38")
    with database.transaction() as session:
        entered = plan(2024, "Kế hoạch mẫu 2024", rows, province="38", by=officer)
        storage.set_plan(session, entered)


def test_the_front_page_shows_plan_against_result_in_vietnamese(visitor, province):
    answer = visitor.get("/?year=2024")

    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    table = Page(answer.text).table("Số sản phẩm theo địa bàn")
    assert table["Huyện Thọ Xuân"] == ["7", "3", "", "5", "2", "2", "1", "0", "0", "1"]
    assert table["Thành phố Thanh Hóa"] == [
        "1.201",
        "0",
        "",
        "1.200",
        "0",
        "0",
        "0",
        "1",
        "0",
        "0",
    ]
    assert table["Toàn tỉnh"] == ["1.208", "3", "", "1.205", "2", "2", "1", "1", "0", "1"]


def test_the_front_page_speaks_english_a_click_away(visitor, province):
    vietnamese = visitor.get("/?year=2024").text
    [link] = re.findall(r'<a href="([^"]+)" lang="en"', vietnamese)

    answer = visitor.get(link.replace("&amp;", "&"))

    assert link == "/?year=2024&amp;lang=en"
    assert '<html lang="en">' in answer.text
    table = Page(answer.text).table("Products by area and stars. Targets from: Kế hoạch mẫu 2024")
    assert table["Thọ Xuân district"][:2] == ["7", "3"]
    assert table["Thanh Hóa city"][0] == "1,201"
    assert "<title>Thanh Hóa province: OCOP programme 2024" in answer.text


def test_the_front_page_shows_the_funnel(visitor, province):
    funnel = Page(visitor.get("/?year=2024").text).table("Hồ sơ nộp trong năm 2024.")

    assert funnel["Nộp hồ sơ"] == ["0", "5", ""]
    assert funnel["Được công nhận"] == ["3", "3", ""]
    assert funnel["Không đạt 3 sao"] == ["1", "1", ""]
    assert funnel["Tổng số hồ sơ"][0] == "5"


def test_the_front_page_shows_the_latest_events_in_words_and_in_viet_nam_s_time(visitor, province):
    text = visitor.get("/?year=2024").text

    latest = text[text.index('class="events"') :]
    assert "Hội đồng cấp huyện chấm điểm</span>, 1 sao" in latest
    assert "Chè lam mẫu 4</span>, Xã Xuân Lai" in latest
    assert '<time class="quiet" datetime="2024-11-20T02:21:00+00:00">09:21, 20/11/2024' in latest


def test_every_bar_stands_in_a_row_and_says_what_it_shows(visitor, province):
    text = visitor.get("/?year=2024").text

    titles = re.findall(r'<svg class="bar"[^>]*role="img"><title>([^<]+)', text)
    assert len(titles) == len(Stage) + 3
    assert "Huyện Thọ Xuân: chỉ tiêu 7, kết quả 3 (3 sao 2, 4 sao 1, 5 sao 0)" in titles


@pytest.mark.parametrize("path", ["/", "/reporting/", "/?lang=en", "/?lang=xx", "/?year=2023"])
def test_the_page_is_sound_everywhere(visitor, province, path):
    answer = visitor.get(path)

    page = Page(answer.text)
    assert answer.status_code == 200
    assert page.headers == [] or all("scope" in header for header in page.headers)
    assert "<script" not in answer.text
    assert not re.search(r"(src|href)=\"(https?:)?//", answer.text)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_page_leads_to_every_service_s_documents(visitor):
    text = visitor.get("/").text

    for service in SERVICES:
        assert f'href="/{service}/docs"' in text


def test_the_page_opens_on_the_newest_year_that_has_begun(visitor, database, province):
    officer = an_actor(Role.OCOP_OFFICER, "38")
    with database.transaction() as session:
        later = plan(2027, "Kế hoạch 2027", [("14797", {3: 1})], province="38", by=officer)
        storage.set_plan(session, later)

    text = visitor.get("/").text

    assert re.findall(r'<a href="/\?year=(\d+)"', text) == ["2027", "2024"]
    assert "năm 2024." in text


def test_the_page_of_an_empty_instance_says_so(visitor):
    text = visitor.get("/").text

    assert "Chưa có hồ sơ nào trong năm này." in text
    assert "Chưa có sự kiện nào." in text
    assert f"năm {date.today().year}" in text  # noqa: DTZ011  the page's own today is fixed above


def test_a_product_s_name_never_becomes_markup(visitor, database):
    voices = Voices()
    Way(voices, "<b>Chè</b> & mật").submitted()
    Hearer(database, reactions).hear(voices.said)

    text = visitor.get("/?year=2024").text

    assert "&lt;b&gt;Chè&lt;/b&gt; &amp; mật" in text


@pytest.mark.parametrize("query", ["year=abc", "year=1999", "year=99999999999999999999"])
def test_a_year_that_is_none_is_refused(visitor, query):
    answer = visitor.get(f"/?{query}")

    assert (answer.status_code, answer.json["slug"]) == (422, "unfit-question")


def test_both_languages_have_the_same_words_and_a_word_for_all_there_is():
    vietnamese, english = (speech(language, WORDS).words for language in LANGUAGES)

    assert vietnamese.keys() == english.keys()
    needed = {f"stage.{stage}" for stage in Stage} | {
        f"event.{type_}" for type_ in reactions.types
    }
    assert needed | {f"service.{service}" for service in SERVICES} <= vietnamese.keys()
    assert len(STARS) == vietnamese["plan.bar"].count("{star_")
