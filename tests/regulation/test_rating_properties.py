"""What holds of every rating, under every complete set of every decision."""

import json
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from regulation.rating import Sheet, as_json, rate
from tests.regulation.builders import complete_sets, pack_of

sets = st.sampled_from(complete_sets())
thorough = settings(max_examples=150, deadline=None)


@st.composite
def councils(draw, members=5):
    """A set and the sheets of a council; some criteria are left out."""
    criteria_set = draw(sets)
    sheet = st.fixed_dictionaries(
        {},
        optional={code: st.sampled_from([*scale]) for code, scale in criteria_set.scales.items()},
    )
    ticks = draw(st.lists(sheet, min_size=1, max_size=members))
    return criteria_set, [Sheet(member=str(no), choices=each) for no, each in enumerate(ticks)]


@st.composite
def good_councils(draw):
    """A council near the top, where gates decide."""
    criteria_set = draw(sets)
    sheets = []
    for no in range(draw(st.integers(1, 3))):
        best = {code: max(scale, key=scale.get) for code, scale in criteria_set.scales.items()}
        lower = draw(st.lists(st.sampled_from(sorted(best)), max_size=6, unique=True))
        worse = {code: draw(st.sampled_from([*criteria_set.scales[code]])) for code in lower}
        sheets.append(Sheet(member=str(no), choices=best | worse))
    return criteria_set, sheets


any_council = councils() | good_councils()


def rated(criteria_set, sheets, **options):
    return rate(criteria_set, sheets, pack=pack_of(criteria_set), **options)


def points(criteria_set, code, choice):
    criterion = criteria_set.criterion(code)
    return choice if criterion.kind == "points" else criterion.option(choice).points


@thorough
@given(any_council)
def test_a_rating_stays_within_its_bounds(council):
    criteria_set, _ = council
    rating = rated(*council)

    assert 0 <= rating.mean <= 100
    assert 1 <= rating.star <= rating.band <= 5
    assert all(0 <= rating.parts[part.code] <= part.max for part in criteria_set.parts)
    assert 0 <= rating.spread <= 100


@thorough
@given(any_council)
def test_parts_sections_criteria_and_members_add_up_to_the_mean(council):
    rating = rated(*council)

    assert sum(rating.parts.values()) == rating.mean
    assert sum(rating.sections.values()) == rating.mean
    assert sum(rating.criteria.values()) == rating.mean
    assert Fraction(sum(rating.member_totals.values()), len(rating.member_totals)) == rating.mean


@thorough
@given(any_council)
def test_the_star_is_what_the_law_says_read_aloud(council):
    criteria_set, sheets = council
    rating = rated(*council)

    def mean_of(criterion):
        code = criterion.code
        ticked = [sheet.choices[code] for sheet in sheets if code in sheet.choices]
        return Fraction(sum(points(criteria_set, code, tick) for tick in ticked), len(sheets))

    total = sum(mean_of(criterion) for criterion in criteria_set.criteria)
    band = 1 + sum(total >= floor for floor in (30, 50, 70, 90))
    star = 2
    while star < 5 and all(mean_of(c) >= c.gates.get(star + 1, 0) for c in criteria_set.criteria):
        star += 1

    assert (rating.mean, rating.band, rating.star) == (total, band, min(band, star))


@thorough
@given(any_council, st.data())
def test_a_better_option_never_lowers_the_star(council, data):
    criteria_set, sheets = council
    no = data.draw(st.integers(0, len(sheets) - 1))
    code = data.draw(st.sampled_from(sorted(criteria_set.scales)))
    ticked = sheets[no].choices.get(code)
    had = 0 if ticked is None else points(criteria_set, code, ticked)
    scale = criteria_set.scales[code]
    better = data.draw(st.sampled_from([each for each in scale if scale[each] >= had]))

    after = [*sheets]
    after[no] = Sheet(member=sheets[no].member, choices={**sheets[no].choices, code: better})

    assert rated(criteria_set, after).star >= rated(*council).star


@thorough
@given(any_council, st.randoms(use_true_random=False))
def test_the_order_of_the_members_does_not_matter(council, random):
    criteria_set, sheets = council
    shuffled = random.sample(sheets, len(sheets))

    assert rated(criteria_set, shuffled) == rated(*council)


@thorough
@given(any_council, st.data())
def test_what_was_written_down_is_recomputed_to_the_same(council, data):
    criteria_set, sheets = council
    codes = sorted(criteria_set.scales)
    agreed = {
        code: data.draw(st.sampled_from([*criteria_set.scales[code]]))
        for code in data.draw(st.lists(st.sampled_from(codes), max_size=4, unique=True))
    }
    named = sorted(criteria_set.knockouts)
    out = data.draw(st.lists(st.sampled_from(named), max_size=1)) if named else []
    written = json.dumps([[[s.member, dict(s.choices)] for s in sheets], out, agreed])

    kept, kept_out, kept_agreed = json.loads(written)
    again = [Sheet(member=member, choices=choices) for member, choices in kept]

    first = rated(criteria_set, sheets, knockouts=out, agreed=agreed)
    assert rated(criteria_set, again, knockouts=kept_out, agreed=kept_agreed) == first


@thorough
@given(any_council)
def test_gates_missed_are_cumulative(council):
    rating = rated(*council)

    names = [{miss.criterion for miss in rating.gates_missed.get(star, ())} for star in (3, 4, 5)]
    assert names[0] <= names[1] <= names[2]
    assert all(miss.has < miss.needs for misses in rating.gates_missed.values() for miss in misses)


@thorough
@given(any_council, st.data())
def test_a_knock_out_always_leaves_no_star_and_the_same_points(council, data):
    criteria_set, _ = council
    if not criteria_set.knockouts:
        return
    named = data.draw(st.sampled_from(sorted(criteria_set.knockouts)))

    out, rating = rated(*council, knockouts=[named]), rated(*council)

    assert out.star == 0
    assert (out.mean, out.band, out.criteria) == (rating.mean, rating.band, rating.criteria)


@thorough
@given(any_council)
def test_agreeing_on_what_all_ticked_changes_nothing(council):
    criteria_set, sheets = council
    alone = sheets[:1]

    agreed = rated(criteria_set, alone, agreed=sheets[0].choices)

    assert agreed == rated(criteria_set, alone)


@thorough
@given(any_council)
def test_what_is_printed_says_what_was_found(council):
    criteria_set, _ = council
    rating = rated(*council)

    printed = json.loads(json.dumps(as_json(rating), ensure_ascii=False))

    assert set(printed) == {
        "mean", "parts", "band", "gates_missed", "knocked_out", "star", "reason",
    }  # fmt: skip
    assert abs(Fraction(printed["mean"]) - rating.mean) <= Fraction(1, 20_000)
    assert pack_of(criteria_set).band(Fraction(printed["mean"])) == printed["band"]
    assert list(printed["parts"]) == ["A", "B", "C"]
    assert printed["mean"].replace(".", ",") in printed["reason"]["vi"]
    assert printed["mean"] in printed["reason"]["en"]
    if printed["star"] < printed["band"]:
        assert all(
            code in printed["reason"]["en"]
            for code in printed["gates_missed"][str(rating.star + 1)]
        )
