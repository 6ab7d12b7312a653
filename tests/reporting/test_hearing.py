import json
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from chassis.hearing import Hearer, Verdict
from contracts.catalogue import CONTRACTS
from contracts.envelope import from_structured
from services.reporting.hearing import reactions
from services.reporting.storage import dossiers, events, ideas
from tests.builders.voices import Voices, Way

OF_A_COUNCIL_ALONE = {"MembersCleared", "RepresentativeNamed"}
"""Who may see a dossier, and whom a subject is tied to, are no facts for reports, and not for the public front page."""

TOLD = [type_ for type_ in CONTRACTS if type_ not in OF_A_COUNCIL_ALONE]

EXAMPLES = Path(__file__).parents[2] / "contracts" / "examples"


@pytest.fixture
def way() -> Way:
    return Way(Voices())


def hear(database, *heard):
    return [item.verdict for item in Hearer(database, reactions).hear(heard)]


def rows(database, table):
    with database.reading() as session:
        key = next(iter(table.primary_key))
        return [dict(row._mapping) for row in session.execute(select(table).order_by(key))]


def kept(database):
    """Everything that was heard, as it is kept."""
    return [rows(database, table) for table in (dossiers, ideas, events)]


def stage(database):
    [row] = rows(database, dossiers)
    return row["stage"]


def a_year(voices):
    """Dossiers on every way that there is."""
    for number, walk in enumerate(
        (
            lambda way: (way.returned(), way.submitted(), way.verified()),
            lambda way: (way.withdrawn(),),
            lambda way: (way.verified(), way.closed()),
            lambda way: (way.verified(), way.scored(), way.withdrawn()),
            lambda way: (way.verified(), way.scored(), way.certified(), way.listed()),
            lambda way: (way.verified(), way.scored(), way.certified(), way.listed(),
                         way.revoked(), way.delisted()),
            lambda way: (way.verified(), way.scored(), way.certified(),
                         way.reevaluation_due(), way.expired()),
            lambda way: (way.verified(), way.scored(star=4, act="refer", level="province"),
                         way.scored("province", 5, "refer", "national", "92"), way.referred(),
                         way.national_result(), way.certified("National", 5)),
            lambda way: (way.verified(), way.scored("province", 5, "refer", "national", "92"),
                         way.referred(), way.national_result(4), way.assessed_anew(),
                         way.scored("province", 4, "certify", "province", "81", turn=2),
                         way.certified("AtProvince", 4)),
            lambda way: (way.verified(), way.scored("province", 5, "refer", "national", "92"),
                         way.referred(), way.national_result(2), way.assessed_anew(),
                         way.scored("province", 5, "refer", "national", "91", turn=2),
                         way.referred()),
        )
    ):  # fmt: skip
        way = Way(voices, f"Sản phẩm mẫu {number}")
        way.selected()
        way.submitted()
        walk(way)
    return voices.said


def test_reporting_keeps_everything_that_anybody_says_but_what_is_of_councils_alone():
    assert reactions.types == tuple(TOLD)


@pytest.mark.parametrize("type_", TOLD)
def test_the_example_of_every_type_is_understood(database, type_):
    example = json.loads((EXAMPLES / f"{type_}.json").read_text()) | {"sequence": 1}

    verdicts = hear(database, from_structured(example))

    assert verdicts == [Verdict.HEARD]
    [line] = rows(database, events)
    assert (line["type"], line["commune"]) == (type_, example["data"]["commune"])


@pytest.mark.parametrize("type_", TOLD)
def test_an_event_without_the_fields_that_are_used_is_dead_and_leaves_nothing(sqlite, type_):
    example = json.loads((EXAMPLES / f"{type_}.json").read_text()) | {"sequence": 1}
    del example["data"]["commune"]

    [heard] = Hearer(sqlite, reactions).hear([from_structured(example)])

    assert (heard.verdict, "commune" in heard.reason) == (Verdict.DEAD, True)
    assert kept(sqlite) == [[], [], []]


@pytest.mark.parametrize(
    ("walk", "expected"),
    [
        (lambda way: [way.submitted()], "submitted"),
        (lambda way: [way.submitted(), way.verified()], "verified"),
        (lambda way: [way.submitted(), way.returned()], "returned"),
        (lambda way: [way.submitted(), way.returned(), way.submitted()], "submitted"),
        (lambda way: [way.submitted(), way.withdrawn()], "withdrawn"),
        (lambda way: [way.submitted(), way.verified(), way.scored()], "scored"),
        (lambda way: [way.submitted(), way.verified(), way.closed(star=2)], "closed"),
        (lambda way: [way.submitted(), way.verified(), way.closed(star=0)], "closed"),
        (lambda way: [way.verified(), way.scored(), way.withdrawn()], "withdrawn"),
        (lambda way: [way.scored("province", 5, "refer", "national"), way.referred()], "referred"),
        (lambda way: [way.referred(), way.national_result(star=5)], "scored"),
        (lambda way: [way.referred(), way.national_result(star=4)], "scored"),
        (lambda way: [way.referred(), way.national_result(star=2)], "closed"),
        (
            lambda way: [
                way.referred(),
                way.national_result(2),
                way.scored(),
                way.assessed_anew(),
            ],
            "scored",
        ),
        (
            lambda way: [
                way.referred(),
                way.national_result(4),
                way.assessed_anew(),
                way.closed(1),
            ],
            "closed",
        ),
        (
            lambda way: [
                way.referred(),
                way.national_result(4),
                way.assessed_anew(),
                way.referred(),
            ],
            "referred",
        ),
        (lambda way: [way.scored(), way.certified()], "certified"),
        (lambda way: [way.scored(), way.certified(), way.revoked()], "revoked"),
        (lambda way: [way.scored(), way.certified(), way.expired()], "expired"),
        (lambda way: [way.certified(), way.reevaluation_due()], "certified"),
        (lambda way: [way.certified(), way.expired(), way.certified("National", 5)], "certified"),
        (lambda way: [way.certified(), way.listed(), way.delisted()], "certified"),
    ],
)
def test_a_dossier_s_stage_follows_from_what_happened(database, way, walk, expected):
    hear(database, *walk(way))

    assert stage(database) == expected


