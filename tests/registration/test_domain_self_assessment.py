import pytest

from services.registration.domain.proof import Proof
from services.registration.domain.self_assessment import self_assessment
from tests.builders.registration import (
    ERAS,
    a_complete_dossier,
    a_dossier,
    an_officer,
    best,
    evidence,
)


@pytest.mark.parametrize("era", ERAS.values(), ids=ERAS.keys())
def test_the_best_sheet_of_every_pack_is_worth_a_hundred_points_and_five_stars(era):
    own = self_assessment(a_complete_dossier(era))

    assert (own.rating.mean, own.rating.star, own.unticked) == (100, 5, ())


def test_an_empty_sheet_is_worth_nothing_and_leaves_everything_open():
    dossier = a_dossier()

    own = self_assessment(dossier)

    assert own.rating.mean == 0
    assert own.unticked == tuple(criterion.code for criterion in dossier.sheet.criteria)
    assert own.evidence_wanted == ()


def test_what_holds_a_star_back_is_named():
    dossier = a_dossier(criteria_set="QD26-01")
    dossier.self_assess(best(dossier.sheet) | {"3.4": 1}, by=an_officer())

    own = self_assessment(dossier)

    assert own.rating.band == 5
    assert own.rating.star == 3
    assert [miss.criterion for miss in own.rating.gates_missed[4]] == ["3.4"]


def test_points_that_need_proof_ask_for_the_paper_that_is_not_there():
    dossier = a_dossier(criteria_set="QD26-01")
    dossier.self_assess({"1.6": 2}, by=an_officer())

    wanted = self_assessment(dossier).evidence_wanted

    assert wanted == (Proof(criterion="1.6", component="EV-04", held=False),)


def test_an_attached_paper_is_not_asked_for():
    dossier = a_dossier(criteria_set="QD26-01")
    dossier.self_assess({"1.6": 2}, by=an_officer())
    dossier.attach("EV-04", [evidence()], by=an_officer())

    assert self_assessment(dossier).evidence_wanted == ()


def test_no_points_ask_for_no_proof():
    dossier = a_dossier(criteria_set="QD26-01")
    zero = next(o for o in dossier.sheet.criterion("1.2").options if o.points == 0)
    dossier.self_assess({"1.2": zero.no}, by=an_officer())

    assert dossier.sheet.criterion("1.2").evidence
    assert self_assessment(dossier).evidence_wanted == ()


@pytest.mark.parametrize("era", ERAS.values(), ids=ERAS.keys())
def test_only_papers_that_the_dossier_is_made_of_are_asked_for(era):
    dossier = a_dossier(era)
    dossier.self_assess(best(dossier.sheet), by=an_officer())
    may_be_attached = {component.code for component in dossier.demanded()}

    wanted = self_assessment(dossier).evidence_wanted

    assert {each.component for each in wanted} <= may_be_attached
