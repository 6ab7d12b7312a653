import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chassis.web import pages
from chassis.web.pages import WORDS, speech

CSS = (Path(pages.__file__).parent / "templates" / "page.css").read_text()
LIGHT, DARK = (dict(re.findall(r"--(\w+):(#\w{6})", part)) for part in CSS.split("@media", 1))


@pytest.mark.parametrize(
    ("language", "number", "day", "moment"),
    [
        ("vi", "1.208", "02/08/2026", "00:40, 03/08/2026"),
        ("en", "1,208", "2 Aug 2026", "3 Aug 2026, 00:40"),
    ],
)
def test_numbers_and_times_are_written_as_the_language_writes_them(language, number, day, moment):
    say = speech(language, WORDS)

    assert say.number(1208) == number
    assert say.day(date(2026, 8, 2)) == day
    assert say.moment(datetime(2026, 8, 2, 17, 40, tzinfo=UTC)) == moment


@pytest.mark.parametrize(
    ("code", "with_districts", "vietnamese", "english"),
    [
        ("38", True, "Tỉnh Thanh Hóa", "Thanh Hóa province"),
        ("395", True, "Huyện Thọ Xuân", "Thọ Xuân district"),
        ("381", True, "Thị xã Bỉm Sơn", "Bỉm Sơn town"),
        ("760", True, "Quận 1", "District 1"),
        ("14797", False, "Phường Hạc Thành", "Hạc Thành ward"),
        ("99999", False, "99999", "99999"),
    ],
)
def test_a_place_is_called_as_on_the_list_of_its_time(code, with_districts, vietnamese, english):
    called = [
        speech(language, WORDS).area(code, with_districts=with_districts)
        for language in ("vi", "en")
    ]

    assert called == [vietnamese, english]


def test_both_languages_have_the_same_words():
    assert speech("vi", WORDS).words.keys() == speech("en", WORDS).words.keys()


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_marks_stand_out_from_what_they_stand_on(colours):
    for ground in ("paper", "card", "stripe"):
        for ink in ("ink", "quiet", "link", "accent"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
        for mark in ("three", "four", "five", "track"):
            assert contrast(colours[mark], colours[ground]) >= 3, (mark, ground)
    assert contrast(colours["mark"], colours["accent"]) >= 4.5


def contrast(one, other):
    """WCAG 2's contrast ratio of two colours."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
