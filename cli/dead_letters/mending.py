"""Other headers and another body for a dead letter: from options, a file, or the editor."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from marshmallow import ValidationError

from chassis.papers import as_kept, as_sent
from cli.mistakes import Mistake, first_fault
from contracts.catalogue import CONTRACTS
from contracts.envelope import Undecodable, from_headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What the letter shall carry."""

    headers: dict[str, Any]
    body: bytes


def mended(letter: Any, body: str | None, headers: Sequence[str]) -> Mended:
    """The letter with these changes, or as the editor leaves it. Raises Mistake where that breaks its contract."""
    before = as_sent(letter.headers)
    if body is None and not headers:
        found = _by_editor(before, bytes(letter.body))
    else:
        new = bytes(letter.body) if body is None else _read(body)
        found = Mended(headers=before | _headers(headers), body=new)
    _require_event(found)
    return found


def _read(body: str) -> bytes:
    if body == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(body).read_bytes()
    except OSError as error:
        raise Mistake(f"{body}: {error.strerror}") from error


def _headers(given: Sequence[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    for name, sign, _ in pairs:
        if not sign:
            raise Mistake(f"--header {name}: write NAME=VALUE, e.g. cloudEvents_sequence=2")
    return {name: value for name, _, value in pairs}


def _by_editor(headers: dict[str, Any], body: bytes) -> Mended:
    """Both as one JSON document in the user's editor."""
    text = body.decode("utf-8", "backslashreplace")
    try:
        data = json.loads(text)
    except ValueError:
        data = text
    told = {"headers": json.loads(as_kept(headers)), "data": data}
    edited = click.edit(json.dumps(told, ensure_ascii=False, indent=2), extension=".json")
    if edited is None:
        raise Mistake("nothing was changed")
    try:
        document = json.loads(edited)
        return Mended(
            headers=as_sent(json.dumps(document["headers"])),
            body=json.dumps(document["data"], ensure_ascii=False).encode(),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Mistake(f"that is not a document with headers and data: {error}") from error


def _require_event(found: Mended) -> None:
    try:
        event = from_headers(found.headers, found.body)
        if event.type in CONTRACTS:
            CONTRACTS[event.type]().load(event.data)
    except Undecodable as error:
        raise Mistake(f"that is no event: {error}") from error
    except ValidationError as error:
        raise Mistake(f"that breaks the contract: {first_fault(error.messages)}") from error
