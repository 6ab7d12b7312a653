"""A dead letter keeps why it died and what it carried, dies more than once under one number, and can be given up."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from chassis import dead_letters, inbox, migrating
from chassis.database import Database
from chassis.dead_letters import Changed, Letter, State
from chassis.origin import fingerprint, origin_of
from chassis.papers import as_kept, as_sent
from contracts.envelope import PREFIX, Event, to_structured
from tests.chassis.tally import AT, Poison, Refuses, an_event, had_effect, hearer, some_events


def letters(database: Database) -> list[Any]:
    with database.reading() as session:
        return list(session.execute(dead_letters.dead_letters.select().order_by("number")))


def bury(database: Database, event: Event, reason: str = "poison: no", **more: Any) -> Any:
    with database.transaction() as session:
        dead_letters.bury(session, event, reason, AT, **more)
    return letters(database)[-1]


def decide(database: Database, letter: Any, state: State) -> None:
    with database.transaction() as session:
        dead_letters.decide(session, letter, state, by="operator-1", why="a test", at=AT)


def test_an_event_comes_back_as_it_was_buried(database: Database) -> None:
    event = an_event(rulepack="QD26-2026", traceparent="00-aa-bb-01")

    letter = bury(database, event)

    assert dead_letters.event_of(letter) == event


def test_a_letter_that_dies_again_keeps_its_number_and_counts(database: Database) -> None:
    event = an_event()
    letter = bury(database, event, "poison: no", attempts=1)
    decide(database, letter, State.REDRIVEN)

    again = bury(database, event, "OSError: the disk", attempts=6)

    assert (again.number, again.state) == (letter.number, "waiting")
    assert (again.attempts, again.deaths, again.reason) == (7, 2, "OSError: the disk")


def test_what_was_given_up_stays_so_when_it_comes_again(database: Database) -> None:
    event = an_event()
    decide(database, bury(database, event), State.DISCARDED)

    again = bury(database, event)

    assert again.state == "discarded"
    with database.reading() as session:
        assert dead_letters.count(session) == 0


def test_two_messages_under_one_id_are_two_letters(database: Database) -> None:
    event = an_event()
    bury(database, event)

    bury(database, an_event(id=event.id, body='{"note": "something else"}'))
    bury(database, event)

    assert [letter.deaths for letter in letters(database)] == [2, 1]


def test_a_letter_that_died_meanwhile_is_not_decided_on(database: Database) -> None:
    event = an_event()
    seen = bury(database, event)
    bury(database, event)

    with pytest.raises(Changed, match="died again"):
        decide(database, seen, State.REDRIVEN)


def test_a_strangers_message_is_kept_byte_for_byte(database: Database) -> None:
    headers = {
        "x": b"\xff\0", "n": 5, "when": AT, "price": Decimal("1.5"), "text": "a\0\ud800",
        "list": [{"deep": True}], PREFIX + "type": "Some\0thing", PREFIX + "subject": 7,
    }  # fmt: skip

    with database.transaction() as session:
        dead_letters.lay(
            session,
            Letter(headers=headers, body=b"\xff\xfe\0", reason="undecodable: \0", at=AT),
        )

    (letter,) = letters(database)
    assert bytes(letter.body) == b"\xff\xfe\0"
    assert as_sent(letter.headers) == headers
    assert (letter.event_id, letter.type, letter.subject) == (None, "Some\ufffdthing", None)


def test_headers_are_text_and_come_back() -> None:
    table = {"a": {"b": [1, 2.5, None, b"x"]}, "$bytes": "no mark, for there are two", "c": "x"}

    assert as_sent(as_kept(table)) == table


def test_a_fingerprint_knows_the_kind_of_reason_the_type_and_the_frame() -> None:
    known = fingerprint("poison: level 9", "T", "a.py:f")

    assert known == fingerprint("poison: level 10", "T", "a.py:f")
    others = {fingerprint("other: x", "T", "a.py:f"), fingerprint("poison: x", "U", "a.py:f"),
              fingerprint("poison: x", "T", "b.py:f"), known}  # fmt: skip
    assert len(others) == 4


def test_an_error_knows_our_own_frame_where_it_arose() -> None:
    try:
        json.loads("{")
    except ValueError as error:
        origin = origin_of(error)

    assert origin.exception == "JSONDecodeError"
    assert origin.frame.startswith("tests/chassis/test_dead_letters.py:test_an_error_knows")


def test_a_refused_event_is_heard_of_with_its_origin(database: Database) -> None:
    event = an_event()

    (heard,) = hearer(database, Refuses(Poison("no"), event)).hear([event])

    assert heard.origin.exception == "Poison"
    assert heard.origin.frame == "tests/chassis/tally.py:Refuses.__call__"


def test_a_parked_event_that_is_refused_when_its_turn_comes_becomes_a_letter(
    database: Database,
) -> None:
    first, second, third = some_events("d-1", 3)
    ears = hearer(database, Refuses(Poison("never"), second))
    ears.hear([third, second])
    ears.hear([first])

    ears.release()

    (letter,) = letters(database)
    assert (letter.event_id, letter.reason) == (str(second.id), "poison: never")
    assert waiting(database) == 1
    assert ears.release() == 0
    assert len(letters(database)) == letters(database)[0].deaths == 1


def test_an_event_that_is_given_up_frees_those_behind_it_and_never_has_its_effect(
    database: Database,
) -> None:
    first, second, third = some_events("d-1", 3)
    ears = hearer(database, Refuses(Poison("never"), first))
    ears.hear([first, second, third])

    ears.pass_over(first, lambda _session: None)
    again = hearer(database).hear([first, second])

    assert had_effect(database, "d-1") == [2, 3]
    assert waiting(database) == 0
    assert [each.verdict.value for each in again] == ["duplicate", "duplicate"]


def test_an_event_that_is_given_up_before_its_turn_is_passed_when_it_comes(
    database: Database,
) -> None:
    first, second, third = some_events("d-1", 3)
    ears = hearer(database)
    ears.hear([third])

    ears.pass_over(second, lambda _session: None)
    before = had_effect(database, "d-1")
    ears.hear([first])

    assert before == []
    assert had_effect(database, "d-1") == [1, 3]
    assert waiting(database) == 0


def test_what_is_done_with_a_giving_up_is_one_with_it(database: Database) -> None:
    event = an_event()
    letter = bury(database, event)
    bury(database, event)

    def decide_too_late(session: Any) -> None:
        dead_letters.decide(session, letter, State.DISCARDED, by="x", why="y", at=AT)

    with pytest.raises(Changed):
        hearer(database).pass_over(event, decide_too_late)

    assert [each.verdict.value for each in hearer(database).hear([event])] == ["heard"]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.system)])
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with the mail room's first shape."""
    if request.param == "sqlite":
        yield at_0001(Database("reporting", f"sqlite:///{tmp_path}/reporting.sqlite"))
        return
    with request.getfixturevalue("postgres_server").databases(["reporting"]) as databases:
        made = Database("reporting", databases.of("reporting"))
        yield at_0001(made)
        made.engine.dispose()


