"""Rows that a group reads and writes at once end as if each event had been heard alone."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from sqlalchemy import Integer, MetaData, String, Uuid, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from chassis import rows
from chassis.database import Database
from chassis.hearing import Hearer
from chassis.reactions import Reactions
from chassis.tables import NAMING
from contracts import registration
from contracts.envelope import Event
from tests.chassis.tally import Poison, an_event, some_events, verdicts
from tests.chassis.test_hearing import SHAKEN, _arrivals, _at_once


class Base(DeclarativeBase):
    """Tables of this test's own."""

    metadata = MetaData(naming_convention=NAMING)


class CaseRow(Base):
    """An aggregate: how many events it has seen, and the last of them."""

    __tablename__ = "tally_cases"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    last: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)
    __mapper_args__ = {"version_id_col": version}


class FactRow(Base):
    """A fact that is kept column by column, whoever comes first."""

    __tablename__ = "tally_facts"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    odd: Mapped[str | None] = mapped_column(String(20))
    even: Mapped[str | None] = mapped_column(String(20))


class Case:
    """The aggregate of a row."""

    def __init__(self, id_: UUID, row: Any) -> None:
        self.id = id_
        self.count, self.last, self.version = (
            (row.count, row.last, row.version) if row else (0, 0, 0)
        )


def count(session: Session, event: Event) -> None:
    """Count the event in its case, and keep what it says."""
    id_ = UUID(event.subject)
    case = Case(id_, rows.read(session, CaseRow, id_))
    if event.data.get("poison"):
        rows.keep(session, FactRow, {"id": id_, "odd": "half-way"})
        raise Poison("it was told to be")
    values = {"count": case.count + 1, "last": event.sequence}
    rows.write(session, CaseRow, case, values)
    side = "odd" if event.sequence % 2 else "even"
    rows.keep(session, FactRow, {"id": id_, side: str(event.sequence)})


def ears(database: Database) -> Hearer:
    """The tiny service with rows that are gathered."""
    made = Reactions("tally", rows=(CaseRow,))
    made.hears(*registration.SAYS)(count)
    return Hearer(database, made)


@pytest.fixture(autouse=True)
def _tables(database: Database) -> None:
    Base.metadata.drop_all(database.engine)
    Base.metadata.create_all(database.engine)


@SHAKEN
@given(groups=_arrivals())
def test_any_order_and_repetition_ends_in_the_same_rows(
    database: Database, groups: list[list[Event]]
) -> None:
    for group in groups:
        ears(database).hear(group)

    for subject in {event.subject for group in groups for event in group}:
        assert _case(database, subject) == (4, 4, 4)
        assert _facts(database, subject) == ("3", "4")


def test_two_workers_with_the_same_groups_at_once_count_each_event_once(
    database: Database, peer: Database
) -> None:
    subjects = [str(uuid4()) for _ in range(6)]
    groups = [[an_event(subject, n) for subject in subjects] for n in range(1, 5)]

    _at_once([(ears(database), groups), (ears(peer), [group[::-1] for group in groups])])

    assert {_case(database, subject) for subject in subjects} == {(4, 4, 4)}


def test_a_refused_event_leaves_no_row_half_written(database: Database) -> None:
    subject, other = str(uuid4()), str(uuid4())
    first, third = an_event(subject, 1), an_event(subject, 3)
    poisoned = an_event(subject, 2, body='{"poison": true}')

    heard = ears(database).hear([first, poisoned, third, an_event(other, 1)])

    assert verdicts(heard) == ["heard", "dead", "parked", "heard"]
    assert _case(database, subject) == (1, 1, 1)
    assert _facts(database, subject) == ("1", None)
    assert _case(database, other) == (1, 1, 1)


def test_a_waiting_event_that_is_refused_leaves_the_rows_of_its_predecessor(
    database: Database,
) -> None:
    subject = str(uuid4())
    poisoned = an_event(subject, 2, body='{"poison": true}')
    ears(database).hear([an_event(subject, 3), poisoned])

    heard = ears(database).hear([an_event(subject, 1)])

    assert verdicts(heard) == ["heard"]
    assert _case(database, subject) == (1, 1, 1)
    assert _facts(database, subject) == ("1", None)


def test_a_row_that_somebody_else_changed_meanwhile_is_not_overwritten(
    database: Database, peer: Database
) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite's writers never overlap")
    subject = str(uuid4())
    ears(database).hear(some_events(subject, 1))
    interfered: list[bool] = []

    def interfere(session: Session, event: Event) -> None:
        count(session, event)
        if not interfered:
            interfered.append(True)
            with peer.transaction() as official:
                case = Case(UUID(subject), rows.read(official, CaseRow, UUID(subject)))
                rows.write(official, CaseRow, case, {"count": 100, "last": case.last})

    slow = Reactions("tally", rows=(CaseRow,))
    slow.hears(*registration.SAYS)(interfere)

    heard = Hearer(database, slow).hear([an_event(subject, 2)])
    again = Hearer(database, slow).hear([heard[0].event])

    assert [*verdicts(heard), *verdicts(again)] == ["retry", "heard"]
    assert _case(database, subject) == (101, 2, 3)


def _case(database: Database, subject: str) -> tuple[int, int, int]:
    with database.reading() as session:
        row = session.get_one(CaseRow, UUID(subject))
        return row.count, row.last, row.version


def _facts(database: Database, subject: str) -> tuple[str | None, str | None]:
    with database.reading() as session:
        row = session.execute(select(FactRow).where(FactRow.id == UUID(subject))).scalar_one()
        return row.odd, row.even
