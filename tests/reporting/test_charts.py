import re

import pytest

from services.reporting.charts import PATTERNS, plan_bar, stage_bar, swatch


def shapes(svg):
    """Look → (start, length) in per cent."""
    found = re.findall(r'class="([\w-]+)" x="([\d.]+)%" y="\d+" width="([\d.]+)%"', svg)
    return {look: (float(start), float(length)) for look, start, length in found}


def a_plan_bar(**changes):
    values = {"target": 8, "result": {3: 4, 4: 2, 5: 1}, "potential": 1, "longest": 10}
    return plan_bar(**values | {"title": "Huyện mẫu"} | changes)


def test_a_plan_s_bar_outlines_the_target_and_stacks_the_stars():
    assert shapes(a_plan_bar()) == {
        "outline": (0, 80),
        "star-3": (0, 40),
        "star-4": (40, 20),
        "star-5": (60, 10),
        "pending": (70, 10),
    }


def test_a_result_above_its_target_passes_the_outline():
    drawn = shapes(a_plan_bar(target=2))

    assert drawn["outline"] == (0, 20)
    assert sum(drawn["star-5"]) == 70


def test_nothing_is_drawn_for_nothing():
    assert shapes(a_plan_bar(target=0, result={}, potential=0, longest=0)) == {}


def test_a_stage_s_bar_fills_those_who_are_there_within_those_who_came():
    bar = stage_bar(now=5, reached=20, longest=40, title="Nộp hồ sơ")

    assert shapes(bar) == {"outline": (0, 50), "now": (0, 12.5)}


@pytest.mark.parametrize("bar", [a_plan_bar, lambda title: stage_bar(now=1, reached=1, longest=1,
                                                                     title=title)])  # fmt: skip
def test_a_bar_says_in_words_what_it_shows_and_no_name_becomes_markup(bar):
    drawn = bar(title="Chè & <mật>")

    assert 'role="img"' in drawn
    assert "<title>Chè &amp; &lt;mật&gt;</title>" in drawn


def test_stars_differ_by_pattern_and_not_by_colour_alone():
    assert re.findall(r'<pattern id="([\w-]+)"', PATTERNS) == ["star-4", "star-5"]
    assert "<path" in PATTERNS
    assert "<circle" in PATTERNS


def test_the_legend_s_shapes_are_decoration():
    assert 'aria-hidden="true"' in swatch("star-4")
