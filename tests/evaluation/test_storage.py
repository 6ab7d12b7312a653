"""What is saved is read back the same; members do not disturb each other; minutes never change."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from chassis import outbox
from chassis.database import Database
from chassis.migrating import downgrade, migrate
from services.evaluation import queries, use_cases
from services.evaluation.domain.assessment import Assessment, Status
from services.evaluation.domain.council import (
    Council,
    Gates,
    Member,
    OnSpread,
    Presiding,
    Seat,
    UnknownCouncil,
)
from services.evaluation.domain.facts import ExtraTest, Knockout, SiteVisit
from services.evaluation.domain.levels import next_assessment
from services.evaluation.domain.minutes import Minutes, digest
from services.evaluation.domain.refusals import NoMinutes, UnknownAssessment
from services.evaluation.domain.round import UnknownRound
from services.evaluation.storage import (
    SqlAssessments,
    SqlCouncils,
    SqlMinutesBook,
    SqlRounds,
    SqlSheets,
)
from services.evaluation.storage.tables import Base
from tests.builders.evaluation import (
    ADMITTED,
    AT,
    CONCLUDED,
    TODAY,
    VERIFIED,
    a_council,
    a_declared,
    a_member,
    a_report,
    a_round,
    a_secretary,
    a_sheet,
    an_assessment,
    declares,
    sheets,
)


def a_much_travelled() -> Assessment:
    """Everything that can happen to an assessment has happened to this one."""
    assessment, council = a_declared(a_council(4, gates=Gates.AGREED))
    declares(assessment, council, "member-4", conflict=True)
    secretary = a_secretary()
    assessment.ask_supplement("Phiếu (mẫu)", by=secretary, on=ADMITTED, today=TODAY)
    assessment.receive_supplement(by=secretary, on=ADMITTED, today=TODAY)
    visit = SiteVisit(on=VERIFIED, finding="Sạch (mẫu)")
    test = ExtraTest(name="Histamin", result="đạt", document="KN-3")
    report = a_report(site_visit=visit, tests=(test,))
    assessment.advise(report, by=secretary, today=TODAY)
    present = ["member-1", "member-2", "member-3"]
    assessment.attend(council, present, by=secretary, on=ADMITTED, today=TODAY)
    assessment.open_if_complete(council, [*sheets(2), a_sheet(3, A=0)])
    again = [a_sheet(1, round=2, A=32), *sheets(3)[1:]]
    assessment.open_if_complete(council, again)
    assessment.conclude(
        council,
        again,
        by=secretary,
        agreed={"A": 30},
        knockouts=[Knockout(code="rejected-by-detailed-set", evidence="BB 3")],
        on=CONCLUDED,
        today=TODAY,
    )
    return assessment


def a_referred() -> Assessment:
    """At the province, with what the district found."""
    assessment, council = a_declared()
    scored = [a_sheet(1), a_sheet(2), a_sheet(3, A=32)]
    assessment.open_if_complete(council, scored)
    assessment.conclude(
        council, scored, by=a_secretary(), agreed={}, knockouts=[], on=CONCLUDED, today=TODAY
    )
    above = next_assessment(assessment)
    assert above is not None
    return above


@pytest.mark.parametrize(
    "make",
    [an_assessment, lambda: a_declared()[0], a_much_travelled, a_referred],
    ids=["waiting", "declared", "much travelled", "referred"],
)
def test_an_assessment_is_read_back_as_it_was_saved(
    database: Database, make: Callable[[], Assessment]
) -> None:
    assessment = make()
    assessment.news.clear()

    with database.transaction() as session:
        SqlAssessments(session).save(assessment)

    with database.reading() as session:
        assert SqlAssessments(session).read(assessment.id) == assessment


def test_a_council_and_its_round_are_read_back_as_they_were_saved(database: Database) -> None:
    subject = UUID(int=7)
    more = [
        Member(id="stand-in", role=Seat.MEMBER, agency="Sở (mẫu)", substitute_for="member-2"),
        Member(id="owner", role=Seat.VICE_CHAIR, interests=frozenset({subject})),
    ]
    council = a_council(
        3,
        more=more,
        presiding=Presiding.ALWAYS,
        on_spread=OnSpread.NOTE,
        max_rescores=2,
        requires=frozenset(),
    )
    round_ = a_round(council)

    with database.transaction() as session:
        SqlCouncils(session).save(council)
        SqlRounds(session).save(round_)

    with database.reading() as session:
        assert SqlCouncils(session).get(council.id) == council
        assert SqlRounds(session).get(round_.id) == round_


def test_sheets_are_read_back_by_member_and_round(database: Database) -> None:
    first = a_sheet(1)
    second = replace(a_sheet(1, round=2, submitted=False), assessment_id=first.assessment_id)
    other = replace(a_sheet(2), assessment_id=first.assessment_id)

    with database.transaction() as session:
        for sheet in (second, other, first):
            SqlSheets(session).save(sheet)

    with database.reading() as session:
        kept = SqlSheets(session)
        assert kept.of_member(first.assessment_id, "member-1", 2) == second
        assert kept.of_round(first.assessment_id, 1) == [first, other]
        assert kept.of_assessment(first.assessment_id) == [first, other, second]
        assert kept.of_member(first.assessment_id, "member-2", 2) is None


def test_what_was_never_saved_is_unknown(sqlite: Database) -> None:
    with sqlite.reading() as session:
        for ask, refusal in (
            (SqlAssessments(session).get, UnknownAssessment),
            (SqlCouncils(session).get, UnknownCouncil),
            (SqlRounds(session).get, UnknownRound),
            (SqlMinutesBook(session).get, NoMinutes),
        ):
            with pytest.raises(refusal):
                ask(UUID(int=1))


def test_news_and_state_are_saved_together(database: Database) -> None:
    assessment = a_much_travelled()

    with database.transaction() as session:
        SqlAssessments(session).save(assessment)

    with database.reading() as session:
        unsent = outbox.unsent(session, source="/vn/38/evaluation", limit=9)
        event = next(event for _, event in unsent if event.type == "ScoredAtDistrict")
    assert (event.type, event.sequence) == ("ScoredAtDistrict", 1)
    assert event.data["assessment_id"] == str(assessment.id)
    assert assessment.news == []


def test_an_assessment_saved_unchanged_keeps_its_version(database: Database) -> None:
    assessment, _ = a_declared()
    with database.transaction() as session:
        SqlAssessments(session).save(assessment)

    with database.transaction() as session:
        kept = SqlAssessments(session).get(assessment.id)
        SqlAssessments(session).save(kept)

    assert kept.version == assessment.version == 1


def test_who_acts_on_an_old_version_is_refused(sqlite: Database) -> None:
    assessment = an_assessment()
    with sqlite.transaction() as session:
        SqlAssessments(session).save(assessment)
    with sqlite.transaction() as session:
        newer = SqlAssessments(session).get(assessment.id)
        newer.withdraw()
        SqlAssessments(session).save(newer)

    with pytest.raises(StaleDataError), sqlite.transaction() as session:
        SqlAssessments(session).save(assessment)


def prepared(database: Database, count: int, **regulation: int) -> tuple[Assessment, Council]:
    """Everybody has declared and saved a draft, nobody has submitted."""
    assessment, council = a_declared(a_council(count, **regulation))
    round_ = a_round(council, id=assessment.round_id)
    with database.transaction() as session:
        SqlCouncils(session).save(council)
        SqlRounds(session).save(round_)
        SqlAssessments(session).save(assessment)
        for number in range(1, count + 1):
            draft = a_sheet(number, submitted=False)
            SqlSheets(session).save(replace(draft, assessment_id=assessment.id))
    return assessment, council


def submits(session: Session, assessment_id: UUID, number: int) -> None:
    use_cases.submit_sheet(
        SqlCouncils(session),
        SqlAssessments(session),
        SqlSheets(session),
        assessment_id=assessment_id,
        by=a_member(number),
        at=AT,
    )


def test_members_who_submit_at_once_open_the_sheets_once(database: Database) -> None:
    count = 6
    assessment, _ = prepared(database, count)
    start = Barrier(count)

    def one(number: int) -> None:
        start.wait()
        with database.transaction() as session:
            submits(session, assessment.id, number)

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(one, range(1, count + 1)))

    with database.reading() as session:
        kept = SqlAssessments(session).read(assessment.id)
    assert kept.status is Status.OPENED
    assert len(kept.openings) == 1
    assert len(kept.openings[0].members) == count


def test_members_who_save_drafts_at_once_do_not_disturb_each_other(database: Database) -> None:
    count = 6
    assessment, _ = prepared(database, count)
    start = Barrier(count)

    def one(number: int) -> None:
        start.wait()
        for points in range(5):
            with database.transaction() as session:
                use_cases.fill_in(
                    SqlCouncils(session),
                    SqlAssessments(session),
                    SqlSheets(session),
                    assessment_id=assessment.id,
                    by=a_member(number),
                    choices={"A": points, "B": number},
                    criteria_set=None,
                )

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(one, range(1, count + 1)))

    with database.reading() as session:
        kept = SqlSheets(session).of_assessment(assessment.id)
    assert [sheet.choices for sheet in kept] == [
        {"A": 4, "B": number} for number in range(1, count + 1)
    ]


def test_a_withdrawal_waits_for_a_conclusion_and_ends_what_it_opened(
    emptied_postgres: Database,
) -> None:
    database = emptied_postgres
    assessment, _ = prepared(database, 3)
    with database.transaction() as session:
        for number in (1, 2, 3):
            submits(session, assessment.id, number)
    concluding, pool = Barrier(2), ThreadPoolExecutor(1)

    def withdraws() -> None:
        concluding.wait()
        with database.transaction() as session:
            dossier_id = assessment.product.dossier_id
            use_cases.withdraw(SqlAssessments(session), dossier_id=dossier_id)

    waiting = pool.submit(withdraws)
    with database.transaction() as session:
        held, _ = use_cases.conclude(
            SqlCouncils(session),
            SqlRounds(session),
            SqlAssessments(session),
            SqlSheets(session),
            SqlMinutesBook(session),
            assessment_id=assessment.id,
            present=None,
            agreed={},
            knockouts=[],
            by=a_secretary(),
            on=CONCLUDED,
            today=TODAY,
            at=AT,
        )
        session.flush()
        concluding.wait()
        waits_for_a_lock(database)
    waiting.result(timeout=10)

    with database.reading() as session:
        both = SqlAssessments(session).of_dossier(held.product.dossier_id)
    assert {each.level: each.status for each in both} == {
        "district": Status.CONCLUDED,
        "province": Status.WITHDRAWN,
    }


def waits_for_a_lock(database: Database) -> None:
    """Until somebody waits for a row that this transaction holds."""
    blocked = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with database.engine.connect() as connection:
        while not connection.scalar(blocked):
            connection.rollback()


@pytest.mark.parametrize("statement", ["UPDATE minutes SET text = 'x'", "DELETE FROM minutes"])
def test_the_database_itself_refuses_to_change_minutes(database: Database, statement: str) -> None:
    minutes = Minutes(assessment_id=UUID(int=3), text="{}", sha256=digest("{}"))
    with database.transaction() as session:
        SqlMinutesBook(session).add(minutes)

    with pytest.raises(DBAPIError, match="minutes never change"), database.transaction() as work:
        work.execute(text(statement))

    with database.reading() as session:
        assert SqlMinutesBook(session).get(UUID(int=3)) == minutes


def test_every_stored_rating_is_computed_again_without_a_difference(database: Database) -> None:
    with database.transaction() as session:
        SqlAssessments(session).save(a_much_travelled())
        SqlAssessments(session).save(an_assessment())

    with database.reading() as session:
        found = list(queries.recomputed(session))

    assert len(found) == 1
    for assessment, again in found:
        assert assessment.conclusion is not None
        assert again == assessment.conclusion.result


def test_the_migrations_make_the_tables_that_the_code_expects(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differences = compare_metadata(context, Base.metadata)

    ours = {table.name for table in Base.metadata.sorted_tables}
    about_ours = [each for each in differences if isinstance(each, list) or _table(each) in ours]
    assert about_ours == []


def _table(difference: tuple[object, ...]) -> object:
    thing = difference[1]
    return getattr(getattr(thing, "table", thing), "name", None)


def test_the_migration_can_be_taken_back(sqlite: Database) -> None:
    downgrade(sqlite, "evaluation", "base")
    migrate(sqlite)

    with sqlite.reading() as session:
        assert queries.recomputed(session) is not None
        assert session.execute(text("SELECT count(*) FROM minutes")).scalar() == 0
