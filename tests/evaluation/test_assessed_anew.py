"""A dossier comes before the province's council again, by an order; what was concluded before stays as it is."""

import json
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from chassis.database import Database
from chassis.hearing import Hearer, Verdict
from chassis.migrating import downgrade, migrate
from chassis.outbox import outbox
from contracts import certification
from contracts.envelope import Event
from regulation.packs import pack
from services.evaluation import queries
from services.evaluation.domain.assessment import Assessment, Status
from services.evaluation.domain.levels import assessment_anew, assessment_id
from services.evaluation.domain.refusals import NotConcluded
from services.evaluation.hearing import reactions
from services.evaluation.storage import SqlAssessments
from services.evaluation.storage.tables import AssessmentRow, MinutesRow, SheetRow
from tests.builders.evaluation import (
    CONCLUDED,
    NEW,
    PROVINCE,
    Desk,
    a_member,
    a_product,
    a_secretary,
    a_verified_event,
    a_withdrawn_event,
    an_assessment,
    best,
)

ORDERED = date(2024, 7, 2)
CRITERIA = pack(NEW).criteria_set("QD26-01")


def an_order_event(after: Assessment, *, on: date = CONCLUDED, **changes: Any) -> Event:
    """What certification says when an authority has a product assessed anew."""
    place = after.product.place
    data = certification.NewAssessmentOrdered().dump(
        {
            "dossier_id": after.product.dossier_id,
            "province": place.province,
            "district": place.district,
            "commune": place.commune,
            "level": after.level,
            "after_assessment_id": after.id,
            "decision_number": "95/QĐ-UBND (mẫu)",
            "ordered_on": on,
        }
    )
    given = {
        "type": "NewAssessmentOrdered",
        "source": f"/vn/{PROVINCE}/certification",
        "sequence": 1,
        "body": json.dumps(data, ensure_ascii=False),
    }
    return replace(a_withdrawn_event(after.product, NEW), **given | changes, _data={})


def of_dossier(database: Database, dossier_id: UUID) -> list[Assessment]:
    with database.reading() as session:
        found = SqlAssessments(session).of_dossier(dossier_id)
    return sorted(found, key=lambda each: each.turn)


def kept(database: Database, assessment_id: UUID) -> Any:
    """Sheets, minutes and conclusion of an assessment."""
    with database.reading() as session:
        sheets = select(SheetRow.member, SheetRow.round, SheetRow.choices, SheetRow.submitted_at)
        return (
            session.execute(sheets.where(SheetRow.assessment_id == assessment_id)).all(),
            session.execute(
                select(MinutesRow.text, MinutesRow.sha256).where(
                    MinutesRow.assessment_id == assessment_id
                )
            ).all(),
            session.execute(
                select(AssessmentRow.conclusion, AssessmentRow.status).where(
                    AssessmentRow.id == assessment_id
                )
            ).all(),
        )


def concluded(desk: Desk, database: Database) -> Assessment:
    """A candidate of five stars, after its first council."""
    product = a_product(NEW)
    Hearer(database, reactions).hear([a_verified_event(product, NEW)])
    _, round_ = desk.set_up(3, area=PROVINCE)
    goes_through(desk, product.dossier_id, round_, turn=1, on="2024-05-28")
    return of_dossier(database, product.dossier_id)[0]


def goes_through(
    desk: Desk, dossier_id: UUID, round_: UUID, *, turn: int, on: str, **ticks: int
) -> Any:
    """The turn's assessment, through all acts of a council."""
    found = desk.done("GET", f"/assessments/of-dossier/{dossier_id}", a_secretary(PROVINCE))
    (mine,) = [each for each in found if each["turn"] == turn]
    path = f"/assessments/{mine['id']}"
    desk.admit(path, round_, area=PROVINCE, on=on)
    for number in (1, 2, 3):
        desk.score(path, number, best(CRITERIA, **ticks), area=PROVINCE)
    return desk.done("POST", f"{path}/conclude", a_secretary(PROVINCE), {"on": on})


def test_an_order_opens_a_further_assessment_at_the_same_council(
    desk: Desk, sqlite: Database
) -> None:
    before = concluded(desk, sqlite)

    (heard,) = Hearer(sqlite, reactions).hear([an_order_event(before, on=ORDERED)])

    first, second = of_dossier(sqlite, before.product.dossier_id)
    assert heard.verdict is Verdict.HEARD, heard
    assert (second.turn, second.level, second.status) == (2, "province", Status.WAITING)
    assert (second.opened_on, second.product) == (ORDERED, before.product)
    assert second.id == assessment_id(before.product.dossier_id, "province", 2) != first.id
    assert first == before


def test_the_second_council_concludes_and_what_the_first_found_stays(
    desk: Desk, sqlite: Database
) -> None:
    before = concluded(desk, sqlite)
    was = kept(sqlite, before.id)
    Hearer(sqlite, reactions).hear([an_order_event(before, on=ORDERED)])
    _, round_ = desk.set_up(3, area=PROVINCE)

    answer = goes_through(desk, before.product.dossier_id, round_, turn=2, on="2024-07-10", c1_3=1)

    assert (answer["turn"], answer["star"]) == (2, 4)
    assert kept(sqlite, before.id) == was
    minutes = desk.done("GET", f"/assessments/{answer['id']}/minutes", a_secretary(PROVINCE))
    assert minutes["document"]["turn"] == 2
    with sqlite.reading() as session:
        scored = select(outbox).where(outbox.c.type == "ScoredAtProvince")
        said = session.execute(scored.order_by(outbox.c.position)).all()
        again = list(queries.recomputed(session))
    assert [
        each in str(row) for row, each in zip(said, (str(before.id), answer["id"]), strict=True)
    ] == [True, True]
    assert {each.id for each, _ in again} == {before.id, UUID(answer["id"])}
    assert all(each.conclusion and new == each.conclusion.result for each, new in again)


