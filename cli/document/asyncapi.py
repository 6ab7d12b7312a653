"""deploy/asyncapi.yaml: every event for tools, as AsyncAPI 3."""

from collections.abc import Iterable
from typing import Any

import yaml

from chassis.wire.topology import INTEGRATORS, exchange_of
from cli.document.told import Shape, Told, shapes, told
from contracts.envelope import PREFIX

HEAD = "# Written from contracts/ by `make docs`; do not edit.\n"
ABOUT = (
    "Facts that an OCOP instance says to integrators. Each travels as CloudEvents 1.0 in AMQP's binary mode: "
    "attributes are headers, the body is the plain JSON data. Bind a queue of your own to the exchange "
    f"`{INTEGRATORS}`, which carries them all, or to one sayer's exchange. Delivery is at least once: ignore an "
    "event whose id you have seen, and fields you do not know."
)
ATTRIBUTES = {
    "specversion": "always 1.0",
    "id": "names the event for ever",
    "source": "/vn/<province code>/<service>",
    "type": "the event's type",
    "subject": "the dossier, idea or certificate that it is about",
    "time": "when it was said; with its zone, in UTC",
    "sequence": "counts 1, 2, 3 … per source and subject; written as text",
    "correlationid": "shared by all that follows from one beginning",
    "rulepack": "the rule pack that governs the dossier",
    "causationid": "the event that this one follows from",
    "dataschema": "where the payload's schema is published, relative",
    "traceparent": "W3C trace context",
}
REQUIRED = ("specversion", "id", "source", "type", "subject", "time", "sequence", "correlationid")


def document() -> str:
    """The whole document, as YAML."""
    return HEAD + yaml.safe_dump(_document(told()), allow_unicode=True, sort_keys=False, width=99)


def _document(known: list[Told]) -> dict[str, Any]:
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "OCOP events", "version": "1.0.0", "description": ABOUT},
        "defaultContentType": "application/json",
        "channels": {each.name: _channel(each) for each in known},
        "operations": {f"{each.sayer}.says.{each.name}": _operation(each) for each in known},
        "components": {
            "messages": {each.name: _message(each) for each in known},
            "messageTraits": {"cloudEvent": {"headers": _headers()}},
            "schemas": shapes(),
        },
    }


def _channel(each: Told) -> dict[str, Any]:
    exchange = {"name": exchange_of(each.sayer), "type": "topic", "durable": True}
    return {
        "address": each.name,
        "messages": {each.name: {"$ref": f"#/components/messages/{each.name}"}},
        "bindings": {
            "amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"}
        },
    }


def _operation(each: Told) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{each.name}"},
        "summary": each.summary,
        "description": f"Said by {each.sayer}; heard by {_listed(each.hearers)}.",
    }


def _listed(hearers: Iterable[str]) -> str:
    return ", ".join((*hearers, "integrators"))


def _message(each: Told) -> dict[str, Any]:
    return {
        "name": each.name,
        "summary": each.summary,
        "contentType": "application/json",
        "traits": [{"$ref": "#/components/messageTraits/cloudEvent"}],
        "payload": {"$ref": f"#/components/schemas/{each.name}"},
        "examples": [{"name": "released", "payload": each.example["data"]}],
    }


def _headers() -> Shape:
    return {
        "type": "object",
        "properties": {
            PREFIX + name: {"type": "string", "description": text}
            for name, text in ATTRIBUTES.items()
        },
        "required": [PREFIX + name for name in REQUIRED],
    }
