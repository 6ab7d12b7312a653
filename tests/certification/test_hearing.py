import json
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from structlog.testing import CapturingLogger

from chassis.hearing import Hearer, Verdict
from regulation.acting import Place
from services.certification.domain.certificate import Ruling
from services.certification.domain.refusals import NotAwaitingDecision
from services.certification.domain.standing import Status
from services.certification.hearing import reactions
from services.certification.storage import SqlCases, SqlCertificates
from services.certification.storage.tables import CaseRow
from tests.builders.certification import (
    FOUR,
    THREE,
    a_case_assessed_anew,
    a_scored_event,
    an_authority,
    an_example,
)

HEARD, DUPLICATE, DEAD = Verdict.HEARD, Verdict.DUPLICATE, Verdict.DEAD


@pytest.fixture
def hearer(sqlite):
    return Hearer(sqlite, reactions)


def verdicts(heard):
    return [each.verdict for each in heard]


def the_case(database, event):
    with database.reading() as session:
        return SqlCases(session).get(UUID(event.subject))


def cases(database):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(CaseRow))


def a_withdrawal(event):
    """The producer of a scored event's dossier takes it back."""
    data = {
        "dossier_id": event.subject,
        "withdrawn_on": "2024-12-01",
        "province": "38",
        "district": "380",
        "commune": "14758",
    }
    return replace(
        event,
        id=uuid4(),
        type="DossierWithdrawn",
        source="/vn/38/registration",
        sequence=1,
        body=json.dumps(data),
        _data={},
    )


def test_it_listens_to_councils_and_to_withdrawals():
    assert reactions.sayers == ("registration", "evaluation")
    assert reactions.types == ("DossierWithdrawn", "ScoredAtDistrict", "ScoredAtProvince")


def test_a_withdrawn_dossier_awaits_nothing_any_more(sqlite, hearer):
    event = a_scored_event("QD148-2023", level="district", **THREE)
    hearer.hear([event])

    heard = hearer.hear([a_withdrawal(event)])

    assert verdicts(heard) == [HEARD], heard
    assert the_case(sqlite, event).status is Status.WITHDRAWN
    assert the_case(sqlite, event).awaits is None


def test_a_score_of_a_dossier_withdrawn_before_awaits_nothing_either(sqlite, hearer):
    event = a_scored_event("QD148-2023", level="district", **THREE)
    hearer.hear([a_withdrawal(event)])

    hearer.hear([event])

    assert the_case(sqlite, event).status is Status.WITHDRAWN


def test_a_decision_signed_before_the_withdrawal_was_heard_stands_and_the_case_tells_it(
    sqlite, hearer, monkeypatch
):
    logged = CapturingLogger()
    monkeypatch.setattr("services.certification.hearing.log", logged)
    event = a_scored_event("QD148-2023", level="district", **THREE)
    hearer.hear([event])
    with sqlite.transaction() as session:
        case = SqlCases(session).get(UUID(event.subject))
        ruling = Ruling(number="7/QĐ-UBND", level="district", on=case.last_on)
        by = an_authority(case.product.place.district)
        certificate = case.certify(by=by, ruling=ruling, serial=1, today=date(2030, 1, 1))
        SqlCases(session).save(case)
        SqlCertificates(session).save(certificate)

    heard = hearer.hear([a_withdrawal(event)])

    late = the_case(sqlite, event)
    assert verdicts(heard) == [HEARD]
    assert (late.status, late.certificate_id) == (Status.CERTIFIED, certificate.id)
    assert late.withdrawn_on == date(2024, 12, 1)
    assert [call.args for call in logged.calls] == [
        ("withdrawn, but certified before it was heard",)
    ]


def test_a_withdrawal_heard_first_leaves_nothing_to_sign(sqlite, hearer):
    event = a_scored_event("QD148-2023", level="district", **THREE)
    hearer.hear([event, a_withdrawal(event)])

    case = the_case(sqlite, event)

    ruling = Ruling(number="7/QĐ-UBND", level="district", on=case.last_on)
    by = an_authority(case.product.place.district)
    with pytest.raises(NotAwaitingDecision):
        case.certify(by=by, ruling=ruling, serial=1, today=date(2030, 1, 1))
    assert case.withdrawn_on == date(2024, 12, 1)


