import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from chassis.database import Database
from chassis.hearing import Hearer, Verdict
from contracts.catalogue import SAYER_OF
from contracts.envelope import Event, from_structured
from services.registration.hearing import reactions
from services.registration.storage import SqlDossiers
from tests.builders.registration import a_verified_dossier

EXAMPLES = Path(__file__).parents[2] / "contracts" / "examples"


@pytest.fixture
def hearer(sqlite: Database) -> Hearer:
    return Hearer(sqlite, reactions)


@pytest.fixture
def dossier_id(sqlite: Database) -> UUID:
    """A dossier that has left its commune."""
    with sqlite.transaction() as session:
        SqlDossiers(session).save(dossier := a_verified_dossier())
    return dossier.id


def heard(type_: str, dossier_id: UUID, sequence: int = 1, **changes) -> Event:
    """The released example of a type, about this dossier."""
    event = from_structured(json.loads((EXAMPLES / f"{type_}.json").read_text()))
    data = event.data | {"dossier_id": str(dossier_id)} | changes
    return Event(
        id=uuid4(),
        source=event.source,
        type=type_,
        subject=str(dossier_id),
        time=event.time,
        sequence=sequence,
        correlationid=str(dossier_id),
        body=json.dumps(data),
        rulepack=event.rulepack,
    )


def outcome(act: str, level: str | None, star: int) -> dict:
    return {"star": star, "outcome": {"act": act, "level": level, "star": star}}


def standing(database: Database, dossier_id: UUID) -> str | None:
    with database.reading() as session:
        return SqlDossiers(session).get(dossier_id).standing


LEADS_TO = [
    ("ScoredAtDistrict", outcome("certify", "district", 3), "awaits-decision-of-district"),
    ("ScoredAtDistrict", outcome("refer", "province", 4), "referred-to-province"),
    ("ScoredAtProvince", outcome("close", None, 2), "closed-at-2-stars"),
    ("ScoredAtProvince", outcome("certify", "province", 4), "awaits-decision-of-province"),
    ("CertifiedAtDistrict", {"star": 3}, "certified-at-3-stars"),
    ("CertifiedAtProvince", {"star": 4}, "certified-at-4-stars"),
    ("ReferredNational", {}, "referred-to-national"),
    ("CertifiedNational", {"star": 5}, "certified-at-5-stars"),
    ("NewAssessmentOrdered", {}, "assessed-again-at-province"),
    ("CertificateRevoked", {}, "revoked"),
    ("CertificateExpired", {}, "expired"),
]


def test_every_type_that_is_heard_is_tested_here():
    led = {type_ for type_, _, _ in LEADS_TO}
    assert led | {"MembersCleared"} == set(reactions.types)  # that one in test_api_seats
    assert reactions.sayers == ("evaluation", "certification")


@pytest.mark.parametrize(("type_", "changes", "expected"), LEADS_TO)
def test_an_event_shows_where_the_dossier_stands(
    sqlite, hearer, dossier_id, type_, changes, expected
):
    [item] = hearer.hear([heard(type_, dossier_id, **changes)])

    assert item.verdict is Verdict.HEARD
    assert standing(sqlite, dossier_id) == expected


@pytest.mark.parametrize("type_", ["NationalResultRecorded", "ReevaluationDue"])
def test_what_tells_nothing_new_only_counts_for_the_order(sqlite, hearer, dossier_id, type_):
    [item] = hearer.hear([heard(type_, dossier_id)])

    assert (item.verdict, standing(sqlite, dossier_id)) == (Verdict.HEARD, None)


def test_standing_moves_forward_whatever_the_order_between_two_services(
    sqlite, hearer, dossier_id
):
    hearer.hear([heard("CertifiedAtProvince", dossier_id, star=4)])

    hearer.hear([heard("ScoredAtProvince", dossier_id)])

    assert standing(sqlite, dossier_id) == "certified-at-4-stars"


def test_a_new_assessment_takes_the_place_of_a_referral_and_its_score_that_of_the_order(
    sqlite, hearer, dossier_id
):
    first, second = uuid4(), uuid4()
    four = outcome("certify", "province", 4)
    way = [
        heard("ScoredAtProvince", dossier_id, 1, assessment_id=str(first)),
        heard("ReferredNational", dossier_id, 1),
        heard("NewAssessmentOrdered", dossier_id, 2, after_assessment_id=str(first)),
        heard("ScoredAtProvince", dossier_id, 2, assessment_id=str(second), **four),
    ]

    shown = [(hearer.hear([event]), standing(sqlite, dossier_id))[1] for event in way]

    assert shown[1:] == [
        "referred-to-national",
        "assessed-again-at-province",
        "awaits-decision-of-province",
    ]


