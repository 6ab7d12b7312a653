"""One effect per event, in order per subject, whatever arrives how often in which groups."""

import threading
from collections.abc import Sequence
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chassis import inbox, outbox
from chassis.database import Database
from chassis.hearing import LONGEST_REASON, DatabaseAway, Hearer
from chassis.reactions import Reactions, understood
from contracts import registration
from contracts.envelope import Event
from tests.chassis.tally import (
    Poison,
    Refuses,
    an_event,
    had_effect,
    hearer,
    some_events,
    some_news,
    verdicts,
    write_down,
)

SHAKEN = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[
        Phase.explicit,
        Phase.generate,
    ],  # a database behind every try: shrinking would take hours
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def test_an_event_has_its_effect_once(database: Database) -> None:
    event = an_event()

    first = hearer(database).hear([event])
    second = hearer(database).hear([event])

    assert verdicts([*first, *second]) == ["heard", "duplicate"]
    assert had_effect(database, "d-1") == [1]


def test_the_same_event_twice_in_one_group_has_one_effect(database: Database) -> None:
    event = an_event()

    heard = hearer(database).hear([event, event])

    assert verdicts(heard) == ["heard", "duplicate"]
    assert had_effect(database, "d-1") == [1]


@st.composite
def _arrivals(draw: st.DrawFn) -> list[list[Event]]:
    """All events of some subjects, each at least once and some more often, in any order and grouping."""
    subjects = [str(uuid4()) for _ in range(draw(st.integers(1, 3)))]
    events = [each for subject in subjects for each in some_events(subject, 4)]
    again = draw(st.lists(st.sampled_from(events), max_size=8))
    arriving = draw(st.permutations([*events, *again]))
    cuts = sorted(draw(st.sets(st.integers(1, len(arriving) - 1), max_size=6)))
    bounds = zip([0, *cuts], [*cuts, len(arriving)], strict=True)
    return [arriving[start:end] for start, end in bounds]


@SHAKEN
@given(groups=_arrivals())
def test_any_order_and_repetition_ends_in_the_same_effects(
    database: Database, groups: list[list[Event]]
) -> None:
    ears = hearer(database)

    for group in groups:
        ears.hear(group)

    subjects = {event.subject for group in groups for event in group}
    assert {subject: had_effect(database, subject) for subject in subjects} == {
        subject: [1, 2, 3, 4] for subject in subjects
    }
    assert _waiting(database) == 0


@settings(SHAKEN, max_examples=15)
@given(groups=_arrivals())
def test_two_workers_share_the_arrivals_and_the_effects_are_the_same(
    database: Database, peer: Database, groups: list[list[Event]]
) -> None:
    ears = [hearer(database), hearer(peer)]

    _at_once([(ears[0], groups[::2]), (ears[1], groups[1::2])])

    subjects = {event.subject for group in groups for event in group}
    assert {subject: had_effect(database, subject) for subject in subjects} == {
        subject: [1, 2, 3, 4] for subject in subjects
    }
    assert _waiting(database) == 0


def test_two_workers_with_the_same_groups_at_once_have_one_effect_each(
    database: Database, peer: Database
) -> None:
    subjects = [f"d-{number}" for number in range(8)]
    groups = [[an_event(subject, n) for subject in subjects] for n in range(1, 6)]
    backwards = [list(reversed(group)) for group in groups]

    _at_once([(hearer(database), groups), (hearer(peer), backwards)])

    assert {tuple(had_effect(database, subject)) for subject in subjects} == {(1, 2, 3, 4, 5)}


def test_a_group_spoiled_by_one_event_is_heard_one_by_one(database: Database) -> None:
    good, bad, also_good = an_event("a"), an_event("b"), an_event("c")
    ears = hearer(database, Refuses(Poison("the producer is unknown"), bad))

    heard = ears.hear([good, bad, also_good])

    assert verdicts(heard) == ["heard", "dead", "heard"]
    assert heard[1].reason == "poison: the producer is unknown"
    assert [had_effect(database, subject) for subject in "abc"] == [[1], [], [1]]


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (Poison("never"), "dead"),
        (KeyError("dossier_id"), "dead"),
        (TimeoutError("the disk is slow"), "retry"),
        (IntegrityError("INSERT …", None, Exception("a lost race")), "retry"),
    ],
)
def test_only_what_may_heal_is_tried_again(
    database: Database, error: Exception, verdict: str
) -> None:
    event = an_event()

    heard = hearer(database, Refuses(error, event)).hear([event])

    assert verdicts(heard) == [verdict]
    assert had_effect(database, "d-1") == []


