"""The contracts' examples, as files and as events."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields

from contracts.envelope import Event, from_structured

FOLDER = Path(__file__).parents[2] / "contracts" / "examples"


def document(type_: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{type_}.json").read_text())
    return found


def example(type_: str) -> Event:
    return from_structured(document(type_))


def paths(schema: Schema, data: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Which fields the data have, nested ones too; what a free mapping holds is not the contract's to name."""
    for name, value in data.items():
        yield prefix + name
        field = schema.fields[name]
        if isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
            for each in value:
                yield from paths(field.inner.schema, each, f"{prefix}{name}[].")
        elif isinstance(field, fields.Nested) and value is not None:
            yield from paths(field.schema, value, f"{prefix}{name}.")
