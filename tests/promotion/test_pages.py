import re
from datetime import date

import pytest

from services.promotion.pages import PAGE
from services.promotion.storage import SqlListings
from tests.builders.promotion import a_certificate, a_product, a_shown_listing


@pytest.fixture
def catalogue(visitor, database):
    """The page over these products."""

    def open_(*listings, query=""):
        with database.transaction() as session:
            for listing in listings:
                SqlListings(session).save(listing)
        return visitor.get(f"/promotion/{query}")

    return open_


def test_the_page_shows_what_is_listed_in_vietnamese(catalogue):
    four = a_certificate(star=4, expires_on=date(2027, 7, 1))

    answer = catalogue(a_shown_listing(certificate=four, summary_vi="Mắm cá cơm"))

    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    assert '<html lang="vi">' in answer.text
    for words in ("Nước mắm Ba Làng (mẫu)", "4 sao", "Xã Xuân Lai, Huyện Thọ Xuân",
                  "Mắm cá cơm", "đến 01/07/2027", "Tỉnh Thanh Hóa"):  # fmt: skip
        assert words in answer.text


def test_the_page_speaks_english_when_asked(catalogue):
    answer = catalogue(a_shown_listing(summary_en="Anchovy sauce"), query="?lang=en")

    assert '<html lang="en">' in answer.text
    for words in ("4 stars", "Xuân Lai commune, Thọ Xuân district", "Anchovy sauce",
                  "until 1 Jul 2027", "Thanh Hóa province"):  # fmt: skip
        assert words in answer.text


def test_the_page_runs_no_script(catalogue):
    answer = catalogue(a_shown_listing())

    assert "<script" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert not re.search(r"(src|href)=\"(https?:)?//", answer.text)


def test_the_page_finds_without_marks_and_keeps_the_question_in_its_form(catalogue):
    answer = catalogue(
        a_shown_listing(),
        a_shown_listing(product=a_product(name="Bưởi đỏ (mẫu)")),
        query="?q=buoi&star=",
    )

    assert "Bưởi đỏ (mẫu)" in answer.text
    assert "Nước mắm" not in answer.text
    assert 'value="buoi"' in answer.text


def test_what_people_wrote_is_shown_and_never_becomes_markup(catalogue):
    answer = catalogue(a_shown_listing(summary_vi="<b>&</b>"), query="?q=&quot;'")

    assert "<b>&</b>" not in answer.text


def test_a_page_leads_to_the_next(catalogue, visitor):
    listings = [
        a_shown_listing(product=a_product(name=f"Chè {number:03} (mẫu)"))
        for number in range(PAGE + 1)
    ]

    first = catalogue(*listings)
    [path] = re.findall(r'rel="next" href="([^"]+)"', first.text)
    second = visitor.get(path.replace("&amp;", "&"))

    assert f"Chè {PAGE:03} (mẫu)" not in first.text
    assert f"Chè {PAGE:03} (mẫu)" in second.text
    assert 'rel="next"' not in second.text


def test_an_empty_catalogue_says_so(catalogue):
    assert "Chưa có sản phẩm nào được giới thiệu." in catalogue().text


def test_a_question_that_the_page_does_not_know_is_refused(visitor):
    answer = visitor.get("/promotion/?star=9")

    assert (answer.status_code, answer.json["slug"]) == (422, "unfit-question")
