from uuid import uuid4

import pytest

from chassis import acts
from chassis.hearing import Hearer
from regulation.acting import Role
from services.reporting.hearing import reactions
from tests.builders.visitor import an_actor, slug
from tests.builders.voices import Voices, Way

OFFICER = an_actor(Role.OCOP_OFFICER, "38")


def a_row(area="395", **stars):
    return {"area": area, "stars": {"3": 5, "4": 2, "5": 0} | {s[1:]: n for s, n in stars.items()}}


def a_plan(*rows, source="Kế hoạch mẫu 2024"):
    return {"source": source, "rows": list(rows) or [a_row()]}


@pytest.fixture
def voices() -> Voices:
    return Voices()


@pytest.fixture
def heard(database, voices):
    """Has everything heard that was said since."""

    def hear():
        Hearer(database, reactions).hear(voices.said)

    return hear


def test_the_province_s_agency_enters_a_year_s_targets_and_everybody_reads_them(visitor):
    entered = visitor.put("/reporting/targets/2024", a_plan(a_row(), a_row("401")), by=OFFICER)

    assert (entered.status_code, entered.headers["ETag"]) == (200, '"1"')
    read = visitor.get("/reporting/targets/2024")
    assert (read.json, read.headers["ETag"]) == (entered.json, '"1"')
    assert read.json["rows"][0] == {
        "area": "395", "level": "district", "stars": {"3": 5, "4": 2, "5": 0}
    }  # fmt: skip


def test_targets_are_replaced_as_a_whole_and_the_act_is_recorded(visitor, database):
    visitor.put("/reporting/targets/2024", a_plan(a_row(), a_row("401")), by=OFFICER)

    again = visitor.put("/reporting/targets/2024", a_plan(a_row("380")), by=OFFICER)

    assert [row["area"] for row in again.json["rows"]] == ["380"]
    with database.reading() as session:
        recorded = acts.of(session, "plan-2024")
    assert [act.act for act in recorded] == ["set-targets"] * 2
    assert '"rows": 2, "source": "Kế hoạch mẫu 2024", "total": 14' in recorded[0].grounds


def test_a_star_that_is_left_out_is_not_planned(visitor):
    given = {"source": "Kế hoạch mẫu", "rows": [{"area": "395", "stars": {"3": 2}}]}

    entered = visitor.put("/reporting/targets/2024", given, by=OFFICER)

    assert entered.json["rows"][0]["stars"] == {"3": 2, "4": 0, "5": 0}


@pytest.mark.parametrize(
    ("given", "refusal", "named"),
    [
        (a_plan(a_row(), a_row()), "duplicate-area", "rows.1.area: "),
        (a_plan(a_row("999")), "unknown-unit", "rows.0.area: "),
        (a_plan(a_row("412")), "area-outside-province", "rows.0.area: "),
        (a_plan(a_row("15583")), "not-a-planning-area", "rows.0.area: "),
        (a_plan(a_row(), a_row("401", s4=-1)), "unprocessable-entity", "rows.1.stars.4: "),
        (a_plan(a_row(s3=2.5)), "unprocessable-entity", "rows.0.stars.3: "),
        (a_plan(a_row(s3=10**20)), "unprocessable-entity", "rows.0.stars.3: "),
        (a_plan(a_row(s2=1)), "unprocessable-entity", "rows.0.stars.2: "),
        (a_plan(a_row("Thọ Xuân")), "unprocessable-entity", "rows.0.area: "),
        ({"source": "x", "rows": []}, "unprocessable-entity", "rows: "),
        (a_plan(source=""), "unprocessable-entity", "source: "),
        (a_plan(source="a\x00"), "unprocessable-entity", "source: "),
        ({"rows": [a_row()]}, "unprocessable-entity", "source: "),
    ],
)
def test_a_plan_with_a_fault_is_refused_with_its_row_and_changes_nothing(
    visitor, given, refusal, named
):
    before = visitor.put("/reporting/targets/2024", a_plan(a_row("380")), by=OFFICER).json

    answer = visitor.put("/reporting/targets/2024", given, by=OFFICER)

    assert slug(answer) == (422, refusal)
    assert answer.json["title"].startswith(named)
    assert visitor.get("/reporting/targets/2024").json == before


@pytest.mark.parametrize("year", [2017, 2101, 99999999999999999999])
def test_a_year_without_the_programme_is_refused(visitor, year):
    put = visitor.put(f"/reporting/targets/{year}", a_plan(), by=OFFICER)

    assert slug(put) == (422, "unfit-year")
    assert slug(visitor.get(f"/reporting/targets/{year}")) == (422, "unfit-year")


def test_a_year_without_targets_is_not_found(visitor):
    assert slug(visitor.get("/reporting/targets/2024")) == (404, "unknown-plan")