@pytest.mark.parametrize("type_", ["ScoredAtDistrict", "ScoredAtProvince"])
def test_the_contracts_example_opens_a_case(sqlite, hearer, type_):
    event = replace(an_example(type_), sequence=1)

    heard = hearer.hear([event])

    assert verdicts(heard) == [HEARD], heard
    case = the_case(sqlite, event)
    assert case.product.name == event.data["product_name"]
    assert case.score.mean == event.data["mean"]
    assert case.level == event.data["outcome"]["level"]


def test_a_score_opens_a_case(sqlite, hearer):
    event = a_scored_event("QD148-2023", level="district", **THREE)

    hearer.hear([event])

    case = the_case(sqlite, event)
    assert (case.status, case.level, case.star) == (Status.AWAITS_DECISION, "district", 3)
    assert (case.product.pack_id, case.product.place) == (
        "QD148-2023",
        Place(province="38", district="399", commune="15871"),
    )


def test_a_duplicate_makes_no_second_case(sqlite, hearer):
    event = a_scored_event()

    first = hearer.hear([event])
    again = hearer.hear([event, event])

    assert verdicts(first + again) == [HEARD, DUPLICATE, DUPLICATE]
    assert cases(sqlite) == 1
    assert the_case(sqlite, event).version == 1


def test_the_provinces_score_replaces_the_districts(sqlite, hearer):
    at_district = a_scored_event(level="district", **FOUR)
    at_province = a_scored_event(
        level="province", dossier_id=UUID(at_district.subject), sequence=2, **THREE
    )

    heard = hearer.hear([at_district, at_province])

    assert verdicts(heard) == [HEARD, HEARD]
    case = the_case(sqlite, at_district)
    assert (case.status, case.level, case.score.level) == (
        Status.AWAITS_DECISION,
        "district",
        "province",
    )


def test_scores_that_overtake_each_other_are_put_in_order(sqlite, hearer):
    dossier = uuid4()
    at_district = a_scored_event(level="district", dossier_id=dossier, **FOUR)
    at_province = a_scored_event(level="province", dossier_id=dossier, sequence=2, **FOUR)

    heard = hearer.hear([at_province]) + hearer.hear([at_district])

    assert verdicts(heard) == [Verdict.PARKED, HEARD]
    assert the_case(sqlite, at_district).level == "province"


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (replace(a_scored_event(), rulepack=None), "unknown-pack"),
        (replace(a_scored_event(), rulepack="QD1-1999"), "unknown-pack"),
        (replace(a_scored_event(level="district"), rulepack="QD26-2026"), "unknown-level"),
        (replace(a_scored_event(), body='{"dossier_id": "?"}', _data={}), "dossier_id"),
    ],
    ids=["no pack", "strange pack", "no such council", "broken"],
)
def test_an_event_that_breaks_the_law_is_dead_with_its_reason(sqlite, hearer, event, reason):
    good = a_scored_event()

    heard = hearer.hear([event, good])

    assert verdicts(heard) == [DEAD, HEARD]
    assert reason in heard[0].reason
    assert cases(sqlite) == 1


def test_the_score_that_follows_an_order_is_what_counts_now(sqlite, hearer):
    case = keep_assessed_anew(sqlite)
    anew = a_scored_event("QD26-2026", level="province", dossier_id=case.id, sequence=1, **FOUR)

    heard = hearer.hear([anew, anew])

    found = the_case(sqlite, anew)
    assert verdicts(heard) == [HEARD, DUPLICATE]
    assert (found.status, found.level, found.star) == (Status.AWAITS_DECISION, "province", 4)
    assert found.earlier == case.earlier


def test_the_score_from_before_an_order_is_dead_under_whatever_id_it_comes(sqlite, hearer):
    case = keep_assessed_anew(sqlite)
    before = case.earlier[0].score
    again = a_scored_event(
        "QD26-2026", level="province", dossier_id=case.id, sequence=1, score=before
    )

    (heard,) = hearer.hear([again])

    assert (heard.verdict, heard.reason.split(":")[0]) == (DEAD, "score-superseded")
    assert the_case(sqlite, again).status is Status.WITH_COUNCIL


def keep_assessed_anew(database):
    case = a_case_assessed_anew()
    with database.transaction() as session:
        SqlCases(session).save(case)
    return case
