import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm.exc import StaleDataError

from chassis import outbox
from chassis.database import Database
from chassis.migrating import downgrade, migrate, missing
from chassis.rows import AlreadyExists
from services.registration.domain.idea import UnknownIdea
from services.registration.domain.refusals import UnknownDossier, UnknownEvidence
from services.registration.domain.subject import UnknownSubject
from services.registration.queries import listed
from services.registration.storage import (
    Base,
    SqlDossiers,
    SqlEvidence,
    SqlIdeas,
    SqlSerials,
    SqlSubjects,
)
from tests.builders.registration import (
    COMMUNE,
    ELSEWHERE,
    ERAS,
    TODAY,
    a_dossier,
    a_subject,
    a_submitted_dossier,
    a_verified_dossier,
    an_idea,
    evidence,
    findings,
    particulars,
    submit,
    the_agency,
)
from tests.builders.registration import a_complete_dossier as complete
from tests.registration.fakes import FakeDossiers, FakeIdeas, FakeSerials, FakeSubjects


class Memory:
    """The fakes, as if each `opened` were a transaction."""

    def __init__(self) -> None:
        self._stores = (FakeSubjects(), FakeIdeas(), FakeDossiers(), FakeSerials())

    @contextmanager
    def opened(self) -> Iterator[tuple[Any, ...]]:
        yield self._stores


