"""Sends OpenTelemetry's spans where OCOP_TRACES_URL says; nothing of it is imported where that is empty.

Two spans tell an event's way: `say` in the service that said it, and `hear` in each that heard it, its child; what is
said because of it is a child of that. A transaction that fails is heard again, and shows as two.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from typing import Any

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Span, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator, RandomIdGenerator
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from sqlalchemy.orm import Session

from chassis import outbox, tracing
from chassis.reactions import Reaction, Reactions
from contracts.envelope import Event

W3C = TraceContextTextMapPropagator()
QUICKLY = 5.0
"""Seconds that the collector gets to take a batch; the next ones wait in memory, 2,048 spans at most."""


class Collected:
    """The spans of one process, by service (`tracing.Spans`)."""

    def __init__(self, url: str, province: str) -> None:
        self._exporter = BatchSpanProcessor(OTLPSpanExporter(endpoint=url, timeout=QUICKLY))
        self._province = province
        self._ids = _Ids()
        self._tracers: dict[str, Any] = {}

    def said(
        self, service: str, type_: str, subject: str, begins: str, follows: str | None
    ) -> str:
        """See tracing.Spans."""
        self._ids.begin(begins)
        name = f"say {type_}"
        with self._tracer(service).start_as_current_span(
            name, context=_context(follows), kind=SpanKind.PRODUCER,
            attributes={"messaging.message.type": type_, "ocop.subject": subject},
        ) as span:  # fmt: skip
            return _traceparent(span)

    def traced(self, reactions: Reactions) -> Reactions:
        """See tracing.Spans."""
        return reactions.around(partial(self._hearing, reactions.service))

    def _hearing(self, service: str, reaction: Reaction) -> Reaction:

        def heard(session: Session, event: Event) -> None:
            with self._tracer(service).start_as_current_span(
                f"hear {event.type}", context=_context(event.traceparent), kind=SpanKind.CONSUMER,
                attributes={"messaging.message.id": str(event.id), "ocop.subject": event.subject},
            ) as span:  # fmt: skip
                outbox.follow(session, _traceparent(span))
                reaction(session, event)

        return heard

    def close(self) -> None:
        """Send what has not been sent."""
        self._exporter.shutdown()  # type: ignore[no-untyped-call]  # theirs is half typed

    def _tracer(self, service: str) -> Any:
        if service not in self._tracers:
            named = {"service.namespace": "ocop", "service.name": f"ocop-{service}"}
            provider = TracerProvider(
                resource=Resource.create(named | {"ocop.province": self._province}),
                id_generator=self._ids, shutdown_on_exit=False,
            )  # fmt: skip
            provider.add_span_processor(self._exporter)
            self._tracers[service] = provider.get_tracer("ocop")
        return self._tracers[service]


class _Ids(IdGenerator):
    """A trace that begins here has the id of its subject."""

    def __init__(self) -> None:
        self._random = RandomIdGenerator()
        self._next: ContextVar[int] = ContextVar("next", default=0)

    def begin(self, traceparent: str) -> None:
        self._next.set(int(traceparent[3:35], 16))

    def generate_trace_id(self) -> int:
        return self._next.get() or self._random.generate_trace_id()

    def generate_span_id(self) -> int:
        return self._random.generate_span_id()


def start(url: str, province: str) -> Callable[[], None]:
    """Collect this process's spans from now on; the returned function sends the last and ends it."""
    collected = Collected(url, province)
    tracing.collector[:] = [collected]

    def end() -> None:
        tracing.collector.clear()
        collected.close()

    return end


def _context(traceparent: str | None) -> Any:
    return W3C.extract({"traceparent": traceparent} if traceparent else {}, context=Context())


def _traceparent(span: Span) -> str:
    context = span.get_span_context()
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
