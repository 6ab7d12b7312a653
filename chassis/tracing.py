"""One trace per dossier from submission to referral, in W3C's terms (https://www.w3.org/TR/trace-context/).

A trace's id is its subject's: a dossier's id without its dashes. Nothing has to be kept to continue it, and whoever
knows the dossier knows its trace. A caller who brings a trace of its own is followed instead.
"""

import hashlib
import re
from typing import Any, Protocol
from uuid import UUID

from chassis.reactions import Reactions
from contracts.envelope import Event

W3C = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


class Spans(Protocol):
    """Whoever collects spans; there is none unless `spans.start` was called."""

    def said(
        self, service: str, type_: str, subject: str, begins: str, follows: str | None
    ) -> str:
        """Note that an event is said; its trace context. `begins` is the one it has without a collector."""

    def traced(self, reactions: Reactions) -> Reactions:
        """The same reactions, each of which notes that an event is heard."""


collector: list[Spans] = []
"""At most one; empty where nobody collects."""


def is_traceparent(text: str) -> bool:
    """Whether this is a trace context that can be followed (version 00, no zeros)."""
    return W3C.fullmatch(text) is not None


def trace_of(subject: str) -> str:
    """The id of a subject's trace, 32 hexadecimal digits."""
    try:
        return UUID(subject).hex
    except ValueError:
        return hashlib.sha256(subject.encode()).hexdigest()[:32]


def said(service: str, type_: str, subject: str, event_id: UUID, follows: str | None) -> str:
    """The trace context that an event carries: what it follows from, else the beginning of its subject's trace."""
    if not collector:
        return follows or _beginning(subject, event_id)
    return collector[0].said(service, type_, subject, _beginning(subject, event_id), follows)


def traced(reactions: Reactions) -> Reactions:
    """The reactions to give to a hearer: as they are where nobody collects."""
    return collector[0].traced(reactions) if collector else reactions


def _beginning(subject: str, event_id: UUID) -> str:
    return f"00-{trace_of(subject)}-{event_id.hex[16:]}-01"


def trace_id(traceparent: str | None) -> str | None:
    """The trace of a trace context; None where it is none."""
    return traceparent[3:35] if traceparent and is_traceparent(traceparent) else None


def about(event: Event) -> dict[str, Any]:
    """What a line of the log says of the event that it concerns."""
    return {
        "event_id": str(event.id),
        "type": event.type,
        "subject": event.subject,
        "correlation_id": event.correlationid,
        "trace_id": trace_id(event.traceparent),
    }
