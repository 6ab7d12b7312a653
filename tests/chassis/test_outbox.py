"""News are numbered per subject without gaps, kept in the order of their commits, and found until they were sent."""

import threading

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from chassis import outbox
from chassis.clock import now
from chassis.database import Database
from contracts.envelope import Event
from tests.chassis.tally import AT, SOURCE, say, some_news


def test_news_are_numbered_per_subject_in_the_order_in_which_they_were_said(
    database: Database,
) -> None:
    say(database, some_news("a"), some_news("b"), some_news("a"))
    say(database, some_news("a"))

    said = [(event.subject, event.sequence) for event in _unsent(database)]

    assert said == [("a", 1), ("b", 1), ("a", 2), ("a", 3)]


def test_an_event_says_what_was_said(database: Database) -> None:
    say(database, some_news("a", data={"name": "Nem chua"}, rulepack="QD26-2026"))

    (event,) = _unsent(database)

    assert (event.type, event.source, event.time) == ("DossierSubmitted", SOURCE, AT)
    assert (event.data, event.rulepack) == ({"name": "Nem chua"}, "QD26-2026")
    assert event.correlationid == "a"
    assert event.id.version == 7


def test_news_follow_from_their_cause_and_not_from_a_later_one(database: Database) -> None:
    with database.transaction() as session:
        outbox.because_of(session, outbox.Cause(causationid="request-1", correlationid="case-1"))
        outbox.say(session, [some_news("a")])
        outbox.because_of(session, outbox.Cause(causationid="request-2"))
        outbox.say(session, [some_news("b")])

    first, second = _unsent(database)

    assert (first.causationid, first.correlationid) == ("request-1", "case-1")
    assert (second.causationid, second.correlationid) == ("request-2", "b")


def test_a_number_that_was_not_committed_is_given_again(database: Database) -> None:
    say(database, some_news("a"))
    with pytest.raises(ZeroDivisionError):
        _say_and_fail(database)
    say(database, some_news("a"))

    assert [event.sequence for event in _unsent(database)] == [1, 2]


def test_two_transactions_on_one_subject_take_turns(database: Database, peer: Database) -> None:
    def talk(from_: Database, name: str) -> None:
        for _ in range(10):
            say(from_, some_news("shared"), some_news(name), some_news("shared"))

    threads = [threading.Thread(target=talk, args=each) for each in ((database, "a"), (peer, "b"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    said = [event.sequence for event in _unsent(database) if event.subject == "shared"]
    assert said == list(range(1, 41))


def test_subjects_named_in_any_order_do_not_block_each_other(
    database: Database, peer: Database
) -> None:
    def talk(from_: Database, order: str) -> None:
        for _ in range(20):
            say(from_, *(some_news(subject) for subject in order))

    threads = [
        threading.Thread(target=talk, args=each) for each in ((database, "abcd"), (peer, "dcba"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(_unsent(database)) == 160


def test_what_commits_late_is_found_although_its_position_is_low(
    database: Database, peer: Database
) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite's writers never overlap")
    with database.transaction() as slow:
        outbox.say(slow, [some_news("slow")])
        outbox.post(slow)
        say(peer, some_news("quick"))
        before = [event.subject for event in _unsent(peer)]
        _send_all(peer)

    assert before == ["quick"]
    assert [event.subject for event in _unsent(peer)] == ["slow"]


def test_what_was_sent_is_kept_and_not_found_again(database: Database) -> None:
    say(database, some_news("a"), some_news("b"))

    _send_all(database)

    with database.reading() as session:
        kept = session.scalars(select(outbox.outbox.c.subject)).all()
        assert outbox.depth(session) == (0, None)
    assert sorted(kept) == ["a", "b"]
    assert _unsent(database) == []


def test_the_depth_tells_how_many_wait_and_since_when(database: Database) -> None:
    say(database, some_news("a"), some_news("b"))

    with database.reading() as session:
        depth = outbox.depth(session)

    assert depth == (2, AT)


def test_the_news_of_a_savepoint_can_be_taken_back(database: Database) -> None:
    with database.transaction() as session:
        outbox.say(session, [some_news("kept")])
        mark = outbox.mark(session)
        outbox.say(session, [some_news("dropped")])
        outbox.forget(session, mark)

    assert [event.subject for event in _unsent(database)] == ["kept"]


def test_what_waits_is_found_without_reading_what_was_sent(database: Database) -> None:
    """Seen to fail with a join of the two tables: PostgreSQL merged them, and read the outbox from its beginning."""
    if database.engine.dialect.name == "sqlite":
        pytest.skip("only PostgreSQL tells how many rows it has read")
    say(database, *(some_news(f"s-{number}") for number in range(2000)))
    with database.transaction() as session:
        session.execute(text("ANALYZE outbox"))
        positions = [place for place, _ in outbox.unsent(session, source=SOURCE, limit=1999)]
        outbox.mark_sent(session, positions, now())
    rows_read = text(
        "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'outbox'"
    )

    with database.reading() as session:
        before = session.scalar(rows_read) or 0
        found = outbox.unsent(session, source=SOURCE, limit=200)
        depth, _ = outbox.depth(session)
        read = (session.scalar(rows_read) or 0) - before

    assert [event.subject for _, event in found] == ["s-1999"]
    assert (depth, read) == (1, 2)


def test_what_is_to_be_sent_again_waits_anew_and_nothing_else(database: Database) -> None:
    say(database, some_news("a"), some_news("b"), some_news("c"))
    first, second, _ = _unsent(database)
    with database.reading() as session:
        positions = [place for place, _ in outbox.unsent(session, source=SOURCE, limit=2)]
    with database.transaction() as session:
        outbox.mark_sent(session, positions, now())

    with database.transaction() as session:
        outbox.send_again(session, [second.id])
        outbox.send_again(session, [second.id])

    assert [event.subject for event in _unsent(database)] == ["b", "c"]
    with database.reading() as session:
        sent = select(outbox.outbox.c.id).join(
            outbox.sent, outbox.sent.c.position == outbox.outbox.c.position
        )
        assert list(session.scalars(sent)) == [first.id]


def test_what_two_relays_have_sent_is_marked_once(database: Database) -> None:
    say(database, some_news("a"))
    with database.reading() as session:
        positions = [place for place, _ in outbox.unsent(session, source=SOURCE, limit=1)]

    for _ in range(2):
        with database.transaction() as session:
            outbox.mark_sent(session, positions, now())

    assert _unsent(database) == []


def test_news_about_a_subject_with_too_long_a_name_are_refused_with_their_transaction(
    database: Database,
) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite takes a text of any length")

    with pytest.raises(Exception, match="too long") as error:
        say(database, some_news("a"), some_news("s" * 81))

    assert not isinstance(error.value, OperationalError)
    assert _unsent(database) == []


def _unsent(database: Database) -> list[Event]:
    with database.reading() as session:
        return [event for _, event in outbox.unsent(session, source=SOURCE, limit=999)]


def _send_all(database: Database) -> None:
    with database.reading() as session:
        positions = [place for place, _ in outbox.unsent(session, source=SOURCE, limit=999)]
    with database.transaction() as session:
        outbox.mark_sent(session, positions, now())


def _say_and_fail(database: Database) -> None:
    with database.transaction() as session:
        outbox.say(session, [some_news("a")])
        outbox.post(session)
        raise ZeroDivisionError
