"""The envelope that every event travels in: CloudEvents 1.0, structured at rest, binary on AMQP.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/amqp-protocol-binding.md
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

PREFIX = "cloudEvents_"
"""How a CloudEvents attribute is named as an AMQP header (the binding's JMS-safe form)."""


class Undecodable(ValueError):
    """A message is not an event: what is missing or malformed is in the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event as it was said.

    `sequence` counts 1, 2, 3 … per `source` and `subject`; `time` is aware, in UTC; `body` is the data as JSON text,
    kept as it was said so that it is never written twice in different ways.
    """

    id: UUID
    source: str
    type: str
    subject: str
    time: datetime
    sequence: int
    correlationid: str
    body: str
    rulepack: str | None = None
    causationid: str | None = None
    traceparent: str | None = None
    _data: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def sayer(self) -> str:
        """The service that said it: the last part of `source`."""
        return self.source.rpartition("/")[2]

    @property
    def data(self) -> dict[str, Any]:
        """The body as a mapping.

        Raises Undecodable when the body is not a JSON object.
        """
        if not self._data:
            self._data.update(_object(self.body))
        return self._data


def _object(text: str) -> dict[str, Any]:
    try:
        data = orjson.loads(text)
    except ValueError as error:
        raise Undecodable(f"the body is not JSON: {error}") from None
    if not isinstance(data, dict):
        raise Undecodable("the body is not a JSON object")
    return data


def source(province: str, service: str) -> str:
    """Who says it: `/vn/<province code>/<service>`."""
    return f"/vn/{province}/{service}"


def schema_address(type_: str) -> str:
    """The `dataschema` of a type: a stable relative reference into the published catalogue."""
    return f"/events/{type_}"


def to_headers(event: Event) -> dict[str, str]:
    """The attributes as AMQP headers (binary mode); absent attributes are left out."""
    headers = {
        "specversion": "1.0",
        "id": str(event.id),
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "time": event.time.isoformat(),
        "dataschema": schema_address(event.type),
        "sequence": str(event.sequence),
        "correlationid": event.correlationid,
        "rulepack": event.rulepack,
        "causationid": event.causationid,
        "traceparent": event.traceparent,
    }
    return {PREFIX + name: value for name, value in headers.items() if value is not None}


def from_headers(headers: Mapping[str, Any], body: bytes | str) -> Event:
    """The event that an AMQP message carries.

    Raises Undecodable, naming the attribute that is missing or malformed.
    """
    text = _text(body)
    try:
        event = Event(
            id=UUID(headers[PREFIX + "id"]),
            source=_word(headers[PREFIX + "source"]),
            type=_word(headers[PREFIX + "type"]),
            subject=_word(headers[PREFIX + "subject"]),
            time=_aware(headers[PREFIX + "time"]),
            sequence=_counted(headers[PREFIX + "sequence"]),
            correlationid=_word(headers.get(PREFIX + "correlationid") or headers[PREFIX + "id"]),
            body=text,
            rulepack=_word_or_none(headers.get(PREFIX + "rulepack")),
            causationid=_word_or_none(headers.get(PREFIX + "causationid")),
            traceparent=_word_or_none(headers.get(PREFIX + "traceparent")),
        )
    except KeyError as error:
        raise Undecodable(f"header {error.args[0]} is missing") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise Undecodable(f"a header is malformed: {error}") from None
    event.data  # noqa: B018  a body that is not a JSON object is found here, not in a reaction
    return event


def _text(body: bytes | str) -> str:
    if isinstance(body, str):
        return body
    try:
        return bytes(body).decode()
    except UnicodeDecodeError:
        raise Undecodable("the body is not UTF-8") from None


def _word(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{value!r} is not a text")
    return value


def _word_or_none(value: Any) -> str | None:
    return None if value is None else _word(value)


def _aware(text: Any) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"time {text!r} has no zone")
    return moment.astimezone(UTC)


def _counted(text: Any) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(f"sequence {number} is below 1")
    return number


class Envelope(Schema):
    """The structured JSON form: at rest, in a dead letter, an export or a webhook."""

    class Meta:
        unknown = EXCLUDE

    specversion = fields.String(required=True, validate=validate.Equal("1.0"))
    id = fields.UUID(required=True)
    source = fields.String(required=True)
    type = fields.String(required=True)
    subject = fields.String(required=True)
    time = fields.AwareDateTime(required=True, format="iso")
    datacontenttype = fields.String(validate=validate.Equal("application/json"))
    dataschema = fields.String()
    sequence = fields.Integer(required=True, validate=validate.Range(min=1))
    rulepack = fields.String(allow_none=True)
    correlationid = fields.String(required=True)
    causationid = fields.String(allow_none=True)
    traceparent = fields.String(allow_none=True)
    data = fields.Dict(required=True)


_ENVELOPE = Envelope()


def to_structured(event: Event) -> dict[str, Any]:
    """The event as one JSON document; absent attributes are left out."""
    bare = {name.removeprefix(PREFIX): value for name, value in to_headers(event).items()}
    return bare | {
        "sequence": event.sequence,
        "datacontenttype": "application/json",
        "data": event.data,
    }


def from_structured(document: Mapping[str, Any]) -> Event:
    """The event of one JSON document.

    Raises Undecodable, naming the field.
    """
    try:
        loaded = _ENVELOPE.load(document)
    except ValidationError as error:
        raise Undecodable(f"the envelope is malformed: {error.messages}") from None
    return Event(
        id=loaded["id"],
        source=loaded["source"],
        type=loaded["type"],
        subject=loaded["subject"],
        time=loaded["time"].astimezone(UTC),
        sequence=loaded["sequence"],
        correlationid=loaded["correlationid"],
        body=json.dumps(loaded["data"], ensure_ascii=False),
        rulepack=loaded.get("rulepack"),
        causationid=loaded.get("causationid"),
        traceparent=loaded.get("traceparent"),
    )
