from datetime import date, timedelta
from itertools import pairwise

import pytest

from regulation.days import DateBeforeLastAct, DateInFuture
from regulation.refusals import (
    NotAllowed,
    PackNotInForce,
    UnknownCriterion,
    UnknownOption,
)
from services.registration.domain.dossier import OPEN, Status
from services.registration.domain.news import DossierWasSubmitted, DossierWasWithdrawn
from services.registration.domain.refusals import (
    AlreadyCertified,
    AlreadyConcluded,
    AlreadySubmitted,
    AlreadyWithdrawn,
    ComponentsMissing,
    DossierClosed,
    SelfAssessmentMissing,
    UnknownComponent,
    UnknownEvidence,
)
from tests.builders.registration import (
    COMMUNE,
    ELSEWHERE,
    ERAS,
    NOW,
    NUMBERS,
    TODAY,
    a_complete_dossier,
    a_dossier,
    a_producer,
    a_returned_dossier,
    a_submitted_dossier,
    a_verified_dossier,
    a_withdrawn_dossier,
    an_officer,
    best,
    evidence,
    submit,
    the_agency,
)


def withdraw(dossier, **changes):
    given = {"by": an_officer(), "on": dossier.last_on, "today": TODAY}
    dossier.withdraw(**given | changes)


each_era = pytest.mark.parametrize("era", ERAS.values(), ids=ERAS.keys())
FILED = (a_submitted_dossier, a_verified_dossier, a_withdrawn_dossier)
each_filed = pytest.mark.parametrize("build", FILED, ids=lambda build: build.__name__)
each_open = pytest.mark.parametrize(
    "build", [a_dossier, a_returned_dossier], ids=lambda build: build.__name__
)
STRANGERS = {
    "another producer": a_producer(a_dossier().subject_id),
    "another commune": an_officer(ELSEWHERE),
    "the province's agency": the_agency(),
    "the agency of a commune": the_agency(COMMUNE),
}
each_stranger = pytest.mark.parametrize("who", STRANGERS.values(), ids=STRANGERS.keys())

ASSEMBLING = {
    "attach": lambda dossier, who: dossier.attach("M01", [evidence("f")], by=who),
    "bring samples": lambda dossier, who: dossier.bring_samples(6, by=who),
    "self-assess": lambda dossier, who: dossier.self_assess({"1.1": 1}, by=who),
}
each_assembly = pytest.mark.parametrize("act", ASSEMBLING.values(), ids=ASSEMBLING.keys())


@each_open
@each_assembly
@pytest.mark.parametrize("officer", [False, True], ids=["producer", "officer"])
def test_an_open_dossier_is_assembled_by_its_producer_or_its_commune(build, act, officer):
    dossier = build()
    before = _contents(dossier)

    act(dossier, an_officer() if officer else a_producer(dossier.subject_id))

    assert _contents(dossier) != before
    assert dossier.news == []


def _contents(dossier):
    return dict(dossier.components), dossier.samples, dossier.self_assessment


@each_assembly
@each_stranger
def test_nobody_else_assembles_a_dossier(act, who):
    dossier = a_dossier()

    with pytest.raises(NotAllowed):
        act(dossier, who)

    assert _contents(dossier) == ({}, 0, {})


@each_filed
@each_assembly
def test_a_filed_dossier_is_not_changed(build, act):
    dossier = build()
    held = dict(dossier.components)

    with pytest.raises(DossierClosed, match=dossier.status.value):
        act(dossier, a_producer(dossier.subject_id))

    assert dossier.components == held


def test_files_take_the_place_of_what_was_there_and_count_once():
    dossier = a_dossier()
    dossier.attach("M01", [evidence("a")], by=an_officer())

    dossier.attach("M01", [evidence("b"), evidence("c"), evidence("b")], by=an_officer())

    assert [file.sha256[0] for file in dossier.components["M01"]] == ["b", "c"]


@pytest.mark.parametrize(
    "code",
    ["M99", "", "M02-UP", "M03", "C01", "P01", "SAMPLE", "../M01"],
    ids=["none", "empty", "for an upgrade", "the commune's", "the commune's letter",
         "the province's", "the product itself", "a path"],
)  # fmt: skip
def test_only_papers_that_the_pack_asks_of_the_producer_are_attached(code):
    dossier = a_dossier()

    with pytest.raises(UnknownComponent, match="component: "):
        dossier.attach(code, [evidence()], by=an_officer())

    assert dossier.components == {}