def test_an_order_heard_again_under_any_id_opens_nothing_more(
    desk: Desk, sqlite: Database
) -> None:
    before = concluded(desk, sqlite)
    order = an_order_event(before)
    twin = an_order_event(before, sequence=2)

    verdicts = [
        each.verdict
        for group in ([order, order], [order], [twin])
        for each in Hearer(sqlite, reactions).hear(group)
    ]

    assert verdicts == [Verdict.HEARD, Verdict.DUPLICATE, Verdict.DUPLICATE, Verdict.HEARD]
    assert len(of_dossier(sqlite, before.product.dossier_id)) == 2


def test_an_order_that_comes_before_its_predecessors_waits_for_them(
    desk: Desk, sqlite: Database
) -> None:
    before = concluded(desk, sqlite)
    order = an_order_event(before, sequence=2)
    earlier = an_order_event(before, id=uuid4(), type="ReferredNational")

    (parked,) = Hearer(sqlite, reactions).hear([order])
    opened = len(of_dossier(sqlite, before.product.dossier_id))
    Hearer(sqlite, reactions).hear([earlier])

    assert (parked.verdict, opened) == (Verdict.PARKED, 1)
    assert len(of_dossier(sqlite, before.product.dossier_id)) == 2


@pytest.mark.parametrize("withdrawn_first", [True, False])
def test_a_dossier_withdrawn_meanwhile_is_not_assessed_whatever_is_heard_first(
    desk: Desk, sqlite: Database, withdrawn_first: bool
) -> None:
    before = concluded(desk, sqlite)
    order = an_order_event(before)
    withdrawal = a_withdrawn_event(before.product, NEW)

    news = [withdrawal, order] if withdrawn_first else [order, withdrawal]
    heard = [Hearer(sqlite, reactions).hear([event])[0].verdict for event in news]

    first, *more = of_dossier(sqlite, before.product.dossier_id)
    assert heard == [Verdict.HEARD, Verdict.HEARD]
    assert first.status is Status.CONCLUDED
    assert [each.status for each in more] == ([] if withdrawn_first else [Status.WITHDRAWN])


def test_what_is_not_concluded_is_not_assessed_anew() -> None:
    with pytest.raises(NotConcluded):
        assessment_anew(an_assessment(NEW), on=ORDERED)


def test_an_order_after_an_unknown_assessment_is_dead_with_its_reason(sqlite: Database) -> None:
    (heard,) = Hearer(sqlite, reactions).hear([an_order_event(an_assessment(NEW))])

    assert heard.verdict is Verdict.DEAD
    assert heard.reason.startswith("unknown-assessment")


def test_a_member_declares_anew_before_he_sees_the_second_assessment(
    desk: Desk, sqlite: Database
) -> None:
    before = concluded(desk, sqlite)
    Hearer(sqlite, reactions).hear([an_order_event(before)])
    _, second = of_dossier(sqlite, before.product.dossier_id)
    _, round_ = desk.set_up(3, area=PROVINCE)
    path = f"/assessments/{second.id}"
    desk.admit(path, round_, area=PROVINCE, on="2024-07-10")

    answer = desk.ask("PUT", f"{path}/sheet", a_member(1, PROVINCE), {"choices": best(CRITERIA)})

    assert (answer.status_code, answer.json["slug"]) == (409, "not-declared")


def test_the_database_keeps_one_assessment_per_dossier_level_and_turn(database: Database) -> None:
    first = an_assessment(NEW)
    with database.transaction() as session:
        SqlAssessments(session).save(first)
    twin = an_assessment(NEW, dossier_id=first.product.dossier_id)
    twin.id = uuid4()

    with pytest.raises(IntegrityError), database.transaction() as session:
        SqlAssessments(session).save(twin)

    twin.version, twin.turn = 0, 2
    with database.transaction() as session:
        SqlAssessments(session).save(twin)
    assert [each.turn for each in of_dossier(database, first.product.dossier_id)] == [1, 2]


def test_assessments_live_through_the_migration_there_and_back(
    desk: Desk, sqlite: Database
) -> None:
    before = concluded(desk, sqlite)
    was = kept(sqlite, before.id)

    downgrade(sqlite, "evaluation", "0001")
    migrate(sqlite)

    assert kept(sqlite, before.id) == was
    assert of_dossier(sqlite, before.product.dossier_id) == [before]


def test_a_second_turn_is_not_thrown_away_by_taking_the_migration_back(
    desk: Desk, sqlite: Database
) -> None:
    before = concluded(desk, sqlite)
    Hearer(sqlite, reactions).hear([an_order_event(before)])

    with pytest.raises(IntegrityError):
        downgrade(sqlite, "evaluation", "0001")

    assert len(of_dossier(sqlite, before.product.dossier_id)) == 2
