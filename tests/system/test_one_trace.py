"""A dossier's way through all services is one trace: in every outbox, and in the spans that a collector gets."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import UUID

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from sqlalchemy import text

from chassis.tracing import trace_id
from cli.demo.office import Office
from cli.demo.year import Year
from cli.embedded import settle
from cli.house import House
from tests import servers
from tests.system.conftest import environment_of
from tests.system.plans import a_plan
from tests.system.province import Province

pytestmark = pytest.mark.system

PACK = "QD26-2026"


@dataclass(frozen=True)
class Span:
    """What the collector was sent of one span."""

    service: str
    name: str
    trace: str
    id: str
    parent: str


@dataclass
class Collector:
    """Stands where an OpenTelemetry collector would: OTLP over HTTP."""

    spans: list[Span] = field(default_factory=list)
    url: str = ""

    def take(self, body: bytes) -> None:
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            named = {each.key: each.value.string_value for each in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [
                    Span(named["service.name"], span.name, span.trace_id.hex(),
                         span.span_id.hex(), span.parent_span_id.hex())
                    for span in scope.spans
                ]  # fmt: skip


@pytest.fixture
def collector() -> Iterator[Collector]:
    """Listens on the loopback."""
    made = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.take(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}/v1/traces"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


def traces_of(house: House) -> dict[str, dict[str, set[str | None]]]:
    """Subject → sayer → the traces of what it said about it."""
    found: dict[str, dict[str, set[str | None]]] = {}
    for service in house.services:
        with house.database(service).reading() as session:
            for row in session.execute(text("SELECT subject, traceparent FROM outbox")):
                sayers = found.setdefault(row.subject, {})
                sayers.setdefault(service, set()).add(trace_id(row.traceparent))
    return found


def walk(province: Province) -> tuple[list[UUID], House]:
    province.start()
    province.wait_ready(timeout=240)
    house, plan = House(province.settings), a_plan(PACK)
    for step in Year(plan, Office(province, plan.name), lambda: settle(house, 60)).steps():
        for _ in step.acts:
            pass
    return [product.id("dossier") for product in plan.products], house


@pytest.mark.timeout(900)
def test_one_dossier_s_way_is_one_trace_in_all_outboxes_and_in_the_spans_of_all_services(
    broker: servers.Broker, postgres: servers.Databases, tmp_path: Path, collector: Collector
) -> None:
    told = {"OCOP_TRACES_URL": collector.url}
    province = Province(environment_of(broker, postgres, tmp_path) | told, tmp_path)
    try:
        province.prepare()
        dossiers, house = walk(province)
    finally:
        province.stop()  # which sends the last spans

    traces = traces_of(house)
    for dossier in dossiers:
        assert set().union(*traces[str(dossier)].values()) == {dossier.hex}
    assert (
        max(len(traces[str(dossier)]) for dossier in dossiers) == 4
    )  # everybody who says anything
    assert {span.service for span in collector.spans} == {
        f"ocop-{name}" for name in house.services
    }
    by_id = {(span.trace, span.id): span for span in collector.spans}
    for span in collector.spans:
        parent = by_id.get((span.trace, span.parent))
        if span.name.startswith("hear "):
            assert parent is not None, span
            assert parent.name == span.name.replace("hear", "say", 1)
        elif span.parent:
            assert parent is not None, span
            assert (parent.service, parent.name.split()[0]) == (span.service, "hear")
    house.close()
