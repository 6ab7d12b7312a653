"""Which papers a producer's ticks need, and that nothing is filed without them."""

from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.packs import pack
from services.registration.domain.dossier import Status
from services.registration.domain.proof import NAMED, Proof, named
from services.registration.domain.refusals import ComponentsMissing, EvidenceMissing
from tests.builders.registration import (
    ERAS,
    NOW,
    a_complete_dossier,
    a_dossier,
    a_returned_dossier,
    an_officer,
    best,
    evidence,
    submit,
)

SETS = tuple(NOW.pack.sets.values())


def contents(dossier):
    return replace(dossier, news=[*dossier.news], components=dict(dossier.components))


def needed(dossier):
    """Component → the criteria whose ticked option needs it, read off the pack; of what a producer brings alone."""
    found = defaultdict(list)
    ticked = dossier.self_assessment
    asked = {c.code for c in dossier.pack.components if c.who == "subject"}
    for criterion in dossier.sheet.criteria:
        proof = criterion.proof(ticked[criterion.code]) if criterion.code in ticked else ()
        for code in asked.intersection(proof):
            found[code].append(criterion.code)
    return found


@pytest.mark.parametrize("build", [a_complete_dossier, a_returned_dossier])
def test_a_ticked_option_without_its_papers_is_not_filed(build):
    dossier = build()
    del dossier.components["EV-14"], dossier.components["EV-10"]
    before = contents(dossier)

    with pytest.raises(EvidenceMissing) as refusal:
        submit(dossier, numbered=lambda: pytest.fail("drawn"))

    assert str(refusal.value) == (
        "the ticked options need papers that the dossier does not hold: "
        "5.1 (EV-10), 5.2 (EV-10), 5.3 (EV-10), 9 (EV-14)"
    )
    assert contents(dossier) == before


@pytest.mark.parametrize("build", [a_complete_dossier, a_returned_dossier])
@pytest.mark.parametrize("mend", ["attached", "not claimed"])
def test_it_is_filed_once_they_are_there_or_the_points_are_not_claimed(build, mend):
    dossier = build()
    del dossier.components["EV-14"]

    if mend == "attached":
        dossier.attach("EV-14", [evidence("e")], by=an_officer())
    else:
        dossier.self_assess(best(dossier.sheet) | {"9": 1}, by=an_officer())
        dossier.attach("EV-02", [evidence("e")], by=an_officer())
    submit(dossier)

    assert dossier.status is Status.SUBMITTED


@pytest.mark.parametrize("era", ERAS.values(), ids=ERAS.keys())
def test_each_paper_of_the_best_sheet_is_demanded_under_every_pack_that_names_any(era):
    whole = a_complete_dossier(era)
    optional = {code for code in needed(whole) if code not in a_dossier(era).missing()}

    for code in optional:
        dossier = a_complete_dossier(era)
        del dossier.components[code]
        with pytest.raises(EvidenceMissing, match=code):
            submit(dossier)

    assert bool(optional) == (era.criteria_set not in {"QD148-PARTS", "QD1489-PARTS"})


def test_part_totals_demand_no_papers():
    dossier = a_complete_dossier(ERAS["QD1489-2025"])

    submit(dossier)

    assert (dossier.proofs, set(dossier.components)) == ((), {"M01", "M02", "EV-01"})


def test_mandatory_components_are_asked_for_first():
    dossier = a_complete_dossier()
    del dossier.components["EV-01"], dossier.components["EV-10"]

    with pytest.raises(ComponentsMissing, match="EV-01"):
        submit(dossier)


def test_of_very_many_criteria_the_first_are_named():
    wanted = [
        Proof(criterion=str(number), component="EV-01", held=False) for number in range(NAMED + 2)
    ]

    told = named(wanted)

    assert told.startswith("0 (EV-01), 1 (EV-01), ")
    assert told.endswith(f"{NAMED - 1} (EV-01), and 2 more")


def test_one_refusal_names_every_criterion_of_every_set_of_the_packs():
    longest = max(len(each.criteria) for era in ERAS for each in pack(era).sets.values())

    assert longest <= NAMED


@given(data=st.data())
def test_a_dossier_is_filed_exactly_when_what_its_ticks_need_is_there(data):
    sheet = data.draw(st.sampled_from(SETS), label="set")
    dossier = a_complete_dossier(criteria_set=sheet.code)
    ticks = data.draw(
        st.fixed_dictionaries(
            {}, optional={c.code: st.sampled_from(sorted(c.scale)) for c in sheet.criteria}
        ).filter(bool),
        label="ticks",
    )
    dossier.self_assess(ticks, by=an_officer())
    need = needed(dossier)
    mandatory = set(a_dossier(criteria_set=sheet.code).missing())
    lacking = data.draw(
        st.sets(st.sampled_from(sorted({*need, "EV-15"} - mandatory))), label="lacking"
    )
    for code in {*need} - mandatory:
        dossier.attach(code, [evidence()], by=an_officer())
    for code in lacking:
        dossier.components.pop(code, None)
    wanted = {(each.criterion, each.component) for each in dossier.evidence_wanted}

    try:
        submit(dossier)
    except EvidenceMissing:
        is_filed = False
    else:
        is_filed = True

    unproved = {(criterion, code) for code in lacking for criterion in need.get(code, ())}
    assert wanted == unproved
    assert is_filed == (not unproved)
