import pytest

from regulation.criteria import read_criteria_set
from regulation.refusals import BrokenPack, UnknownCriterion, UnknownOption
from tests.regulation.builders import (
    WORDS,
    a_criterion,
    a_part,
    a_set,
    all_sets,
    options,
    set_data,
    with_criterion,
)


def broken(data):
    with pytest.raises(BrokenPack) as refusal:
        read_criteria_set(data, pack="P", path="P/SMALL")
    return str(refusal.value)


def test_criteria_come_in_the_order_of_the_sheet():
    assert [criterion.code for criterion in a_set().criteria] == ["1.1", "2.1", "3.1"]


def test_an_option_is_found_by_its_number():
    assert a_set().criterion("1.1").option(2).points == 20


def test_an_unknown_option_is_refused_with_those_there_are():
    with pytest.raises(UnknownOption, match=r"criterion 1\.1 has no option 4; .* 1, 2, 3"):
        a_set().criterion("1.1").option(4)


def test_an_unknown_criterion_is_refused():
    with pytest.raises(UnknownCriterion, match=r"SMALL has no criterion '9\.9'"):
        a_set().criterion("9.9")


def test_what_can_knock_out_is_named_by_criterion_and_by_ground():
    assert set(a_set().knockouts) == {"2.1", "forged-dossier"}


def test_a_criterion_of_points_takes_every_whole_number_up_to_its_maximum():
    assert dict(a_set().criterion("3.1").scale) == {points: points for points in range(36)}


def test_a_criterion_may_offer_two_lists_of_options():
    cases = [
        {"no": 1, "points": 1, "case": "a", **WORDS},
        {"no": 2, "points": 3, "case": "a", **WORDS},
        {"no": 3, "points": 1, "case": "b", **WORDS},
        {"no": 4, "points": 2, "case": "b", **WORDS},
    ]

    criterion = a_set(with_criterion(a_criterion("1.1", 3, options=cases))).criterion("1.1")

    assert [(option.case, option.points) for option in criterion.options] == [
        ("a", 1),
        ("a", 3),
        ("b", 1),
        ("b", 2),
    ]


def test_two_options_may_have_the_same_points():
    assert a_set(with_criterion(a_criterion("1.1", 1, 1, 3)))


def test_criteria_may_stand_under_a_heading_of_their_section():
    group = {"code": "6.1", "max": 5, **WORDS}
    part = a_part(
        "A",
        a_criterion("6.1.1", 0, 2, group=group),
        a_criterion("6.1.2", 0, 3, group=group),
        section="6",
    )

    criteria_set = a_set(set_data(parts=[part]))

    assert [criterion.group.code for criterion in criteria_set.criteria] == ["6.1", "6.1"]


def test_a_set_that_is_not_complete_need_not_add_up():
    data = with_criterion(a_criterion("1.1", 1, 2, max=9)) | {"complete": False, "because": WORDS}

    assert not a_set(data).complete


def test_a_set_that_is_not_complete_says_why():
    assert broken(set_data(complete=False)) == "P/SMALL: complete is false and because is missing"


NO_SUCH_STAR = "there is a gate for 2 stars, gates are for 3, 4 and 5"
SAYS_NOTHING = {"vi": " ", "en": "Words"}
HALF_A_POINT = [{"no": 1, "points": 1.5, **WORDS}]


@pytest.mark.parametrize(
    ("criterion", "fault"),
    [
        (a_criterion("1.1", 1, 4, max=3), ": option 2 has 4 points, the criterion at most 3"),
        (a_criterion("1.1", -1, 3), ": option 1 has -1 points, the criterion at most 3"),
        (a_criterion("1.1", 2, 1, 3), ": option 2 has fewer points than option 1"),
        (a_criterion(options=[]), ": its options are numbered [], they must run 1, 2, 3 …"),
        (
            a_criterion(options=options(1, 3)[::-1]),
            ": its options are numbered [2, 1], they must run 1, 2, 3 …",
        ),
        (a_criterion(kind="points"), ": a criterion of points has no options"),
        (a_criterion(kind="guess"), ": kind is 'guess', choice or points is expected"),
        (a_criterion(gates={2: 1}), f": {NO_SUCH_STAR}"),
        (a_criterion(gates={5: 4}), ": the gate for 5 stars asks 4 points, which no option has"),
        (
            a_criterion("1.1", 0, 3, gates={5: 0}),
            ": the gate for 5 stars asks 0 points, which no option has",
        ),
        (
            a_criterion(gates={4: 3, 5: 2}),
            ": the gate for 5 stars asks 2 points, for 4 stars 3",
        ),
        (
            a_criterion(gates={3: 1, 5: 2}),
            ": the gate for 4 stars asks 0 points, for 3 stars 1",
        ),
        (a_criterion(points=3), ": 'points' is not a field here"),
        (a_criterion(max="3"), ": max is '3', a whole number is expected"),
        (a_criterion(max=True), ": max is True, a whole number is expected"),
        (a_criterion(title={"vi": "Chữ"}), "/title: en is missing"),
        (a_criterion(title=SAYS_NOTHING), "/title: vi and en must both say something"),
        (a_criterion(evidence=["EV-01", 2]), ": evidence is 2, text is expected"),
        (a_criterion(options=[7]), ": options 1 is 7, a mapping is expected"),
        (a_criterion(options=HALF_A_POINT), "/1: points is 1.5, a whole number is expected"),
    ],
)
def test_a_broken_criterion_is_refused_with_the_path_to_it(criterion, fault):
    data = with_criterion(a_criterion())
    data["parts"][0]["sections"][0]["criteria"] = [criterion]

    assert broken(data) == f"P/SMALL: A/1/1.1{fault}"


def test_a_criterion_can_be_had_in_full():
    data = with_criterion(a_criterion("1.1", 1, 2, max=3))

    assert broken(data) == "P/SMALL: A/1: 1.1: its best option has 2 points, not 3"


def test_a_criterion_stands_once():
    data = set_data(parts=[a_part("A", a_criterion("1.1"), a_criterion("1.1"), section="1")])

    assert broken(data) == "P/SMALL: criterion 1.1 stands twice"


def test_a_ground_is_not_named_like_a_criterion():
    assert "knock-out 2.1 stands twice" in broken(set_data(grounds=[{"code": "2.1", **WORDS}]))


@pytest.mark.parametrize("level", ["part", "section"])
def test_sums_must_agree_at_every_level(level):
    data = set_data()
    part = data["parts"][0]
    part["max"] += level == "part"
    part["sections"][0]["max"] += level == "section"

    where = {"part": "A", "section": "A/1"}[level]
    assert broken(data).startswith(f"P/SMALL: {where}: its ")


def test_the_sum_under_a_heading_must_agree():
    criterion = a_criterion("6.1.1", 0, 2, group={"code": "6.1", "max": 5, **WORDS})

    fault = broken(set_data(parts=[a_part("A", criterion, section="6")]))

    assert fault == "P/SMALL: A/6: 6.1: its criteria add up to 2 points, not 5"


def test_a_complete_set_has_parts():
    assert "it is marked complete and has no parts" in broken(set_data(parts=[]))


@pytest.mark.parametrize("criteria_set", all_sets(), ids=lambda each: each.code)
def test_every_set_says_everything_in_both_languages(criteria_set):
    texts = [criteria_set.title, *criteria_set.knockouts.values()]
    texts += [criterion.title for criterion in criteria_set.criteria]
    texts += [option.label for each in criteria_set.criteria for option in each.options]

    assert all(text.vi.strip() and text.en.strip() for text in texts)
