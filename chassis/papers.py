"""AMQP headers and properties as text and back, so that a message is sent again as it came."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

BYTES, TIME, DECIMAL = "$bytes", "$time", "$decimal"


def as_kept(table: Mapping[str, Any]) -> str:
    """A table of AMQP values as JSON in plain ASCII, which every database takes."""
    return json.dumps(table, default=_marked, sort_keys=True)


def as_sent(text: str) -> dict[str, Any]:
    """The table again."""
    table: dict[str, Any] = json.loads(text, object_hook=_unmarked)
    return table


def _marked(value: Any) -> dict[str, str]:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {BYTES: b64encode(bytes(value)).decode()}
    if isinstance(value, datetime):
        return {TIME: value.isoformat()}
    if isinstance(value, Decimal):
        return {DECIMAL: str(value)}
    return {BYTES: b64encode(repr(value).encode()).decode()}


def _unmarked(table: dict[str, Any]) -> Any:
    if len(table) != 1:
        return table
    ((mark, value),) = table.items()
    if mark == BYTES:
        return b64decode(value)
    if mark == TIME:
        return datetime.fromisoformat(value)
    return Decimal(value) if mark == DECIMAL else table
