"""Evaluation says what the contracts say, and understands registration."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts import evaluation
from contracts.envelope import from_structured
from regulation.packs import pack
from regulation.rating import Sheet
from regulation.refusals import UnknownPack
from services.evaluation import messages
from services.evaluation.domain.conclusion import conclude
from services.evaluation.domain.levels import assessment_id
from services.evaluation.domain.news import AssessmentWasConcluded
from tests.builders.evaluation import (
    ADMITTED,
    AT,
    CONCLUDED,
    NEW,
    OLD,
    TODAY,
    a_council,
    a_product,
    a_round,
    a_secretary,
    a_verified_event,
    a_withdrawn_event,
    an_assessment,
    best,
    declares,
)

EXAMPLES = Path(__file__).parents[2] / "contracts" / "examples"


def example(type_: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((EXAMPLES / f"{type_}.json").read_text("utf-8"))
    return document


def said(pack_id: str, *choices: dict[str, int]) -> Any:
    assessment = an_assessment(pack_id)
    scored = [Sheet(member=str(n), choices=each) for n, each in enumerate(choices)]
    conclusion = conclude(
        assessment.criteria_set,
        scored,
        pack=pack(pack_id),
        level=assessment.level,
        agreed={},
        knockouts=[],
        on=CONCLUDED,
    )
    return messages.say(AssessmentWasConcluded(assessment=assessment, conclusion=conclusion), AT)


def test_a_districts_conclusion_is_said_with_the_whole_rating_and_outcome() -> None:
    news = said(OLD, {"A": 31, "B": 19, "C": 26}, {"A": 32, "B": 19, "C": 26})

    assert (news.type, news.subject) == ("ScoredAtDistrict", news.data["dossier_id"])
    assert news.rulepack == OLD
    assert (news.data["mean"], news.data["members"]) == ("76.5", 2)
    assert news.data["parts"] == {"A": "31.5", "B": "19", "C": "26"}
    assert (news.data["star"], news.data["band"]) == (4, 4)
    assert news.data["outcome"] == {"act": "refer", "level": "province", "star": 4}


def test_a_provinces_conclusion_names_the_gates_missed() -> None:
    criteria = pack(NEW).criteria_set("QD26-01")

    news = said(NEW, best(criteria, c3_4=1))

    assert news.type == "ScoredAtProvince"
    assert news.data["gates_missed"] == {"4": ["3.4"], "5": ["3.4"]}
    assert (news.data["star"], news.data["band"], news.data["district"]) == (3, 5, None)


@pytest.mark.parametrize("pack_id", [OLD, NEW])
def test_what_is_said_has_exactly_the_fields_of_its_example(pack_id: str) -> None:
    news = said(pack_id, {})

    assert news.data.keys() == example(news.type)["data"].keys()
    assert getattr(evaluation, news.type)().validate(news.data) == {}


@pytest.mark.parametrize("type_", ["ScoredAtDistrict", "ScoredAtProvince"])
def test_the_examples_keep_the_contract_and_the_law(type_: str) -> None:
    event = from_structured(example(type_))

    assert getattr(evaluation, type_)().validate(event.data) == {}
    assert event.sayer == "evaluation"
    level = type_.removeprefix("ScoredAt").lower()
    of = assessment_id(UUID(event.data["dossier_id"]), level)
    assert event.data["assessment_id"] == str(of)
    criteria = pack(event.rulepack or "").criteria_set(event.data["criteria_set"])
    for star, codes in event.data["gates_missed"].items():
        for code in codes:
            assert criteria.criterion(code).gates[int(star)]


def test_what_a_commune_verified_is_understood_whole() -> None:
    product = a_product(OLD)

    heard = messages.verified(a_verified_event(product, OLD))

    assert heard == {"product": product, "pack_id": OLD}


def test_an_event_that_names_no_rule_pack_is_refused() -> None:
    with pytest.raises(UnknownPack):
        messages.verified(a_verified_event(a_product(), rulepack=None))


def test_a_withdrawal_is_understood() -> None:
    product = a_product()

    assert messages.withdrawn(a_withdrawn_event(product)) == product.dossier_id


def test_who_is_cleared_is_said_by_names_of_this_dossier_alone() -> None:
    council = a_council()
    first, second = an_assessment(), an_assessment()
    for assessment in (first, second):
        assessment.admit(council, a_round(council), by=a_secretary(), on=ADMITTED, today=TODAY)
        declares(assessment, council, "member-2")

    said = [messages.say(each.news[-1], AT) for each in (first, second)]

    dossier = first.product.dossier_id
    assert said[0].data["cleared"] == [str(evaluation.pseudonym(dossier, "member-2"))]
    assert len(said[0].data["members"]) == 3
    assert not {*said[0].data["members"]} & {*said[1].data["members"]}
    assert "member-2" not in str(said)
    assert said[0].subject == str(first.id)
