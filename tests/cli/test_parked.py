"""An operator sees which events wait for another, since when, and for which one."""

from pathlib import Path
from uuid import uuid4

import pytest

from chassis.clock import now
from chassis.hearing import Hearer
from chassis.settings import read
from cli.house import House, reactions
from contracts.envelope import Event
from tests.cli.calling import Ocop


@pytest.fixture
def ocop(tmp_path: Path) -> Ocop:
    call = Ocop(tmp_path)
    assert call("migrate").exit_code == 0
    return call


def an_event(sequence: int, subject: str) -> Event:
    return Event(
        id=uuid4(),
        source="/vn/38/promotion",
        type="ProductListed",
        subject=subject,
        time=now(),
        sequence=sequence,
        correlationid=subject,
        body="{}",
    )


def hear(ocop: Ocop, event: Event) -> None:
    house = House(read(ocop.settings), ("reporting",))
    Hearer(house.database("reporting"), reactions("reporting")).hear([event])
    house.close()


def test_a_parked_event_is_shown_with_what_it_waits_for(ocop: Ocop) -> None:
    subject = str(uuid4())
    event = an_event(3, subject)
    hear(ocop, event)

    (found,) = ocop.json("events", "parked")

    assert (found["service"], found["subject"], found["id"]) == (
        "reporting",
        subject,
        str(event.id),
    )
    assert (found["sequence"], found["next"], found["said_by"]) == (3, 1, "promotion")
    assert "no. 1" in ocop("events", "parked").output
    assert ocop.json("events", "parked", "--service", "promotion") == []


def test_where_nothing_waits_that_is_said(ocop: Ocop) -> None:
    assert ocop("events", "parked").output == "No event waits for another.\n"
