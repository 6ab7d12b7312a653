"""The record of acts is complete, in order per subject, and shows every change made beside the door."""

import threading
from datetime import timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from chassis import acts
from chassis.database import Database
from tests.chassis.tally import AT


def an_act(**changes: Any) -> acts.Act:
    """An officer's act."""
    values: dict[str, Any] = {
        "subject": "d-1",
        "at": AT,
        "actor": "officer-7",
        "role": "commune-officer",
        "act": "verify",
        "grounds": {"letter": "12/TTr-UBND", "topics": {"local_material": True}},
        "rulepack": "QD26-2026",
    }
    return acts.Act(**values | changes)


def record(database: Database, *wanted: acts.Act) -> None:
    """Each in a transaction of its own."""
    for act in wanted:
        with database.transaction() as session:
            acts.record(session, act)


def test_acts_are_numbered_and_chained_per_subject(database: Database) -> None:
    record(database, an_act(), an_act(subject="d-2"), an_act(act="return"))

    with database.reading() as session:
        first, second = acts.of(session, "d-1")
        assert list(acts.broken(session)) == []
    assert (first.number, second.number) == (1, 2)
    assert (first.previous, second.previous) == (acts.FIRST, first.hash)


def test_a_chain_holds_whatever_zone_the_time_came_in(database: Database) -> None:
    record(database, an_act(at=AT.astimezone(timezone(timedelta(hours=7)))))

    assert _broken(database) == []


@pytest.mark.parametrize(
    "tamper",
    [
        update(acts.acts).where(acts.acts.c.number == 2).values(actor="somebody-else"),
        update(acts.acts).where(acts.acts.c.number == 2).values(grounds="{}"),
        update(acts.acts).where(acts.acts.c.number == 1).values(at=AT + timedelta(seconds=1)),
        delete(acts.acts).where(acts.acts.c.number == 1),
        delete(acts.acts).where(acts.acts.c.number == 2),
    ],
)
def test_what_was_changed_beside_the_door_is_found(database: Database, tamper: Any) -> None:
    record(database, an_act(), an_act(), an_act(), an_act(subject="d-2"))

    with database.transaction() as session:
        session.execute(tamper.where(acts.acts.c.subject == "d-1"))

    assert _broken(database) == ["d-1"]


def test_of_two_acts_at_once_on_one_subject_one_is_refused_or_comes_second(
    database: Database, peer: Database
) -> None:
    refused: list[IntegrityError] = []

    def act_often(on: Database) -> None:
        for _ in range(10):
            try:
                record(on, an_act())
            except IntegrityError as error:
                refused.append(error)

    threads = [threading.Thread(target=act_often, args=[each]) for each in (database, peer)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.reading() as session:
        numbers = [row.number for row in acts.of(session, "d-1")]
    assert numbers == list(range(1, 21 - len(refused)))
    assert _broken(database) == []


def _broken(database: Database) -> list[str]:
    with database.reading() as session:
        return list(acts.broken(session))