def test_targets_entered_on_an_older_version_are_refused(visitor):
    visitor.put("/reporting/targets/2024", a_plan(), by=OFFICER)
    visitor.put("/reporting/targets/2024", a_plan(), by=OFFICER, If_Match='"1"')

    answer = visitor.put("/reporting/targets/2024", a_plan(), by=OFFICER, If_Match='"1"')

    assert slug(answer) == (412, "version-mismatch")


@pytest.mark.parametrize(
    ("by", "refusal"),
    [
        (None, (401, "token-refused")),
        (an_actor(Role.AUTHORITY, "38"), (403, "not-allowed")),
        (an_actor(Role.OCOP_OFFICER, "395"), (403, "not-allowed")),
        (an_actor(Role.OCOP_OFFICER, "40"), (403, "not-allowed")),
    ],
    ids=["nobody", "another role", "a district's agency", "another province"],
)
def test_nobody_else_enters_targets(visitor, by, refusal):
    answer = visitor.put("/reporting/targets/2024", a_plan(), by=by)

    assert slug(answer) == refusal


def test_plan_against_result_is_public_and_re_adds(visitor, voices, heard):
    Way(voices, "A").certified()
    Way(voices, "B").certified("AtProvince", 4)
    Way(voices, "C", district="401", commune="16012").referred()
    heard()
    visitor.put("/reporting/targets/2024", a_plan(a_row(), a_row("380")), by=OFFICER)

    table = visitor.get("/reporting/plan-against-result?year=2024").json

    assert [row["area"] for row in table["rows"]] == ["380", "395", "401"]
    assert table["rows"][1]["result"] == {"3": 1, "4": 1, "5": 0}
    total = table["total"]
    for name in ("target_total", "result_total", "potential"):
        assert total[name] == sum(row[name] for row in table["rows"])
    assert (total["target_total"], total["result_total"], total["potential"]) == (14, 2, 1)
    assert total["target"] == {"3": 10, "4": 4, "5": 0}


def test_the_funnel_is_public(visitor, voices, heard):
    Way(voices).submitted()
    heard()

    funnel = visitor.get("/reporting/funnel?year=2024").json

    assert funnel["dossiers"] == 1
    assert funnel["steps"][0] == {"stage": "submitted", "now": 1, "reached": 1}


def test_the_latest_events_are_public_and_as_many_as_asked(visitor, voices, heard):
    way = Way(voices)
    way.submitted(), way.verified(), way.scored()
    heard()

    latest = visitor.get("/reporting/events?limit=2").json

    assert [event["type"] for event in latest] == ["ScoredAtDistrict", "CommuneVerified"]
    assert latest[0]["time"] == "2024-11-20T02:02:00+00:00"


def test_offices_list_the_dossiers_of_their_area_alone(visitor, voices, heard):
    Way(voices, "A").submitted()
    Way(voices, "B", district="401", commune="16012").certified()
    heard()

    def found(by, query=""):
        return [row["product_name"] for row in visitor.get(f"/reporting/dossiers{query}", by).json]

    assert found(an_actor(Role.COMMUNE_OFFICER, "15583")) == ["A"]
    assert found(an_actor(Role.SECRETARY, "401")) == ["B"]
    assert sorted(found(OFFICER)) == ["A", "B"]
    assert found(OFFICER, "?stage=certified&year=2024") == ["B"]


@pytest.mark.parametrize(
    ("by", "refusal"),
    [(None, (401, "token-refused")), (an_actor(Role.PRODUCER, "x"), (403, "not-allowed"))],
    ids=["nobody", "a producer"],
)
def test_nobody_else_lists_dossiers(visitor, by, refusal):
    assert slug(visitor.get("/reporting/dossiers", by)) == refusal


@pytest.mark.parametrize(
    "path",
    [
        "plan-against-result", "plan-against-result?year=x", "plan-against-result?year=99999",
        "funnel", "funnel?year=2017", "events?limit=0", "events?limit=201",
    ],
)  # fmt: skip
def test_a_question_out_of_range_is_refused(visitor, path):
    assert slug(visitor.get(f"/reporting/{path}")) == (422, "unprocessable-entity")


@pytest.mark.parametrize("query", ["stage=lost", "after=x", "limit=x", "year=3000"])
def test_a_list_that_is_not_known_is_refused(visitor, query):
    answer = visitor.get(f"/reporting/dossiers?{query}", OFFICER)

    assert slug(answer) == (422, "unprocessable-entity")


def test_a_page_after_an_unknown_dossier_is_what_follows_its_id(visitor, voices, heard):
    Way(voices).submitted()
    heard()

    answer = visitor.get(f"/reporting/dossiers?after={uuid4()}", OFFICER)

    assert answer.status_code == 200
