"""How dead letters are printed and exported."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from chassis.papers import as_sent
from cli.dead_letters.deciding import event_or_none
from cli.printing import print_table
from contracts.envelope import to_structured

WHEN = "%Y-%m-%d %H:%M:%S"


def print_list(found: Sequence[tuple[str, Any]], title: str) -> None:
    """A line per letter."""
    rows = [
        (f"{service}/{row.number}", row.type, row.subject, _first_line(row.reason), row.fingerprint,
         row.attempts, f"{row.last_at:{WHEN}}", row.state)
        for service, row in found
    ]  # fmt: skip
    columns = ("letter", "type", "subject", "reason", "fingerprint", "tries", "died (UTC)", "")
    print_table(title, columns, rows, right=(5,))


def print_groups(found: Sequence[tuple[str, Any]]) -> None:
    """A line per fingerprint."""
    rows = [
        (service, row.fingerprint, row.letters, row.type, _first_line(row.reason), row.frame,
         f"{row.first:{WHEN}}", f"{row.last:{WHEN}}", f"{service}/{row.example}")
        for service, row in found
    ]  # fmt: skip
    columns = ("service", "fingerprint", "letters", "type", "reason", "in", "first (UTC)", "last",
               "such as")  # fmt: skip
    print_table("Dead letters by fingerprint", columns, rows, right=(2,))


def group_document(service: str, row: Any) -> dict[str, Any]:
    """One group as `--json` has it."""
    return {"service": service} | dict(row._mapping) | {"example": f"{service}/{row.example}"}


def brief_document(service: str, row: Any) -> dict[str, Any]:
    """One letter without what it carries."""
    return {"letter": f"{service}/{row.number}"} | dict(row._mapping)


def document(service: str, letter: Any) -> dict[str, Any]:
    """One letter with all that is known of it; `event` is the envelope where it carries one, else headers and body."""
    event = event_or_none(letter)
    known = {
        "letter": f"{service}/{letter.number}",
        "reason": letter.reason,
        "exception": letter.exception,
        "frame": letter.frame,
        "fingerprint": letter.fingerprint,
        "attempts": letter.attempts,
        "deaths": letter.deaths,
        "buried_at": letter.buried_at.isoformat(),
        "last_at": letter.last_at.isoformat(),
        "state": letter.state,
        "decided_at": letter.decided_at and letter.decided_at.isoformat(),
        "decided_by": letter.decided_by,
        "why": letter.why,
        "edited": letter.original is not None,
    }
    if event is not None:
        return known | {"event": to_structured(event)}
    return known | {
        "type": letter.type,
        "headers": as_sent(letter.headers),
        "body": _text(bytes(letter.body)),
    }


def lines(service: str, letter: Any) -> Iterator[tuple[str, str]]:
    """One letter for people: what, and its value."""
    for name, value in document(service, letter).items():
        if value in (None, "", False):
            continue
        if isinstance(value, (dict, list)):
            value = json.dumps(value, ensure_ascii=False, indent=2, default=str)
        yield name, str(value)


def _text(body: bytes) -> str:
    return body.decode("utf-8", "backslashreplace")


def _first_line(reason: str) -> str:
    return (reason.splitlines() or [""])[0][:120]
