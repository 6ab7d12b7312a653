"""The assembly, and waiting until everything has been heard."""

from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import delete

from chassis.clock import now
from chassis.dead_letters import dead_letters
from chassis.inbox import inbox
from chassis.outbox import News, say
from chassis.settings import SERVICES, read
from cli.embedded import Embedded, NotSettled, settle
from cli.house import House, chores, listening
from contracts.catalogue import SAYERS
from services.certification.chores import CHORES


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(read({"OCOP_DATA": str(tmp_path)}))
    made.migrate()
    return made


def speak(house: House, type_: str = "ProductListed") -> str:
    subject = str(uuid4())
    with house.database("promotion").transaction() as session:
        say(session, [News(type=type_, subject=subject, time=now(), data={})])
    return subject


def test_every_service_listens_to_services_that_say_something() -> None:
    heard = {sayer for sayers in listening().values() for sayer in sayers}

    assert set(listening()) == set(SERVICES)
    assert heard == set(SAYERS)


def test_certification_alone_has_chores() -> None:
    assert chores("certification") == tuple(CHORES)
    assert [service for service in SERVICES if chores(service)] == ["certification"]


def test_what_is_said_is_heard_while_the_house_is_up(house: House) -> None:
    with Embedded(house) as running:
        speak(house, "SomethingNobodyKnows")  # dead at once, and so done with

        running.settle(20)


def test_nothing_is_heard_while_no_relay_runs(house: House) -> None:
    speak(house)

    with pytest.raises(NotSettled, match="promotion: 1 unsent"):
        settle(house, 0.2)


def test_what_somebody_has_not_heard_is_not_settled(house: House) -> None:
    with Embedded(house) as running:
        speak(house, "SomethingNobodyKnows")
        running.settle(20)
    with house.database("reporting").transaction() as session:
        session.execute(delete(inbox))
        session.execute(delete(dead_letters))

    with pytest.raises(NotSettled, match="reporting: 1 of promotion not heard"):
        settle(house, 0.2)