def test_a_dossier_s_row_holds_its_facts(database, way):
    hear(database, way.submitted(), way.verified(), way.scored(mean="66.36"), way.certified())

    [row] = rows(database, dossiers)
    assert row["dossier_id"] == way.id
    assert row["certificate_id"] == way.certificate_id()
    assert {name: row[name] for name in ("pack", "year", "district", "mean", "star")} == {
        "pack": "QD148-2023", "year": 2024, "district": "395", "mean": "66.36", "star": 3
    }  # fmt: skip
    days = [row[f"{act}_on"] for act in ("submitted", "verified", "scored", "certified")]
    assert [str(day) for day in days] == ["2024-04-01", "2024-04-15", "2024-06-01", "2024-07-01"]


@pytest.mark.parametrize(
    ("walk", "star", "result"),
    [
        (lambda way: [way.scored()], None, None),
        (lambda way: [way.certified("AtProvince", 4)], 4, 4),
        (lambda way: [way.certified(), way.revoked()], None, None),
        (lambda way: [way.certified(), way.expired()], None, 3),
        (lambda way: [way.certified(), way.certified("National", 5)], 5, 5),
    ],
    ids=["scored only", "certified", "revoked within its term", "lived out its term", "upgraded"],
)
def test_the_star_ends_with_the_certificate_but_its_year_s_result_only_with_a_revocation(
    database, way, walk, star, result
):
    hear(database, *walk(way))

    [row] = rows(database, dossiers)
    assert (row["star"], row["result"]) == (star, result)


def test_a_certificate_revoked_after_its_term_still_counts_for_its_year(database, way):
    hear(database, way.certified(), way.expired(), way.revoked(on="2027-07-20"))

    [row] = rows(database, dossiers)
    assert (row["stage"], row["result"]) == ("revoked", 3)


def test_what_the_ministry_found_counts_no_more_once_it_is_assessed_anew(database, way):
    hear(database, way.scored("province", 5, "refer", "national"), way.referred(),
         way.national_result(4), way.assessed_anew())  # fmt: skip

    [row] = rows(database, dossiers)
    assert str(row["new_assessment_on"]) == "2024-10-08"
    gone = ("referred_on", "national_on", "national_star", "national_mean")
    assert [row[name] for name in gone] == [None] * 4
    assert row["scored_on"] is not None


def test_a_product_that_is_listed_again_is_not_delisted_any_more(database, way):
    hear(database, way.listed(), way.delisted(), way.listed())

    [row] = rows(database, dossiers)
    assert (str(row["listed_on"]), row["delisted_on"]) == ("2024-07-10", None)


def test_an_idea_is_kept_with_its_year(database, way):
    hear(database, way.selected())

    [row] = rows(database, ideas)
    assert (row["title"], row["year"]) == ("Ý tưởng Chè lam mẫu", 2024)
    assert rows(database, dossiers) == []


@pytest.mark.parametrize("seed", range(12))
def test_every_order_that_keeps_each_sayer_s_own_gives_the_same_rows(sqlite, other, seed):
    said = a_year(Voices())
    shuffled = in_another_order(said, Random(seed))  # noqa: S311  an order, no secret

    hear(sqlite, *said)
    for group in (shuffled[:17], shuffled[17:20], shuffled[20:]):
        hear(other, *group)

    assert shuffled != said
    assert kept(other) == kept(sqlite)


def in_another_order(said, random):
    """The same events, so that no two of one subject and sayer change places."""
    lines = {}
    for event in said:
        lines.setdefault((event.source, event.subject), []).append(event)
    turns = [place for place, line in lines.items() for _ in line]
    random.shuffle(turns)
    return [lines[place].pop(0) for place in turns]


def test_events_that_arrive_before_their_predecessors_wait_and_change_nothing(database, way):
    said = [way.submitted(), way.verified(), way.scored(), way.certified()]

    verdicts = hear(database, said[1], said[0], *said[2:])

    assert verdicts == [Verdict.PARKED] + [Verdict.HEARD] * 3
    assert stage(database) == "certified"


def test_duplicates_are_harmless(database):
    said = a_year(Voices())
    hear(database, *said)
    before = kept(database)

    verdicts = hear(database, *said, *reversed(said))

    assert set(verdicts) == {Verdict.DUPLICATE}
    assert kept(database) == before


def test_a_replay_into_an_empty_database_gives_identical_tables(database, other):
    said = a_year(Voices())
    for start in range(0, len(said), 5):
        hear(database, *said[start : start + 5])

    hear(other, *said)

    assert kept(other) == kept(database)
    assert len(kept(other)[2]) == len(said)


def test_the_log_holds_each_event_once_with_its_name_and_star(database, way):
    hear(database, way.selected(), way.submitted(), way.returned(), way.submitted(), way.scored())

    with database.reading() as session:
        lines = session.execute(select(events).order_by(events.c.time)).all()
    assert [(line.type, line.name, line.star) for line in lines] == [
        ("IdeaSelected", "Ý tưởng Chè lam mẫu", None),
        ("DossierSubmitted", "Chè lam mẫu", None),
        ("DossierReturned", None, None),
        ("DossierSubmitted", "Chè lam mẫu", None),
        ("ScoredAtDistrict", "Chè lam mẫu", 3),
    ]
    assert all(before.time < after.time for before, after in pairwise(lines))
