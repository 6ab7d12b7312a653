from collections import Counter
from datetime import date, datetime, time

import pytest
from sqlalchemy import select, text

from chassis.clock import VIET_NAM
from chassis.hearing import Hearer
from services.reporting import queries, storage
from services.reporting.domain import STARS, Plan, Stage, Target
from services.reporting.hearing import reactions
from services.reporting.storage import dossiers
from tests.builders.voices import Voices, Way

NOW = {"district": None, "commune": "14797", "year": 2026, "pack": "QD26-2026"}


@pytest.fixture
def voices() -> Voices:
    return Voices()


@pytest.fixture
def heard(database, voices):
    """Has everything heard that was said since."""

    def hear():
        Hearer(database, reactions).hear(voices.said)

    return hear


def ask(database, query, *given, **more):
    with database.reading() as session:
        return query(session, *given, **more)


def set_plan(database, *targets, year=2024):
    plan = Plan(year=year, source="Kế hoạch mẫu", targets=targets)
    with database.transaction() as session:
        return storage.set_plan(session, plan)


def a_target(area="395", level="district", three=0, four=0, five=0):
    return Target(area=area, level=level, stars={3: three, 4: four, 5: five})


def certify(voices, count, star=3, **place):
    for number in range(count):
        Way(voices, f"{place} {star} {number}", **place).certified(star=star)


def test_the_funnel_counts_where_dossiers_are_and_where_they_have_been(database, voices, heard):
    ways = [Way(voices, f"Sản phẩm mẫu {number}") for number in range(4)]
    for way in ways:
        way.selected()
        way.submitted()
    ways[0].returned()
    ways[1].verified()
    ways[2].verified(), ways[2].closed()
    ways[3].verified(), ways[3].scored(), ways[3].certified()
    heard()

    funnel = ask(database, queries.funnel, 2024)

    assert (funnel.ideas, funnel.dossiers) == (4, 4)
    now = {step.stage: step.now for step in funnel.steps if step.now}
    reached = {step.stage: step.reached for step in funnel.steps if step.reached}
    assert now == {Stage.RETURNED: 1, Stage.VERIFIED: 1, Stage.CLOSED: 1, Stage.CERTIFIED: 1}
    assert reached == {Stage.SUBMITTED: 4, Stage.VERIFIED: 3, Stage.RETURNED: 1,
                       Stage.SCORED: 2, Stage.CLOSED: 1, Stage.CERTIFIED: 1}  # fmt: skip


def test_the_funnel_s_steps_are_the_stages_and_add_up_to_the_dossiers(database, voices, heard):
    certify(voices, 3)
    Way(voices, "Chè mẫu").submitted()
    heard()

    funnel = ask(database, queries.funnel, 2024)

    assert [step.stage for step in funnel.steps] == list(Stage)
    assert sum(step.now for step in funnel.steps) == funnel.dossiers == 4


def test_the_funnel_of_a_year_without_dossiers_is_empty(database):
    funnel = ask(database, queries.funnel, 2019)

    assert (funnel.ideas, funnel.dossiers) == (0, 0)
    assert {(step.now, step.reached) for step in funnel.steps} == {(0, 0)}


def test_plan_stands_against_result_per_district_and_star(database, voices, heard):
    certify(voices, 2, district="395", commune="15583")
    certify(voices, 1, star=4, district="395", commune="15499")
    certify(voices, 1, district="401", commune="16012")
    heard()
    set_plan(database, a_target("395", three=5, four=2), a_target("380", three=3, five=1))

    table = ask(database, queries.plan_against_result, 2024)

    assert [(row.area, row.level) for row in table.rows] == [
        ("380", "district"), ("395", "district"), ("401", "district")
    ]  # fmt: skip
    hoa, xuan, son = table.rows
    assert (hoa.target, hoa.result_total) == ({3: 3, 4: 0, 5: 1}, 0)
    assert (xuan.target_total, xuan.result) == (7, {3: 2, 4: 1})
    assert (son.target, son.result) == ({}, {3: 1})
    assert table.source == "Kế hoạch mẫu"


def test_after_districts_the_table_is_by_commune(database, voices, heard):
    certify(voices, 2, **NOW)
    heard()
    set_plan(database, a_target("14797", "commune", three=1), year=2026)

    [row] = ask(database, queries.plan_against_result, 2026).rows

    assert (row.area, row.level, row.target_total, row.result_total) == ("14797", "commune", 1, 2)


def test_in_the_year_of_the_change_districts_stand_before_communes(database, voices, heard):
    certify(voices, 1, year=2025, district="395", commune="15583")
    certify(voices, 1, **NOW | {"year": 2025})
    heard()

    table = ask(database, queries.plan_against_result, 2025)

    assert [row.level for row in table.rows] == ["district", "commune"]


def test_the_total_re_adds_from_the_rows_and_from_the_dossiers(database, voices, heard):
    for number, star in enumerate((3, 3, 3, 4, 4, 5)):
        certify(voices, number + 1, star=star, district=str(380 + number % 3))
    heard()
    set_plan(database, *(a_target(str(380 + n), three=n, four=2 * n, five=1) for n in range(4)))

    table = ask(database, queries.plan_against_result, 2024)

    with database.reading() as session:
        counted = Counter(session.scalars(select(dossiers.c.star)))
    assert table.total.result == {star: counted[star] for star in STARS}
    for column in ("target", "result"):
        sums = {
            star: sum(getattr(row, column).get(star, 0) for row in table.rows) for star in STARS
        }
        assert getattr(table.total, column) == sums
    assert table.total.result_total == sum(row.result_total for row in table.rows) == 21
    assert table.total.target_total == sum(row.target_total for row in table.rows) == 22