def test_a_new_score_that_is_heard_before_its_order_counts_all_the_same(
    sqlite, hearer, dossier_id
):
    first, second = uuid4(), uuid4()
    two = outcome("close", None, 2)
    hearer.hear(
        [
            heard("ScoredAtProvince", dossier_id, 1, assessment_id=str(first)),
            heard("ReferredNational", dossier_id, 1),
            heard("ScoredAtProvince", dossier_id, 2, assessment_id=str(second), **two),
        ]
    )
    before = standing(sqlite, dossier_id)

    hearer.hear([heard("NewAssessmentOrdered", dossier_id, 2, after_assessment_id=str(first))])

    assert (before, standing(sqlite, dossier_id)) == ("referred-to-national", "closed-at-2-stars")


def test_an_order_that_is_heard_after_the_certificate_changes_nothing(sqlite, hearer, dossier_id):
    event = heard("CertifiedAtProvince", dossier_id, 1, star=4)

    hearer.hear([event, heard("NewAssessmentOrdered", dossier_id, 2)])

    assert standing(sqlite, dossier_id) == "certified-at-4-stars"


def test_an_ended_certificate_stays_ended(sqlite, hearer, dossier_id):
    hearer.hear([heard("CertifiedAtProvince", dossier_id, 1)])

    revoked = heard("CertificateRevoked", dossier_id, 2)
    hearer.hear([revoked, heard("CertifiedAtProvince", dossier_id, 3)])

    assert standing(sqlite, dossier_id) == "revoked"


def test_the_same_event_twice_is_heard_once(sqlite, hearer, dossier_id):
    event = heard("ReferredNational", dossier_id)

    verdicts = [item.verdict for item in hearer.hear([event]) + hearer.hear([event])]

    assert verdicts == [Verdict.HEARD, Verdict.DUPLICATE]


def test_an_early_event_waits_for_the_one_before_it(sqlite, hearer, dossier_id):
    first, second = (
        heard("ReferredNational", dossier_id, 1),
        heard("CertifiedNational", dossier_id, 2),
    )

    [parked] = hearer.hear([second])
    before = standing(sqlite, dossier_id)
    hearer.hear([first])

    assert (parked.verdict, before) == (Verdict.PARKED, None)
    assert standing(sqlite, dossier_id) == "certified-at-5-stars"


def test_an_unknown_dossier_is_dead_with_its_reason(sqlite, hearer, dossier_id):
    stranger = uuid4()

    items = hearer.hear(
        [heard("ReferredNational", stranger), heard("ReferredNational", dossier_id)]
    )

    assert [item.verdict for item in items] == [Verdict.DEAD, Verdict.HEARD]
    assert items[0].reason == f"unknown-dossier: dossier {stranger} does not exist"
    assert standing(sqlite, dossier_id) == "referred-to-national"


@pytest.mark.parametrize(
    ("type_", "changes", "field"),
    [
        ("ScoredAtProvince", {"outcome": {"act": "guess", "level": None, "star": 1}}, "act"),
        ("ScoredAtProvince", {"outcome": None}, "outcome"),
        ("CertifiedAtProvince", {"star": 9}, "star"),
        ("ReferredNational", {"dossier_id": "12"}, "dossier_id"),
    ],
)
def test_an_event_that_breaks_its_contract_is_dead_naming_the_field(
    sqlite, hearer, dossier_id, type_, changes, field
):
    [item] = hearer.hear([_with(type_, dossier_id, changes)])

    assert item.verdict is Verdict.DEAD
    assert field in item.reason
    assert standing(sqlite, dossier_id) is None


def _with(type_: str, dossier_id: UUID, changes: dict) -> Event:
    event = heard(type_, dossier_id)
    return replace(event, body=json.dumps(event.data | changes), _data={})


@pytest.mark.parametrize("type_", reactions.types)
def test_every_released_example_is_understood_as_it_is(sqlite, hearer, type_):
    event = from_structured(json.loads((EXAMPLES / f"{type_}.json").read_text()))
    with sqlite.transaction() as session:
        known = a_verified_dossier(id=UUID(event.data["dossier_id"]))
        SqlDossiers(session).save(known)

    [item] = hearer.hear([replace(event, sequence=1, _data={})])

    assert item.verdict is Verdict.HEARD
    assert SAYER_OF[type_] == event.sayer
    assert (standing(sqlite, known.id) is None) is (type_ == "MembersCleared")
