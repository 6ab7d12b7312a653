"""What a council concludes: the rating, what follows from it, and where it hangs on little."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from regulation.days import DateBeforeLastAct
from regulation.packs import pack
from regulation.rating import Sheet
from regulation.refusals import NotAllowed, UnknownKnockout, UnknownOption
from services.evaluation.domain.assessment import Assessment, Status
from services.evaluation.domain.bench import NoQuorum
from services.evaluation.domain.conclusion import conclude, recompute
from services.evaluation.domain.council import Council, CouncilNotValid, Gates
from services.evaluation.domain.facts import Conclusion, Knockout
from services.evaluation.domain.levels import next_assessment
from services.evaluation.domain.minutes import difference
from services.evaluation.domain.news import AssessmentWasConcluded
from services.evaluation.domain.refusals import (
    AssessmentEnded,
    GatesByMean,
    NotAdmitted,
    SheetsNotOpen,
    SpreadOverLimit,
    SupplementOutstanding,
)
from services.evaluation.domain.sheet import ScoreSheet
from tests.builders.evaluation import (
    ADMITTED,
    CONCLUDED,
    NEW,
    TODAY,
    a_council,
    a_declared,
    a_member,
    a_secretary,
    a_sheet,
    an_assessment,
    an_opened,
    best,
    declares,
    sheets,
)

SET = pack(NEW).criteria_set("QD26-01")


def concludes(
    assessment: Assessment, council: Council, scored: Sequence[ScoreSheet], **changes: Any
) -> Conclusion:
    given: dict[str, Any] = {
        "by": a_secretary(),
        "agreed": {},
        "knockouts": [],
        "on": CONCLUDED,
        "today": TODAY,
    }
    return assessment.conclude(council, scored, **given | changes)


def concluded(points: int, *, pack_id: str = "QD148-2023", level: str = "district") -> Conclusion:
    """One sheet of part totals that comes to `points`."""
    a, b = min(points, 40), min(max(points - 40, 0), 25)
    choices = {"A": a, "B": b, "C": points - a - b}
    return conclude(
        pack(pack_id).criteria_set(pack(pack_id).id.split("-")[0] + "-PARTS"),
        [Sheet(member="one", choices=choices)],
        pack=pack(pack_id),
        level=level,
        agreed={},
        knockouts=[],
        on=CONCLUDED,
    )


def of_2026(*choices: dict[str, int], **changes: Any) -> Conclusion:
    given: dict[str, Any] = {"agreed": {}, "knockouts": [], "on": CONCLUDED}
    scored = [Sheet(member=f"member-{n}", choices=each) for n, each in enumerate(choices)]
    return conclude(SET, scored, pack=pack(NEW), level="province", **given | changes)


def test_the_rating_is_the_mean_of_the_open_sheets() -> None:
    assessment, council, scored = an_opened(
        scored=[a_sheet(1, A=30), a_sheet(2), a_sheet(3, A=33)]
    )

    result = concludes(assessment, council, scored)

    assert assessment.status is Status.CONCLUDED
    assert (result.mean, result.star) == (Fraction(229, 3), 4)
    assert result.result["mean"] == "76.3333"
    assert result.result["parts"] == {"A": "31.3333", "B": "19", "C": "26"}
    assert result.result["member_totals"] == {"member-1": 75, "member-2": 76, "member-3": 78}


def test_concluding_is_news_once() -> None:
    assessment, council, scored = an_opened()
    concludes(assessment, council, scored)

    with pytest.raises(AssessmentEnded):
        concludes(assessment, council, scored)

    concluded = [type(news) is AssessmentWasConcluded for news in assessment.news]
    assert concluded.count(True) == 1


def test_only_the_councils_secretary_records_a_conclusion() -> None:
    assessment, council, scored = an_opened()

    for by in (a_member(1), a_secretary("401")):
        with pytest.raises(NotAllowed):
            concludes(assessment, council, scored, by=by)
    assert assessment.status is Status.OPENED


def test_nothing_is_concluded_before_a_round() -> None:
    with pytest.raises(NotAdmitted):
        concludes(an_assessment(), a_council(), [])


def test_nothing_is_concluded_before_the_sheets_open_and_it_says_whose_are_missing() -> None:
    assessment, council = a_declared()

    with pytest.raises(SheetsNotOpen, match="member-3"):
        concludes(assessment, council, [*sheets(2), a_sheet(3, submitted=False)])


def test_nothing_is_concluded_without_a_quorum() -> None:
    assessment, council = a_declared(a_council(4))
    declares(assessment, council, "member-3", conflict=True)
    declares(assessment, council, "member-4", conflict=True)

    with pytest.raises(NoQuorum):
        concludes(assessment, council, sheets(2))


def test_nothing_is_concluded_while_a_supplement_is_outstanding() -> None:
    assessment, council = a_declared()
    assessment.ask_supplement("a", by=a_secretary(), on=ADMITTED, today=TODAY)

    with pytest.raises(SupplementOutstanding):
        concludes(assessment, council, sheets(3))


def test_nothing_is_concluded_until_members_have_scored_again() -> None:
    assessment, council = a_declared()
    assessment.open_if_complete(council, [*sheets(2), a_sheet(3, A=20)])

    with pytest.raises(SpreadOverLimit, match=r"11 points apart, the limit is 10"):
        concludes(assessment, council, sheets(3))


def test_the_last_round_of_sheets_counts() -> None:
    assessment, council = a_declared()
    assessment.open_if_complete(council, [*sheets(2), a_sheet(3, A=20)])
    again = [a_sheet(number, round=2, A=25) for number in (1, 2, 3)]
    assessment.open_if_complete(council, again)

    result = concludes(assessment, council, again)

    assert result.mean == 70


def test_a_conflict_found_after_opening_takes_the_sheet_out() -> None:
    assessment, council, scored = an_opened(a_council(4), scored=[*sheets(3), a_sheet(4, A=27)])
    declares(assessment, council, "member-4", conflict=True)

    result = concludes(assessment, council, scored)

    assert result.mean == 76
    assert [sheet.member for sheet in result.sheets] == ["member-1", "member-2", "member-3"]


def test_a_conflict_found_after_opening_may_cost_the_quorum() -> None:
    assessment, council, scored = an_opened()
    declares(assessment, council, "member-3", conflict=True)

    with pytest.raises(NoQuorum):
        concludes(assessment, council, scored)


def test_a_council_past_its_validity_concludes_nothing() -> None:
    assessment, council, scored = an_opened()

    with pytest.raises(CouncilNotValid):
        concludes(assessment, council, scored, on=date(2025, 1, 1))
    with pytest.raises(DateBeforeLastAct):
        concludes(assessment, council, scored, on=ADMITTED - timedelta(days=1))
    assert assessment.conclusion is None


def test_agreed_options_count_only_where_the_regulation_has_the_council_agree() -> None:
    assessment, council, scored = an_opened()
    with pytest.raises(GatesByMean):
        concludes(assessment, council, scored, agreed={"A": 31})

    agreeing, other, sheets_ = an_opened(a_council(gates=Gates.AGREED))
    result = concludes(agreeing, other, sheets_, agreed={"A": 31})

    assert result.agreed == {"A": 31}


def test_what_the_rating_refuses_is_refused() -> None:
    assessment, council, scored = an_opened(a_council(gates=Gates.AGREED))

    with pytest.raises(UnknownOption):
        concludes(assessment, council, scored, agreed={"A": 99})
    with pytest.raises(UnknownKnockout):
        concludes(assessment, council, scored, knockouts=[Knockout(code="no-such", evidence="x")])
    assert assessment.status is Status.OPENED


def test_a_knocked_out_product_is_closed_without_a_star() -> None:
    assessment, council, scored = an_opened()
    knockout = Knockout(code="rejected-by-detailed-set", evidence="Biên bản 3 (mẫu)")

    result = concludes(assessment, council, scored, knockouts=[knockout])

    assert (result.star, result.outcome.act, result.outcome.level) == (0, "close", None)
    assert result.knockouts == (knockout,)


def test_an_agreed_option_decides_its_gate_and_leaves_the_mean() -> None:
    ticks = best(SET)
    short = best(SET, c3_4=1)

    by_mean = of_2026(ticks, short)
    agreed = of_2026(ticks, short, agreed={"3.4": ticks["3.4"]})

    assert by_mean.result["gates_missed"]["5"] == ["3.4"]
    assert agreed.result["gates_missed"] == {}
    assert by_mean.mean == agreed.mean
    assert (by_mean.star, agreed.star) == (3, 5)


def test_148_sends_seventy_points_of_the_district_to_the_province() -> None:
    below, at = concluded(69), concluded(70)

    assert (below.outcome.act, below.outcome.level, below.star) == ("certify", "district", 3)
    assert (at.outcome.act, at.outcome.level, at.star) == ("refer", "province", 4)


def test_148_gives_a_product_back_to_the_district_that_the_province_finds_below_seventy() -> None:
    result = concluded(65, level="province")

    assert (result.outcome.act, result.outcome.level, result.star) == ("certify", "district", 3)


def test_1489_knows_no_district_and_sends_ninety_points_to_the_ministry() -> None:
    three = concluded(65, pack_id="QD1489-2025", level="province")
    five = concluded(90, pack_id="QD1489-2025", level="province")

    assert (three.outcome.act, three.outcome.level) == ("certify", "province")
    assert (five.outcome.act, five.outcome.level) == ("refer", "national")


def test_a_referred_dossier_comes_before_the_next_council_with_what_the_first_found() -> None:
    assessment, council, scored = an_opened()
    concludes(assessment, council, scored)

    above = next_assessment(assessment)

    assert above is not None
    assert (above.level, above.area, above.status) == ("province", "38", Status.WAITING)
    assert above.opened_on == CONCLUDED
    assert above.below is not None
    assert (above.below.mean, above.below.star) == (76, 4)


@pytest.mark.parametrize("parts", [{"A": 20}, {"A": 3, "B": 3, "C": 3}])
def test_a_dossier_that_is_certified_or_closed_comes_before_no_further_council(
    parts: dict[str, int],
) -> None:
    assessment, council, scored = an_opened(scored=sheets(3, **parts))
    concludes(assessment, council, scored)

    assert next_assessment(assessment) is None


def test_what_goes_to_the_ministry_comes_before_no_council_of_ours() -> None:
    province = a_council(area="38", level="province")
    assessment = an_assessment("QD26-2026")
    assessment.conclusion = of_2026(best(SET))
    assessment.status = Status.CONCLUDED

    assert assessment.conclusion.outcome.level == "national"
    assert next_assessment(assessment) is None
    assert difference(assessment, province) is None


@pytest.mark.parametrize(("here", "large"), [(66, False), (65, True), (86, False), (87, True)])
def test_a_large_difference_between_levels_is_shown(here: int, large: bool) -> None:
    assessment, council, scored = an_opened()
    concludes(assessment, council, scored)
    above = next_assessment(assessment)
    assert above is not None
    above.conclusion = concluded(here, level="province")

    shown = difference(above, a_council(area="38", level="province"))

    assert shown is not None
    assert shown["mean_by"] == str(here - 76)
    assert shown["large"] is large
    assert (shown["below"]["level"], shown["here"]["level"]) == ("district", "province")


@pytest.mark.parametrize(
    ("points", "warned"),
    [
        ((70, 69), [(4, Fraction(-1, 2))]),
        ((70, 70), [(4, Fraction(0))]),
        ((70, 70, 71), [(4, Fraction(1, 3))]),
        ((70, 71), []),
        ((69, 69), []),
    ],
)
def test_a_warning_shows_where_half_a_point_decides(
    points: tuple[int, ...], warned: list[tuple[int, Fraction]]
) -> None:
    scored = [a_sheet(n, A=total - 45) for n, total in enumerate(points, 1)]
    council = a_council(len(points))
    assessment, council, scored = an_opened(council, scored=scored)

    result = concludes(assessment, council, scored)

    assert [(w.star, w.by) for w in result.warnings if w.kind == "band"] == warned


def test_a_warning_shows_where_one_gate_stands_in_the_way() -> None:
    result = of_2026(best(SET, c3_4=1))

    (warning,) = [each for each in result.warnings if each.kind == "gate-missed"]
    assert (warning.star, warning.criterion) == (4, "3.4")
    assert warning.by < 0


def test_no_warning_where_two_gates_stand_in_the_way() -> None:
    result = of_2026(best(SET, c3_4=1, c1_5=1))

    assert len(result.result["gates_missed"]["4"]) == 2
    assert not [each for each in result.warnings if each.kind == "gate-missed"]


def test_a_warning_shows_where_a_gate_is_held_against_a_members_tick() -> None:
    ticks = best(SET)
    gate = SET.criterion("1.6")
    low = ticks | {"1.6": next(no for no, points in gate.scale.items() if points == 1)}
    unticked = {code: no for code, no in ticks.items() if code != "1.6"}

    held = of_2026(low, low, unticked | {"1.6": ticks["1.6"]}, unticked)
    sure = of_2026(low, low)

    assert [(w.kind, w.criterion) for w in held.warnings] == [("gate-held", "1.6")]
    assert sure.warnings == ()


def test_a_stored_result_is_computed_again_to_the_same_digit() -> None:
    result = of_2026(best(SET), best(SET, c3_4=1), best(SET, c1_3=1), agreed={"3.4": 1})

    assert recompute(result, SET, pack(NEW)) == result.result
