"""What evaluation hears takes effect once, and in order."""

from dataclasses import replace
from uuid import uuid4

from sqlalchemy import func, select

from chassis.database import Database
from chassis.hearing import Hearer, Verdict
from services.evaluation.domain.assessment import Assessment, Status
from services.evaluation.domain.facts import Product
from services.evaluation.domain.levels import assessment_id
from services.evaluation.hearing import reactions
from services.evaluation.storage import SqlAssessments
from services.evaluation.storage.tables import AssessmentRow
from tests.builders.evaluation import (
    NEW,
    a_product,
    a_verified_event,
    a_withdrawn_event,
)


def the_assessment(database: Database, product: Product, level: str = "district") -> Assessment:
    with database.reading() as session:
        return SqlAssessments(session).read(assessment_id(product.dossier_id, level))


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(AssessmentRow)) or 0


def test_a_verified_dossier_comes_before_its_first_council(sqlite: Database) -> None:
    old, new = a_product(), a_product(NEW)

    heard = Hearer(sqlite, reactions).hear([a_verified_event(old), a_verified_event(new, NEW)])

    assert [item.verdict for item in heard] == [Verdict.HEARD, Verdict.HEARD]
    assert the_assessment(sqlite, old).product == old
    assert the_assessment(sqlite, new, "province").pack_id == NEW


def test_the_same_event_twice_opens_one_assessment(database: Database) -> None:
    event = a_verified_event(a_product())

    first = Hearer(database, reactions).hear([event, event])
    again = Hearer(database, reactions).hear([event])

    assert [item.verdict for item in (*first, *again)] == [
        Verdict.HEARD,
        Verdict.DUPLICATE,
        Verdict.DUPLICATE,
    ]
    assert count(database) == 1


def test_the_same_news_under_another_event_id_opens_no_second_assessment(
    sqlite: Database,
) -> None:
    event = a_verified_event(a_product())

    again = replace(event, id=uuid4(), sequence=2)
    heard = Hearer(sqlite, reactions).hear([event, again])

    assert {item.verdict for item in heard} == {Verdict.HEARD}
    assert count(sqlite) == 1


def test_a_withdrawn_dossiers_assessment_ends(database: Database) -> None:
    product = a_product()

    Hearer(database, reactions).hear([a_verified_event(product), a_withdrawn_event(product)])

    assert the_assessment(database, product).status is Status.WITHDRAWN


def test_a_withdrawal_that_overtakes_the_verification_waits_for_it(sqlite: Database) -> None:
    product = a_product()
    hearer = Hearer(sqlite, reactions)

    early = hearer.hear([a_withdrawn_event(product)])
    hearer.hear([a_verified_event(product)])

    assert early[0].verdict is Verdict.PARKED
    assert the_assessment(sqlite, product).status is Status.WITHDRAWN


def test_a_dossier_withdrawn_before_verification_leaves_no_trace(sqlite: Database) -> None:
    event = a_withdrawn_event(a_product(), sequence=1)

    heard = Hearer(sqlite, reactions).hear([event])

    assert heard[0].verdict is Verdict.HEARD
    assert count(sqlite) == 0


def test_a_dossier_under_an_unknown_pack_is_dead_with_its_reason(sqlite: Database) -> None:
    heard = Hearer(sqlite, reactions).hear([a_verified_event(a_product(), "QD7-1999")])

    assert heard[0].verdict is Verdict.DEAD
    assert heard[0].reason.startswith("unknown-pack")
    assert count(sqlite) == 0
