"""docs/events.md: every event for those who read."""

import json
from collections.abc import Iterable, Iterator

from cli.document.told import Shape, Told, shapes, told

HEAD = """\
# Events

Written from `contracts/` by `make docs`; do not edit.

Each event is a fact, said once by one service, in the past tense. It travels as CloudEvents 1.0: on AMQP the attributes
are headers named `cloudEvents_<attribute>` and the body is the plain JSON `data`; at rest (export, dead letter) it is
one JSON document, as in the examples below. `id` names the event for ever: whoever has seen it does nothing on seeing
it again. `sequence` counts 1, 2, 3 … per `source` and `subject`. `rulepack` names the law that governs the dossier.

A service says its events on the topic exchange `<service>.events` with the type as routing key; the exchange
`ocop.events` carries them all. A released type only ever gains optional fields: ignore what you do not know.
"""


def page() -> str:
    """The whole page."""
    known, all_shapes = told(), shapes()
    lines = [HEAD, *_overview(known)]
    for sayer in dict.fromkeys(each.sayer for each in known):
        lines += ["", f"## What {sayer} says"]
        for each in (each for each in known if each.sayer == sayer):
            lines += _event(each, all_shapes)
    return "\n".join(lines) + "\n"


def _overview(known: Iterable[Told]) -> Iterator[str]:
    yield "| event | said by | heard by | what happened |"
    yield "| --- | --- | --- | --- |"
    for each in known:
        anchor = f"[{each.name}](#{each.name.lower()})"
        yield f"| {anchor} | {each.sayer} | {', '.join(each.hearers)} | {each.summary} |"


def _event(each: Told, all_shapes: dict[str, Shape]) -> Iterator[str]:
    yield from ("", f"### {each.name}", "", each.summary, "")
    yield f"Heard by {', '.join(each.hearers) or 'integrators only'}."
    yield from ("", *_fields(all_shapes[each.name], all_shapes), "")
    yield from ("```json", json.dumps(each.example, ensure_ascii=False, indent=2), "```")


def _fields(shape: Shape, all_shapes: dict[str, Shape]) -> Iterator[str]:
    yield "| field | is | meaning |"
    yield "| --- | --- | --- |"
    yield from _rows("", shape, all_shapes)


def _rows(path: str, shape: Shape, all_shapes: dict[str, Shape]) -> Iterator[str]:
    for name, field in shape["properties"].items():
        optional = "" if name in shape.get("required", ()) else ", optional"
        yield f"| `{path}{name}` | {_is(field)}{optional} | {field.get('description', '')} |"
        inner = field.get("items", field)
        if "$ref" in inner:
            mark = "[]." if "items" in field else "."
            yield from _rows(f"{path}{name}{mark}", all_shapes[_named(inner)], all_shapes)


def _named(field: Shape) -> str:
    return str(field["$ref"]).rpartition("/")[2]


def _is(field: Shape) -> str:
    """A field's type in words."""
    if "$ref" in field:
        return "object"
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    kinds = field["type"] if isinstance(field["type"], list) else [field["type"]]
    return " or ".join(_kind(kind, field) for kind in kinds)


def _kind(kind: str, field: Shape) -> str:
    if kind == "array":
        return f"list of {_is(field['items'])}"
    if kind == "object":
        return f"object: name → {_is(field['additionalProperties'])}"
    if kind == "integer" and "minimum" in field:
        return f"{field['minimum']} … {field['maximum']}"
    words = {"string": field.get("format", "text"), "boolean": "true or false"}
    return str(words.get(kind, kind))
