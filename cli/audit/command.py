"""`ocop audit`: prints what the audit found; exit status 1 when anything is not accounted for."""

from collections.abc import Iterator
from typing import Any

import click

from chassis.settings import SERVICES, read
from cli.audit.delivery import Fate, Line
from cli.audit.report import Report, as_document, take
from cli.house import House, listening
from cli.printing import json_option, print_json, print_table
from cli.processes import require_migrated

SHOWN = 50
"""Dossiers printed; `--json` has all."""


@click.command()
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=0,
    metavar="SECONDS",
    help="Look again, so long at most, until everything has arrived; what has not then is a fault.",
)
@json_option
def audit(wait: float, as_json: bool) -> None:
    """Account for every event, dossier and sum, from all five databases. Exit status 1 if anything is amiss."""
    house = House(read())
    require_migrated(house)
    report = take(house, wait=wait)
    house.close()
    if as_json:
        print_json(as_document(report))
    else:
        _print(report)
    raise SystemExit(1 if report.faults or (wait and not report.is_clean) else 0)


def _print(report: Report) -> None:
    rows = [_row(line) for line in report.delivery.lines]
    columns = ("event", "said", *SERVICES, "amiss")
    print_table("Events said, and heard by", columns, rows, right=range(1, len(columns) - 1))
    if any(report.delivery.dead_messages.values()):
        letters = report.delivery.dead_messages.items()
        print_table("Dead letters", ("service", "messages"), list(letters), right=(1,))
    if report.unaccounted:
        _print_unaccounted(report)
    print_table("Sums", ("", "expected", "found", ""), list(_sums(report)))
    click.echo(_verdict(report))


def _row(line: Line) -> tuple[Any, ...]:
    hearers = [name for name, sayers in listening().items() if line.sayer in sayers]
    heard = [line.heard[name] if name in hearers else "·" for name in SERVICES]
    amiss = {fate.value: count for fate, count in line.fates.items() if fate is not Fate.HEARD}
    amiss |= {"doubled": line.doubled, "never said": line.strangers}
    words = ", ".join(f"{count} {what}" for what, count in amiss.items() if count)
    return (line.type, line.said, *heard, words)


def _print_unaccounted(report: Report) -> None:
    rows = [
        (each.dossier_id, each.service, each.reason, "in flight" if each.in_flight else "")
        for each in report.unaccounted[:SHOWN]
    ]
    title = f"Dossiers not accounted for: {len(report.unaccounted)}"
    print_table(title, ("dossier", "service", "reason", ""), rows)


def _sums(report: Report) -> Iterator[tuple[Any, ...]]:
    for check in report.checks:
        yield (
            check.what,
            _short(check.expected),
            _short(check.found),
            "" if check.is_right else "✗",
        )


def _short(value: Any) -> str:
    if value == []:
        return "none"
    if isinstance(value, dict):
        return ", ".join(f"{star}★ {count}" for star, count in value.items()) or "none"
    if isinstance(value, list):
        more = f" and {len(value) - 5} more" if len(value) > 5 else ""
        return ", ".join(map(str, value[:5])) + more
    return str(value)


def _verdict(report: Report) -> str:
    if report.is_clean:
        return f"All {report.dossiers} dossiers are accounted for."
    return f"Faults: {report.faults}. Deliveries in flight: {report.in_flight}."
