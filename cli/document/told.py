"""All that is known of each event type: who says it, who hears it, its payload's shape, its example."""

import inspect
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import fields

from chassis.settings import SERVICES
from cli.house import reactions
from contracts.catalogue import CONTRACTS, SAYER_OF

EXAMPLES = Path(__file__).resolve().parents[2] / "contracts" / "examples"
JSON_SCHEMA = "3.1.0"  # the OpenAPI version whose schemas are plain JSON Schema

Shape = dict[str, Any]
"""A JSON Schema."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event type."""

    name: str
    summary: str
    sayer: str
    hearers: tuple[str, ...]
    example: dict[str, Any]


def told() -> list[Told]:
    """Every event type, in the order of a dossier's way."""
    return [
        Told(
            name=name,
            summary=inspect.cleandoc(contract.__doc__ or ""),
            sayer=SAYER_OF[name],
            hearers=tuple(each for each in SERVICES if name in reactions(each).types),
            example=json.loads((EXAMPLES / f"{name}.json").read_text()),
        )
        for name, contract in CONTRACTS.items()
    ]


def shapes() -> dict[str, Shape]:
    """The shape of every payload, and of what is nested in one, by name.

    Shapes are open: a released type may gain optional fields, which hearers ignore.
    """
    plugin = MarshmallowPlugin()
    spec = APISpec("", "", JSON_SCHEMA, plugins=[plugin])
    plugin.converter.add_attribute_function(_decimal_as_text)  # type: ignore[union-attr]  # set by APISpec
    for name, contract in CONTRACTS.items():
        spec.components.schema(name, schema=contract)
    found: dict[str, Shape] = spec.to_dict()["components"]["schemas"]
    return {name: _open(shape) for name, shape in found.items()}


def _decimal_as_text(_converter: Any, field: fields.Field[Any], ret: Shape) -> Shape:
    """A decimal travels as text, so that nothing rounds it on its way."""
    if isinstance(field, fields.Decimal) and field.as_string:
        return {"type": ["string", "null"] if field.allow_none else "string"}
    return {}


def _open(shape: Shape) -> Shape:
    return {
        name: value
        for name, value in shape.items()
        if (name, value) != ("additionalProperties", False)
    }