def test_the_table_of_thanh_hoa_2024_re_adds_to_its_plan(database):
    printed = [(3, 1, 1), (3, 0, 0), (5, 2, 0), (3, 0, 3)]
    set_plan(database, *(a_target(str(380 + n), three=a, four=b, five=c)
                         for n, (a, b, c) in enumerate(printed)))  # fmt: skip

    table = ask(database, queries.plan_against_result, 2024)

    assert table.total.target == {3: 14, 4: 3, 5: 4}
    assert table.total.result == {3: 0, 4: 0, 5: 0}


@pytest.mark.parametrize(
    ("walk", "potential", "result"),
    [
        (lambda way: [way.referred()], 1, 0),
        (lambda way: [way.certified("AtProvince", 4), way.referred()], 1, 1),
        (lambda way: [way.referred(), way.national_result()], 0, 0),
        (lambda way: [way.referred(), way.national_result(4), way.certified("AtProvince", 4)], 0, 1),
        (lambda way: [way.referred(), way.withdrawn()], 0, 0),
        (lambda way: [way.referred(), way.national_result(), way.certified("National", 5)], 0, 1),
        (lambda way: [way.certified(), way.revoked()], 0, 0),
        (lambda way: [way.certified(), way.expired()], 0, 1),
    ],
    ids=["with the ministry", "certified meanwhile", "result there", "fell short", "withdrawn", "five stars",
         "revoked", "term lived out"],
)  # fmt: skip
def test_a_candidate_is_potential_until_its_result_is_there(
    database, voices, heard, walk, potential, result
):
    walk(Way(voices))
    heard()

    table = ask(database, queries.plan_against_result, 2024)

    assert (table.total.potential, table.total.result_total) == (potential, result)


def test_without_a_plan_nothing_is_planned(database, voices, heard):
    certify(voices, 1)
    heard()

    table = ask(database, queries.plan_against_result, 2024)

    assert (table.source, table.total.target) == (None, {})


def test_the_years_are_those_of_ideas_dossiers_and_plans(database, voices, heard):
    Way(voices, "A", year=2021).selected()
    certify(voices, 2, **NOW)
    heard()
    set_plan(database, a_target(three=1), year=2024)

    assert ask(database, queries.years) == [2026, 2024, 2021]


def test_the_latest_events_come_newest_first_with_the_product_s_name(database, voices, heard):
    way = Way(voices)
    way.selected(), way.submitted(), way.withdrawn()
    heard()

    latest = ask(database, queries.latest_events, 2)

    assert [(event.type, event.name) for event in latest] == [
        ("DossierWithdrawn", "Chè lam mẫu"), ("DossierSubmitted", "Chè lam mẫu")
    ]  # fmt: skip


def test_dossiers_are_found_by_area_year_and_stage_page_by_page(database, voices, heard):
    certify(voices, 3)
    certify(voices, 1, **NOW)
    Way(voices, "Chè mẫu").submitted()
    heard()

    def found(*areas, **wanted):
        asked = {"year": None, "stage": None, "after": None, "limit": 10} | wanted
        return ask(database, queries.dossiers_of, frozenset(areas), **asked)

    assert len(found("38")) == 5
    assert len(found("395")) == 4
    assert len(found("14797")) == 1
    assert len(found("40")) == 0
    assert len(found("38", year=2024, stage=Stage.CERTIFIED)) == 3
    first = found("38", limit=2)
    rest = found("38", after=first[-1].dossier_id)
    assert sorted(row.dossier_id for row in [*first, *rest]) == [
        row.dossier_id for row in found("38")
    ]
    assert found("14797")[0].certified_on == date(2024, 7, 1)


def test_what_waits_is_counted_by_stage_with_the_day_since_when_the_oldest_waits(
    database, voices, heard
):
    ways = [Way(voices, f"Chè mẫu {number}") for number in range(3)]
    for way in ways:
        way.submitted()
    ways[2].verified(), ways[2].scored(), ways[2].certified()
    heard()
    with database.reading() as session:
        first = min(session.scalars(select(dossiers.c.submitted_on)))

    found = ask(database, queries.waiting_in_stages)

    assert found == [
        (Stage.CERTIFIED, 1, None),
        (Stage.SUBMITTED, 2, datetime.combine(first, time(), VIET_NAM)),
    ]


def test_what_is_assessed_anew_waits_since_its_order(database, voices, heard):
    way = Way(voices)
    way.submitted(), way.scored("province", 5, "refer", "national"), way.referred()
    way.national_result(4), way.assessed_anew(on=date(2024, 10, 8))
    heard()

    found = ask(database, queries.waiting_in_stages)

    assert found == [(Stage.SCORED, 1, datetime(2024, 10, 8, tzinfo=VIET_NAM))]


@pytest.mark.system
@pytest.mark.parametrize("stage", storage.SINCE)
def test_the_oldest_of_a_stage_is_read_from_its_index(migrated_postgres, stage):
    statement = queries.oldest_at(stage).compile(
        migrated_postgres.engine, compile_kwargs={"literal_binds": True}
    )

    with migrated_postgres.reading() as session:
        session.execute(text("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off"))
        plan = "\n".join(session.scalars(text(f"EXPLAIN {statement}")))

    assert f"using ix_dossiers_{stage}_since" in plan
    assert "Sort" not in plan