def at_0001(database: Database) -> Database:
    migrating.migrate(database)
    migrating.downgrade(database, "chassis", "0001")
    return database


def test_letters_of_the_first_shape_are_taken_along_and_back(older: Database) -> None:
    event = an_event(causationid="c-1", body='{"note": "Gốm Quảng Xương"}')
    row = {
        "event_id": str(event.id), "type": event.type, "subject": event.subject, "at": AT,
        "reason": "poison: no", "event": json.dumps(to_structured(event), ensure_ascii=False),
    }  # fmt: skip
    with older.engine.begin() as connection:
        connection.execute(text(
            "INSERT INTO dead_letters (event_id, type, subject, reason, buried_at, event)"
            " VALUES (:event_id, :type, :subject, :reason, :at, :event)"), row)  # fmt: skip

    migrating.migrate(older)
    (letter,) = letters(older)
    migrating.downgrade(older, "chassis", "0001")
    with older.reading() as session:
        back = json.loads(session.scalar(text("SELECT event FROM dead_letters")))

    assert dead_letters.event_of(letter) == event
    assert (letter.state, letter.attempts, letter.deaths) == ("waiting", 1, 1)
    assert letter.last_at == letter.buried_at == AT
    assert letter.fingerprint == fingerprint("poison: no", event.type, "")
    assert back == json.loads(row["event"])


def waiting(database: Database) -> int:
    with database.reading() as session:
        return inbox.waiting(session)[0]
