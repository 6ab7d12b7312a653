"""Promise: a backlog of 100,000 is heard by a worker, and sent by a relay, whose memory stays below 120 MB."""

import subprocess
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from chassis import outbox
from chassis.wire.publishing import BrokerCarrier
from chassis.wire.topology import queue_of
from tests.chassis.station import Station, told
from tests.chassis.tally import AT, an_event, effects

pytestmark = pytest.mark.system

BACKLOG = 100_000
BATCH = 1_000
HEARD = 20_000
"""So many are waited for: what a worker holds does not depend on how many it has heard before."""

BOUND = 120 * 1024
"""KiB of resident memory at most."""

BODY = told(note="x" * 500)


def test_a_worker_before_100_000_waiting_events_needs_less_than_120_mb(station: Station) -> None:
    """With 300 groups fetched ahead instead of four it held 217 MB: seen so."""
    _fill(station)
    before = station.waiting()[queue_of("tally")]

    worker = station.start_worker()
    station.until(lambda: _heard(station) >= HEARD, 240)

    assert before == BACKLOG
    assert _most_memory(worker) < BOUND


def test_a_relay_before_100_000_unsent_events_needs_less_than_120_mb(station: Station) -> None:
    with station.database.transaction() as session:
        session.execute(SAY, {"at": AT, "many": BACKLOG, "body": BODY})

    relay = station.start_relay()
    station.until(lambda: _unsent(station) <= BACKLOG - HEARD, 240)

    assert _most_memory(relay) < BOUND


SAY = text("""
    INSERT INTO outbox (id, type, subject, sequence, time, correlationid, body)
    SELECT gen_random_uuid(), 'DossierSubmitted', 's-' || n, 1, :at, 's', :body
    FROM generate_series(1, :many) n
""")


def _fill(station: Station) -> None:
    carrier = BrokerCarrier(station.broker_url, confirm_timeout=30)
    for start in range(0, BACKLOG, BATCH):
        events = [an_event(f"s-{start + n}", body=BODY) for n in range(BATCH)]
        assert len(carrier.carry(events)) == BATCH
    carrier.close()


def _unsent(station: Station) -> int:
    with station.database.reading() as session:
        return outbox.depth(session)[0]


def _heard(station: Station) -> int:
    with station.database.reading() as session:
        return session.scalar(select(func.count()).select_from(effects)) or 0


def _most_memory(process: subprocess.Popen[bytes]) -> int:
    """The most resident memory that it ever held, in KiB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
