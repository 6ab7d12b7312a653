"""Promise: in whatever order, groups and number events arrive, each subject's effects are 1, 2, 3 … and no more."""

from collections.abc import Sequence
from functools import partial
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from chassis import inbox
from chassis.database import Database
from contracts.envelope import Event
from tests.chassis.tally import Refuses, had_effect, hearer, some_events

pytestmark = pytest.mark.system

EACH = 4
SHAKEN = settings(
    max_examples=25,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],  # a database behind every step: shrinking takes long
    suppress_health_check=list(HealthCheck),
)
PLACES = st.lists(st.tuples(st.integers(0, 1), st.integers(0, EACH - 1)), min_size=1, max_size=5)


class Arrivals(RuleBasedStateMachine):
    """Events arrive at two workers, and some fail in passing."""

    def __init__(self, database: Database, peer: Database) -> None:
        super().__init__()
        self.database, self.peer = database, peer
        self.subjects = [str(uuid4()) for _ in range(2)]
        self.events = [some_events(subject, EACH) for subject in self.subjects]

    @rule(places=PLACES, second=st.booleans())
    def arrive(self, places: Sequence[tuple[int, int]], second: bool) -> None:
        hearer(self.peer if second else self.database).hear(self.chosen(places))

    @rule(places=PLACES, ill=st.tuples(st.integers(0, 1), st.integers(0, EACH - 1)))
    def fail(self, places: Sequence[tuple[int, int]], ill: tuple[int, int]) -> None:
        (event,) = self.chosen([ill])
        hearer(self.database, Refuses(OSError("a passing fault"), event)).hear(self.chosen(places))

    @rule()
    def release(self) -> None:
        hearer(self.peer).release()

    @invariant()
    def effects_are_a_beginning(self) -> None:
        for subject in self.subjects:
            heard = had_effect(self.database, subject)
            assert heard == list(range(1, len(heard) + 1))

    def chosen(self, places: Sequence[tuple[int, int]]) -> list[Event]:
        return [self.events[subject][number] for subject, number in places]

    def teardown(self) -> None:
        for events in self.events:
            hearer(self.database).hear(list(reversed(events)))
        hearer(self.database).release()
        for subject in self.subjects:
            assert had_effect(self.database, subject) == list(range(1, EACH + 1))
        with self.database.reading() as session:
            assert inbox.waiting(session)[0] == 0


def test_any_order_of_arrival_ends_in_the_same_effects(database: Database, peer: Database) -> None:
    run_state_machine_as_test(partial(Arrivals, database, peer), settings=SHAKEN)
