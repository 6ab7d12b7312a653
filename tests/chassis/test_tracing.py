"""An event's trace is its dossier's, unless the caller brings one; both go on to whatever follows."""

import subprocess
import sys
from uuid import UUID, uuid4

import pytest

from chassis import outbox, tracing
from chassis.clock import now
from chassis.database import Database
from chassis.outbox import Cause, News

CALLERS = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def a_traceparent(database: Database, subject: str, cause: Cause | None = None) -> str | None:
    with database.transaction() as session:
        if cause:
            outbox.because_of(session, cause)
        outbox.say(session, [News(type="DossierSubmitted", subject=subject, time=now(), data={})])
    with database.reading() as session:
        return outbox.unsent(session, source="/vn/38/tally", limit=9)[-1][1].traceparent


def test_a_trace_has_its_dossiers_id_in_every_service(database: Database) -> None:
    dossier = uuid4()

    first, second = a_traceparent(database, str(dossier)), a_traceparent(database, str(dossier))

    assert tracing.trace_id(first) == tracing.trace_id(second) == dossier.hex
    assert first != second


def test_a_callers_trace_is_followed(database: Database) -> None:
    assert a_traceparent(database, str(uuid4()), Cause(traceparent=CALLERS)) == CALLERS


def test_a_subject_that_is_no_uuid_has_a_trace_too(database: Database) -> None:
    made = a_traceparent(database, "pots")

    assert made is not None
    assert tracing.is_traceparent(made)


@pytest.mark.parametrize(
    "text",
    ["", "00-ab-cd-01", CALLERS.upper(), CALLERS.replace("00-", "01-", 1), f"00-{'0' * 32}-{'1' * 16}-01",
     f"00-{'1' * 32}-{'0' * 16}-01", CALLERS + "-x"],
)  # fmt: skip
def test_what_is_no_trace_context_is_not_followed(text: str) -> None:
    assert not tracing.is_traceparent(text)
    assert tracing.trace_id(text) is None


def test_the_trace_of_a_dossier_is_its_id_without_dashes() -> None:
    dossier = "0191f3a2-7b1c-7e55-8a90-0123456789ab"

    assert tracing.trace_of(dossier) == UUID(dossier).hex == dossier.replace("-", "")


def test_opentelemetry_is_loaded_only_where_spans_are_collected() -> None:
    code = """
import sys
from chassis.settings import read
from chassis.telemetry import start_tracing
import cli.house, cli.processes, cli.watching
start_tracing(read({}))
assert not any(name.startswith("opentelemetry") for name in sys.modules)
start_tracing(read({"OCOP_TRACES_URL": "http://127.0.0.1:9/v1/traces"}))
assert any(name.startswith("opentelemetry") for name in sys.modules)
"""

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