def test_an_event_that_healed_has_its_effect_once(database: Database) -> None:
    event = an_event()
    ears = hearer(database, Refuses(OSError("a passing fault"), event, times=1))

    heard = [*ears.hear([event]), *ears.hear([event])]

    assert verdicts(heard) == ["retry", "heard"]
    assert had_effect(database, "d-1") == [1]


def test_a_reason_can_be_kept_whatever_the_fault_says(database: Database) -> None:
    event = an_event()
    awkward = Poison("\0 \ud800 " + "x" * 5000)

    heard = hearer(database, Refuses(awkward, event)).hear([event])

    assert len(heard[0].reason) == LONGEST_REASON
    assert heard[0].reason.encode("utf-8")
    assert "\0" not in heard[0].reason


def test_an_event_of_a_type_without_reaction_counts_for_the_order(database: Database) -> None:
    ears = Hearer(database, Reactions("tally"))

    heard = ears.hear(some_events("d-1", 2))

    assert verdicts(heard) == ["heard", "heard"]


def test_an_unknown_type_is_dead_and_holds_nothing_up(database: Database) -> None:
    first, unknown, third = (
        an_event(sequence=1),
        an_event(sequence=2, type="DossierFrozen"),
        an_event(sequence=3),
    )

    heard = hearer(database).hear([third, unknown, first])

    assert verdicts(heard) == ["parked", "dead", "heard"]
    assert heard[1].reason == "unknown-type: DossierFrozen is not a known type"
    assert had_effect(database, "d-1") == [1, 3]


def test_news_follow_from_the_event_that_caused_them(database: Database) -> None:
    event = an_event(correlationid="case-7", traceparent="00-ab-cd-01")

    def answer(session: Session, _event: Event) -> None:
        outbox.say(session, [some_news("answer")])

    hearer(database, answer).hear([event])

    with database.reading() as session:
        ((_, said),) = outbox.unsent(session, source="/vn/38/tally", limit=9)
    assert (said.causationid, said.correlationid, said.traceparent) == (
        str(event.id),
        "case-7",
        "00-ab-cd-01",
    )


def test_a_hearer_uses_only_the_fields_it_names() -> None:
    event = an_event(
        body='{"idea_id": "0197d9a0-0000-7000-8000-000000000001", "year": "?", "x": 1}'
    )

    heard = understood(registration.IdeaSelected, event, ("idea_id",))

    assert list(heard) == ["idea_id"]


def test_a_value_that_no_column_takes_is_dead_at_once(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite takes a text of any length")

    heard = hearer(database).hear([an_event(subject="d" * 81)])

    assert verdicts(heard) == ["dead"]


def test_nothing_is_heard_while_the_database_is_away(database: Database) -> None:
    away = Database("tally", "postgresql+psycopg://nobody@127.0.0.1:1/none")

    with pytest.raises(DatabaseAway):
        hearer(away).hear([an_event()])
    with pytest.raises(DatabaseAway):
        hearer(away).release()


def test_a_database_that_leaves_in_the_middle_of_a_group_leaves_nothing_half_done(
    database: Database,
) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("a file does not leave")
    events = some_events("d-1", 3)

    def pull_the_plug(session: Session, event: Event) -> None:
        write_down(session, event)
        if event is events[1]:
            with Database("tally", database.url).transaction() as other:
                other.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                                   "pid <> pg_backend_pid() AND datname = current_database()"))  # fmt: skip

    with pytest.raises(DatabaseAway):
        hearer(database, pull_the_plug).hear(events)
    nothing = had_effect(database, "d-1")
    hearer(database).hear(events)

    assert nothing == []
    assert had_effect(database, "d-1") == [1, 2, 3]


def _at_once(work: Sequence[tuple[Hearer, list[list[Event]]]]) -> None:
    """Let each hearer hear its groups in a thread of its own, each group until it was heard."""
    start = threading.Barrier(len(work))
    faults: list[BaseException] = []

    def run(ears: Hearer, groups: list[list[Event]]) -> None:
        start.wait()
        try:
            for group in groups:
                again = group
                while again:
                    again = [item.event for item in ears.hear(again) if item.verdict == "retry"]
        except BaseException as error:
            faults.append(error)
            raise

    threads = [threading.Thread(target=run, args=each) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def _waiting(database: Database) -> int:
    with database.reading() as session:
        return inbox.waiting(session)[0]