def test_an_upgrade_asks_for_the_statement_of_changes():
    first, upgrade = a_dossier(), a_dossier(purpose="upgrade")

    assert set(upgrade.missing()) - set(first.missing()) == {"M02-UP"}


def test_a_file_is_found_by_its_hash_where_the_dossier_holds_it():
    dossier = a_dossier()
    dossier.attach("M01", [evidence("a")], by=an_officer())

    assert dossier.file("a" * 64) == evidence("a")
    with pytest.raises(UnknownEvidence):
        dossier.file("b" * 64)


def test_five_samples_are_asked_and_four_are_not_enough():
    dossier = a_dossier()

    dossier.bring_samples(4, by=an_officer())
    few = dossier.missing()
    dossier.bring_samples(5, by=an_officer())

    assert "SAMPLE" in few
    assert "SAMPLE" not in dossier.missing()


def test_a_tourism_service_brings_no_samples():
    dossier = a_dossier(criteria_set="QD26-26")

    assert "SAMPLE" not in {component.code for component in dossier.demanded()}


@pytest.mark.parametrize(
    ("choices", "refusal"),
    [
        ({"99.9": 1}, UnknownCriterion),
        ({"1.1": 99}, UnknownOption),
        ({"1.1": 0}, UnknownOption),
        ({"1.1": True}, UnknownOption),
        ({"1.1": -1}, UnknownOption),
    ],
)
def test_only_options_of_the_set_are_ticked(choices, refusal):
    dossier = a_complete_dossier()

    with pytest.raises(refusal):
        dossier.self_assess({"1.2": 1} | choices, by=an_officer())

    assert dossier.self_assessment == best(dossier.sheet)


def test_part_totals_are_entered_as_points():
    dossier = a_dossier(ERAS["QD148-2023"])

    dossier.self_assess({"A": 40, "B": 0, "C": 35}, by=an_officer())
    with pytest.raises(UnknownOption):
        dossier.self_assess({"B": 26}, by=an_officer())

    assert dossier.self_assessment == {"A": 40, "B": 0, "C": 35}


@each_era
def test_a_complete_dossier_is_filed_and_numbered(era):
    dossier = a_complete_dossier(era)

    submit(dossier, on=era.later(1))

    assert dossier.status is Status.SUBMITTED
    assert (dossier.received_on, dossier.last_on) == (era.later(1), era.later(1))
    assert dossier.registration_number == NUMBERS.registration_number
    assert dossier.product_code == NUMBERS.product_code
    assert dossier.news == [DossierWasSubmitted(dossier=dossier, on=era.later(1))]


@each_stranger
def test_nobody_else_files_a_dossier(who):
    dossier = a_complete_dossier()

    with pytest.raises(NotAllowed):
        submit(dossier, by=who)

    assert (dossier.status, dossier.news) == (Status.DRAFT, [])


def test_a_dossier_is_filed_only_once():
    dossier = a_submitted_dossier()

    with pytest.raises(AlreadySubmitted, match="submitted"):
        submit(dossier)

    assert dossier.news == []


def test_a_verified_dossier_is_not_filed_again():
    dossier = a_verified_dossier()

    with pytest.raises(AlreadySubmitted, match="verified"):
        submit(dossier)


def test_a_withdrawn_dossier_is_not_filed_again():
    dossier = a_withdrawn_dossier()

    with pytest.raises(AlreadyWithdrawn):
        submit(dossier)


def test_a_refused_filing_draws_no_number():
    drawn = []
    dossier = a_dossier()

    with pytest.raises(ComponentsMissing):
        submit(dossier, numbered=lambda: drawn.append("one"))

    assert drawn == []


def test_a_returned_dossier_keeps_its_numbers_and_its_first_day():
    dossier = a_returned_dossier()
    first = (dossier.received_on, dossier.registration_number, dossier.product_code)

    submit(dossier, numbered=lambda: pytest.fail("drawn twice"), on=NOW.later(9))

    assert dossier.status is Status.SUBMITTED
    assert (dossier.received_on, dossier.registration_number, dossier.product_code) == first
    assert dossier.last_on == NOW.later(9)


