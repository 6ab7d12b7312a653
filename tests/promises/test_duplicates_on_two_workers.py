"""Promise: however often an event arrives, at two workers at once, it has one effect."""

import random
from dataclasses import replace

import pytest

from tests.chassis.station import Station
from tests.chassis.tally import had_effect, some_events

pytestmark = pytest.mark.system

COPIES = 5


def test_five_copies_of_each_event_on_two_workers_have_one_effect(station: Station) -> None:
    chance = random.Random(5)  # noqa: S311  a schedule, not a secret
    subjects = [f"d-{number}" for number in range(20)]
    events = [replace(each) for subject in subjects for each in some_events(subject, 10)]
    arriving = events * COPIES
    chance.shuffle(arriving)

    station.carry(*arriving)
    station.start_worker(OCOP_GROUP_SIZE="20")
    station.start_worker(OCOP_GROUP_SIZE="20")

    for subject in subjects:
        station.until(lambda s=subject: len(had_effect(station.database, s)) >= 10)
    station.until(lambda: not any(station.waiting().values()))
    station.stop()
    for subject in subjects:
        assert had_effect(station.database, subject) == list(range(1, 11))
