"""Promise: three workers of one service at once keep each subject's order, and each event has exactly one effect."""

import pytest
from sqlalchemy import select

from chassis.wire.topology import depths, queue_of
from tests.chassis.station import Station, told
from tests.chassis.tally import an_event, effects

pytestmark = pytest.mark.system

WORKERS = 3
SUBJECTS = [f"d-{number}" for number in range(100)]
EACH = 20


def test_three_workers_on_one_queue_keep_each_subject_in_order(station: Station) -> None:
    """With `early` of chassis/inbox.py answering no, so that nothing is parked, 4 had its effect before 3: seen so."""
    for _ in range(WORKERS):
        station.start_worker(OCOP_GROUP_SIZE="20")
    rounds = [
        [an_event(subject, number, body=told(slow=0.001)) for subject in SUBJECTS]
        for number in range(1, EACH + 1)
    ]
    _, listening = depths([queue_of("tally")], station.broker_url)[queue_of("tally")]

    for events in rounds:
        station.carry(*events)
    station.until(lambda: len(_effects(station)) >= len(SUBJECTS) * EACH)
    station.until(lambda: not any(station.waiting().values()))
    station.stop()

    had = _effects(station)
    assert listening == WORKERS
    assert len(had) == len(SUBJECTS) * EACH
    for subject in SUBJECTS:
        assert [n for of, n in had if of == subject] == list(range(1, EACH + 1))


def _effects(station: Station) -> list[tuple[str, int]]:
    """Subject and number of each event that had its effect, in the order of the effects."""
    with station.database.reading() as session:
        rows = session.execute(
            select(effects.c.subject, effects.c.sequence).order_by(effects.c.position)
        )
        return [(row.subject, row.sequence) for row in rows]