def test_a_dossier_returned_under_an_old_pack_is_mended_under_it():
    era = ERAS["QD148-2023"]
    dossier = a_returned_dossier(era)

    submit(dossier, on=date(2025, 8, 1))

    assert (dossier.status, dossier.pack_id) == (Status.SUBMITTED, "QD148-2023")


def test_what_the_pack_demands_must_be_there():
    dossier = a_complete_dossier()
    del dossier.components["EV-01"]
    dossier.samples = 0

    with pytest.raises(ComponentsMissing, match="SAMPLE, EV-01"):
        submit(dossier)

    assert dossier.status is Status.DRAFT


def test_the_producer_scores_the_product_before_filing():
    dossier = a_complete_dossier()
    dossier.self_assess({}, by=an_officer())

    with pytest.raises(SelfAssessmentMissing):
        submit(dossier)


@pytest.mark.parametrize(
    ("era", "on"),
    [("QD1048-2019", date(2023, 2, 25)), ("QD148-2023", date(2025, 7, 6)),
     ("QD1489-2025", date(2026, 7, 22))],
)  # fmt: skip
def test_nothing_is_filed_under_a_pack_that_is_no_longer_in_force(era, on):
    dossier = a_complete_dossier(ERAS[era])

    with pytest.raises(PackNotInForce, match=era):
        submit(dossier, on=on)

    assert dossier.registration_number is None


@pytest.mark.parametrize(
    ("on", "refusal"),
    [(NOW.day - timedelta(days=1), DateBeforeLastAct), (date(2026, 11, 21), DateInFuture)],
)
@pytest.mark.parametrize("act", [submit, withdraw], ids=["submit", "withdraw"])
def test_filing_and_withdrawal_run_forward_in_time(act, on, refusal):
    dossier = a_complete_dossier()

    with pytest.raises(refusal, match="on: "):
        act(dossier, on=on)

    assert (dossier.status, dossier.last_on) == (Status.DRAFT, NOW.day)


@pytest.mark.parametrize(
    "build", [a_dossier, a_submitted_dossier, a_returned_dossier, a_verified_dossier]
)
def test_a_dossier_is_withdrawn_from_anywhere_before_a_result(build):
    dossier = build()

    dossier.withdraw(by=a_producer(dossier.subject_id), on=NOW.later(5), today=TODAY)

    assert dossier.status is Status.WITHDRAWN
    assert dossier.news == [DossierWasWithdrawn(dossier=dossier, on=NOW.later(5))]
    assert dossier.status not in OPEN


@each_stranger
def test_nobody_else_withdraws_a_dossier(who):
    dossier = a_verified_dossier()

    with pytest.raises(NotAllowed):
        dossier.withdraw(by=who, on=NOW.later(5), today=TODAY)


def test_a_dossier_is_withdrawn_only_once():
    dossier = a_withdrawn_dossier()

    with pytest.raises(AlreadyWithdrawn):
        dossier.withdraw(by=an_officer(), on=NOW.later(5), today=TODAY)


@pytest.mark.parametrize(
    ("standing", "refusal"),
    [("certified-at-3-stars", AlreadyCertified), ("revoked", AlreadyCertified),
     ("expired", AlreadyCertified), ("closed-at-2-stars", AlreadyConcluded)],
)  # fmt: skip
def test_after_a_result_nothing_is_withdrawn(standing, refusal):
    dossier = a_verified_dossier(standing=standing)

    with pytest.raises(refusal):
        dossier.withdraw(by=an_officer(), on=NOW.later(5), today=TODAY)

    assert dossier.status is Status.VERIFIED


@pytest.mark.parametrize("standing", ["referred-to-national", "awaits-decision-of-province"])
def test_a_product_on_its_way_may_still_be_withdrawn(standing):
    dossier = a_verified_dossier(standing=standing)

    dossier.withdraw(by=an_officer(), on=NOW.later(5), today=TODAY)

    assert dossier.status is Status.WITHDRAWN


WAY = ["referred-to-province", "awaits-decision-of-province", "referred-to-national",
       "certified-at-5-stars", "revoked"]  # fmt: skip


@pytest.mark.parametrize(("earlier", "later"), list(pairwise(WAY[1:])))
def test_standing_only_moves_forward(earlier, later):
    dossier = a_verified_dossier(standing=earlier)

    dossier.stand_at(later)
    dossier.stand_at(earlier)

    assert dossier.standing == later