class Sql:
    """The repositories, each `opened` in a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def opened(self) -> Iterator[tuple[Any, ...]]:
        with self._database.transaction() as session:
            yield tuple(kind(session) for kind in (SqlSubjects, SqlIdeas, SqlDossiers, SqlSerials))


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.system)])
def stores(request: pytest.FixtureRequest) -> Memory | Sql:
    """Each way to keep things."""
    if request.param == "memory":
        return Memory()
    if request.param == "sqlite":
        return Sql(request.getfixturevalue("sqlite"))
    return Sql(request.getfixturevalue("emptied_postgres"))


SUBJECT, IDEA, DOSSIER, SERIALS = range(4)
BUILT = {
    "subject": (SUBJECT, a_subject, UnknownSubject),
    "bare subject": (
        SUBJECT,
        lambda: a_subject(last_on=None, phone=None, tax_code=None),
        UnknownSubject,
    ),
    "idea": (IDEA, lambda: an_idea(place=ERAS["QD148-2023"].place), UnknownIdea),
    "draft": (DOSSIER, lambda: a_dossier(idea_id=None), UnknownDossier),
    "filed dossier": (DOSSIER, a_submitted_dossier, UnknownDossier),
    "verified dossier": (DOSSIER, a_verified_dossier, UnknownDossier),
    "old dossier": (DOSSIER, lambda: a_verified_dossier(ERAS["QD148-2023"]), UnknownDossier),
}
each_kind = pytest.mark.parametrize(("at", "build", "unknown"), BUILT.values(), ids=BUILT.keys())


@each_kind
def test_what_was_saved_comes_back_as_it_was(stores, at, build, unknown):
    saved = build()

    with stores.opened() as store:
        store[at].save(saved)
    with stores.opened() as store:
        found = store[at].get(saved.id)

    assert found == saved
    assert found is not saved
    assert found.version == 1


@each_kind
def test_what_was_never_saved_is_unknown(stores, at, build, unknown):
    with stores.opened() as store, pytest.raises(unknown, match="does not exist"):
        store[at].get(uuid4())


@each_kind
def test_an_id_is_given_once(stores, at, build, unknown):
    first = build()
    second = build()
    second.id = first.id
    with stores.opened() as store:
        store[at].save(first)

    with pytest.raises(AlreadyExists), stores.opened() as store:
        store[at].save(second)


def test_who_saw_an_older_version_saves_nothing(stores):
    with stores.opened() as store:
        store[DOSSIER].save(dossier := a_dossier())
    with stores.opened() as store:
        late = store[DOSSIER].get(dossier.id)
    with stores.opened() as store:
        early = store[DOSSIER].get(dossier.id)
        early.samples = 3
        store[DOSSIER].save(early)

    late.samples = 4
    with pytest.raises(StaleDataError), stores.opened() as store:
        store[DOSSIER].save(late)

    with stores.opened() as store:
        assert (store[DOSSIER].get(dossier.id).samples, early.version) == (3, 2)


def test_saving_the_same_again_is_no_new_version(stores):
    with stores.opened() as store:
        store[SUBJECT].save(subject := a_subject())
    with stores.opened() as store:
        again = store[SUBJECT].get(subject.id)
        store[SUBJECT].save(again)

    assert again.version == 1


def test_a_subject_may_be_looked_for(stores):
    with stores.opened() as store:
        store[SUBJECT].save(subject := a_subject())

    with stores.opened() as store:
        assert store[SUBJECT].find(subject.id) == subject
        assert store[SUBJECT].find(uuid4()) is None


def test_a_share_keeps_its_hundredths(stores):
    dossier = a_submitted_dossier()
    dossier.findings = tuple(findings(dossier.pack, share=Decimal("33.30"), words="Đủ"))

    with stores.opened() as store:
        store[DOSSIER].save(dossier)
    with stores.opened() as store:
        found = store[DOSSIER].get(dossier.id).findings

    assert found == dossier.findings
    assert str(found[0].share) == "33.30"


def test_numbers_count_up_for_each_commune_and_year(stores):
    with stores.opened() as store:
        serials = store[SERIALS]
        drawn = [
            serials.next("dossier", area, year)
            for area, year in (
                (COMMUNE, 2026),
                (COMMUNE, 2026),
                (ELSEWHERE, 2026),
                (COMMUNE, 2027),
            )
        ]
    with stores.opened() as store:
        drawn.append(store[SERIALS].next("dossier", COMMUNE, 2026))

    assert drawn == [1, 2, 1, 1, 3]


def test_saving_takes_the_news_along(stores):
    dossier = complete()
    submit(dossier)

    with stores.opened() as store:
        store[DOSSIER].save(dossier)

    assert dossier.news == []


# from here on: what only SQL promises


class GaveUp(Exception):
    """Something went wrong in the middle of a transaction."""


def test_two_officers_never_draw_one_number_not_even_the_first(database):
    def draw(_: int) -> int:
        with database.transaction() as session:
            return SqlSerials(session).next("dossier", COMMUNE, 2026)

    with ThreadPoolExecutor(4) as officers:
        drawn = sorted(officers.map(draw, range(12)))

    assert drawn == list(range(1, 13))


def test_a_number_drawn_in_vain_is_drawn_again(database):
    with contextlib.suppress(GaveUp), database.transaction() as session:
        SqlSerials(session).next("dossier", COMMUNE, 2026)
        raise GaveUp

    with database.transaction() as session:
        assert SqlSerials(session).next("dossier", COMMUNE, 2026) == 1


def test_state_and_news_are_committed_together_or_not_at_all(database):
    kept, lost = complete(), complete()
    submit(kept)
    submit(lost)

    with database.transaction() as session:
        SqlDossiers(session).save(kept)
    with contextlib.suppress(GaveUp), database.transaction() as session:
        SqlDossiers(session).save(replace(lost, registration_number=None, product_code=None))
        raise GaveUp

    with database.reading() as session:
        said = [row.subject for row in session.execute(select(outbox.outbox))]
        assert said == [str(kept.id)]
        with pytest.raises(UnknownDossier):
            SqlDossiers(session).get(lost.id)


def test_selecting_an_idea_is_news_in_the_outbox(database):
    idea = an_idea()
    with database.transaction() as session:
        SqlIdeas(session).save(idea)
    idea.select(by=the_agency(), year=2026, on=date(2026, 7, 1), today=TODAY)

    with database.transaction() as session:
        SqlIdeas(session).save(idea)

    with database.reading() as session:
        row = session.execute(select(outbox.outbox)).one()
        assert (row.type, row.subject, row.sequence) == ("IdeaSelected", str(idea.id), 1)


def test_a_file_uploaded_twice_is_one_file(database):
    for _ in range(2):
        with database.transaction() as session:
            SqlEvidence(session).add(evidence("a"))

    with database.reading() as session:
        assert SqlEvidence(session).get(["a" * 64] * 2) == {"a" * 64: evidence("a")}
        with pytest.raises(UnknownEvidence, match="b" * 64):
            SqlEvidence(session).get(["a" * 64, "b" * 64])


def test_dossiers_are_listed_by_area_and_stage_page_by_page(database):
    old = a_dossier(ERAS["QD148-2023"])
    here = [a_dossier() for _ in range(3)]
    elsewhere = a_dossier(place=replace(here[0].place, province="40", commune="16681"))
    with database.transaction() as session:
        for dossier in (old, *here, elsewhere, filed := a_submitted_dossier()):
            SqlDossiers(session).save(dossier)

    def ids(*places: str, **wanted: Any) -> list[Any]:
        given = {"status": None, "limit": 50, "after": None} | wanted
        with database.reading() as session:
            return [each.id for each in listed(session, places=frozenset(places), **given)]

    everything = sorted(each.id for each in (old, *here, filed))
    assert ids("38") == ids(COMMUNE) == everything
    assert ids("380") == [old.id]
    assert ids() == []
    assert ids("38", status="submitted") == [filed.id]
    assert ids("38", limit=2) + ids("38", after=everything[1]) == everything


def test_the_migrations_make_the_tables_that_the_code_knows(database):
    inspector = inspect(database.engine)

    for table in Base.metadata.sorted_tables:
        made = {column["name"]: column["nullable"] for column in inspector.get_columns(table.name)}
        assert made == {column.name: column.nullable for column in table.columns}
        indexes = {index["name"] for index in inspector.get_indexes(table.name)}
        assert indexes >= {index.name for index in table.indexes}


def test_the_migrations_can_be_undone_and_done_again(tmp_path):
    database = Database("registration", f"sqlite:///{tmp_path}/registration.sqlite")
    migrate(database)
    with database.transaction() as session:
        SqlSubjects(session).save(subject := a_subject())

    downgrade(database, "registration", "0001")
    migrate(database)

    assert missing(database) == []
    with database.reading() as session:
        known = SqlSubjects(session).get(subject.id)
        assert (known.particulars, known.last_on) == (particulars(), None)
    downgrade(database, "registration", "base")
    database.engine.dispose()
