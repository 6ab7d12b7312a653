"""An event waits where its predecessor has not been heard, follows it in the same commit, and is blamed alone."""

from sqlalchemy.orm import Session

from chassis import inbox, outbox
from chassis.database import Database
from contracts.envelope import Event
from tests.chassis.tally import (
    Poison,
    Refuses,
    Row,
    an_event,
    had_effect,
    hearer,
    some_events,
    some_news,
    verdicts,
)


def test_an_event_waits_for_its_predecessor(database: Database) -> None:
    first, second, third = some_events("d-1", 3)
    ears = hearer(database)

    early = ears.hear([third, second])
    waiting = had_effect(database, "d-1")
    ears.hear([first])

    assert verdicts(early) == ["parked", "parked"]
    assert waiting == []
    assert had_effect(database, "d-1") == [1, 2, 3]


def test_a_waiting_event_that_comes_again_with_its_predecessor_keeps_its_place(
    database: Database,
) -> None:
    first, second, third = some_events("d-1", 3)
    ears = hearer(database)
    ears.hear([third, second])

    heard = ears.hear([first, second])

    assert verdicts(heard) == ["heard", "duplicate"]
    assert had_effect(database, "d-1") == [1, 2, 3]


def test_subjects_do_not_wait_for_each_other(database: Database) -> None:
    heard = hearer(database).hear([an_event("late", 2), an_event("prompt", 1)])

    assert verdicts(heard) == ["parked", "heard"]


def test_what_follows_a_refused_event_waits_until_it_was_mended(database: Database) -> None:
    first, second, third = some_events("d-1", 3)
    broken = Refuses(Poison("no such level"), second)

    refused = hearer(database, broken).hear([first, second, third])
    mended = hearer(database).hear([second])

    assert verdicts(refused) == ["heard", "dead", "parked"]
    assert verdicts(mended) == ["heard"]
    assert had_effect(database, "d-1") == [1, 2, 3]


def test_a_waiting_event_that_is_refused_spoils_nothing_before_it(database: Database) -> None:
    first, second, third = some_events("d-1", 3)
    ears = hearer(database, Refuses(Poison("\0 never"), second))
    ears.hear([third, second])

    heard = ears.hear([first])

    assert verdicts(heard) == ["heard"]
    assert had_effect(database, "d-1") == [1]
    assert _faults(database) == ["poison: \ufffd never", None]


def test_a_waiting_event_that_is_refused_and_comes_again_is_not_taken_for_heard(
    database: Database,
) -> None:
    first, second, third = some_events("d-1", 3)
    ears = hearer(database, Refuses(Poison("not yet"), second))
    ears.hear([third, second])

    heard = ears.hear([first, second])

    assert verdicts(heard) == ["heard", "dead"]
    assert hearer(database).release() == 1
    assert had_effect(database, "d-1") == [1, 2, 3]


def test_a_waiting_event_that_was_refused_is_heard_when_its_fault_has_passed(
    database: Database,
) -> None:
    first, second, third = some_events("d-1", 3)
    ears = hearer(database, Refuses(OSError("a passing fault"), second, times=1))
    ears.hear([third, second])
    ears.hear([first])

    released = ears.release()

    assert released == 1
    assert had_effect(database, "d-1") == [1, 2, 3]
    assert _waiting(database) == 0


def test_what_was_said_for_a_refused_event_is_taken_back(database: Database) -> None:
    first, second = some_events("d-1", 2)

    def answer_and_fail(session: Session, event: Event) -> None:
        outbox.say(session, [some_news(f"answer-{event.sequence}")])
        if event is not first:
            raise Poison("too late")

    ears = hearer(database, answer_and_fail)
    ears.hear([second])

    ears.hear([first])

    assert _said(database) == ["answer-1"]


def test_a_fault_of_the_event_itself_is_not_blamed_on_the_one_that_waits(
    database: Database,
) -> None:
    first, second = some_events("d-1", 2)
    hearer(database).hear([second])

    def leave_unflushed(session: Session, event: Event) -> None:
        if event.sequence == 1:
            session.add(Row(event_id=event.id, subject=event.subject, sequence=None))

    heard = hearer(database, leave_unflushed).hear([first])

    assert verdicts(heard) == ["retry"]
    assert heard[0].reason.startswith("IntegrityError")
    assert _faults(database) == [None]


def test_two_events_with_one_number_both_have_their_effect(database: Database) -> None:
    first, one, other = an_event(sequence=1), an_event(sequence=2), an_event(sequence=2)
    ears = hearer(database)
    ears.hear([one, other])

    ears.hear([first])
    ears.release()

    assert had_effect(database, "d-1") == [1, 2, 2]
    assert _waiting(database) == 0


def _waiting(database: Database) -> int:
    with database.reading() as session:
        return inbox.waiting(session)[0]


def _faults(database: Database) -> list[str | None]:
    with database.reading() as session:
        parked = session.execute(inbox.parked.select().order_by(inbox.parked.c.sequence))
        return [row.fault for row in parked]


def _said(database: Database) -> list[str]:
    with database.reading() as session:
        return [event.subject for _, event in outbox.unsent(session, source="x", limit=99)]
