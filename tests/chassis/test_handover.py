"""Without a broker, events go straight to the inboxes of those who listen, with the same guarantees."""

import pytest

from chassis import dead_letters
from chassis.database import Database
from chassis.handover import Handover
from chassis.hearing import Hearer
from chassis.reactions import Reactions
from chassis.relay import Relay, Trouble
from contracts import certification
from tests.chassis.tally import (
    SOURCE,
    Poison,
    Refuses,
    an_event,
    had_effect,
    hearer,
    say,
    some_events,
    some_news,
)


def test_every_listener_hears_and_nobody_else(database: Database, other: Database) -> None:
    deaf = Reactions("other")
    deaf.hears(certification.ReferredNational)(lambda _session, _event: None)
    handover = Handover(
        [(hearer(database), database), (Hearer(other, deaf), other)], retry_limit=3
    )

    safe = handover.carry(some_events("d-1", 2))

    assert safe == {0, 1}
    assert had_effect(database, "d-1") == [1, 2]
    assert _inbox(other) == 0


def test_an_event_is_safe_when_all_listeners_are_done_with_it(
    database: Database, other: Database
) -> None:
    first, second = some_events("d-1", 2)
    hesitant = Refuses(OSError("a passing fault"), second, times=2)  # in its group, then alone
    handover = Handover(
        [(hearer(database), database), (hearer(other, hesitant), other)], retry_limit=3
    )

    safe = handover.carry([first, second])
    again = handover.carry([second])

    assert (safe, again) == ({0}, {0})
    assert had_effect(database, "d-1") == [1, 2]
    assert had_effect(other, "d-1") == [1, 2]


def test_what_can_never_be_heard_is_buried_once_with_its_reason(database: Database) -> None:
    event = an_event()
    handover = Handover(
        [(hearer(database, Refuses(Poison("no such level"), event)), database)], retry_limit=3
    )

    safe = handover.carry([event])
    after_a_kill = handover.carry([event])

    assert (safe, after_a_kill) == ({0}, {0})
    assert _reasons(database) == ["poison: no such level"]


def test_what_keeps_failing_is_buried_after_the_last_attempt(database: Database) -> None:
    event = an_event()
    handover = Handover(
        [(hearer(database, Refuses(OSError("the disk"), event)), database)], retry_limit=3
    )

    safe = [handover.carry([event]) for _ in range(3)]

    assert safe == [set(), set(), {0}]
    assert _reasons(database) == ["OSError: the disk"]


def test_a_listener_whose_database_is_away_keeps_the_event_unsent(
    database: Database, other: Database
) -> None:
    say(database, some_news("d-1"))
    away = Database("tally", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    both = Handover([(hearer(other), other), (hearer(away), away)], retry_limit=3)
    back = Handover([(hearer(other), other)], retry_limit=3)

    with pytest.raises(Trouble):
        Relay(database, both, source=SOURCE, batch=9, poll=1).empty_once()
    sent = Relay(database, back, source=SOURCE, batch=9, poll=1).empty_once()

    assert sent == 1
    assert had_effect(other, "d-1") == [1]


def test_a_buried_event_holds_its_successors_back_until_it_was_mended(
    database: Database,
) -> None:
    first, second = some_events("d-1", 2)
    handover = Handover(
        [(hearer(database, Refuses(Poison("not yet"), first)), database)], retry_limit=3
    )
    handover.carry([first, second])
    held_back = had_effect(database, "d-1")

    Handover([(hearer(database), database)], retry_limit=3).carry([first])

    assert held_back == []
    assert had_effect(database, "d-1") == [1, 2]


def _inbox(database: Database) -> int:
    with database.reading() as session:
        from sqlalchemy import func, select

        from chassis.inbox import inbox

        return session.scalar(select(func.count()).select_from(inbox)) or 0


def _reasons(database: Database) -> list[str]:
    with database.reading() as session:
        assert dead_letters.count(session) == len(dead_letters.buried(session))
        return [letter.reason for letter in dead_letters.buried(session)]
