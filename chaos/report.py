"""Shows a run: the plan, its progress, the ledger as a table, and everything as JSON."""

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from chaos import run
from chaos.ledger import Line
from chaos.run import Order, Outcome
from chassis.fault_points import POINTS
from cli.audit.report import as_document

COLUMNS = ("sent", "heard", "effected", "lost", "doubled", "stuck", "parked", "dead")


class Bar:
    """A progress bar over time and dossiers, with what is left and the latest fault."""

    def __init__(self, order: Order, console: Console) -> None:
        self._order = order
        self._progress = Progress(
            TextColumn("{task.fields[phase]:<22}"),
            BarColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[state]}"),
            console=console,
            refresh_per_second=2,
        )
        self._task = self._progress.add_task("", total=1.0, phase="", state="")
        self._told = ""

    def __enter__(self) -> "Bar":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, now: run.Progress) -> None:
        """Where the run stands now; each fault is printed above the bar as it strikes."""
        rate = now.finished / now.elapsed if now.elapsed else 0.0
        state = f"{now.finished} dossiers, {rate:.1f}/s, {now.strikes} faults"
        self._progress.update(self._task, completed=self._share(now), phase=now.phase, state=state)
        if now.last != self._told:
            self._told = now.last
            self._progress.console.print(f"[dim]{now.last}[/dim]", highlight=False)

    def _share(self, now: run.Progress) -> float:
        """Of the time or of the dossiers, whichever has less behind it."""
        of_time = now.elapsed / (self._order.minutes * 60)
        of_dossiers = now.finished / self._order.dossiers if self._order.dossiers else 1.0
        return min(of_time, of_dossiers, 1.0)


def table(lines: Sequence[Line], total: Line) -> Table:
    """The ledger as people read it."""
    made = Table(title="Ledger")
    made.add_column("event")
    for column in COLUMNS:
        made.add_column(column, justify="right")
    for line in lines:
        made.add_row(line.type, *_cells(line))
    made.add_section()
    made.add_row("total", *_cells(total), style="bold")
    return made


def _cells(line: Line) -> list[str]:
    return [f"{getattr(line, column):,}" for column in COLUMNS]


def show(order: Order, outcome: Outcome, console: Console) -> None:
    """The ledger, what was done to the instance, and the verdict."""
    if outcome.ledger is not None:
        console.print(table(outcome.ledger.lines, outcome.ledger.totals))
    struck = ", ".join(f"{kind} {count}" for kind, count in sorted(outcome.struck.items()))
    console.print(f"Faults: {struck}. Processes died {outcome.deaths} times.", highlight=False)
    untried = [point for point in POINTS if not outcome.points.get(point)]
    console.print(f"Fault points at which a process died: {len(POINTS) - len(untried)} of {len(POINTS)}."
                  + (f" Not: {', '.join(untried)}." if untried else ""), highlight=False)  # fmt: skip
    for trouble in outcome.troubles:
        console.print(f"A fault could not be done: {trouble}", highlight=False)
    for each in outcome.amiss:
        console.print(f"[red]Amiss: {each}[/red]", highlight=False)
    console.print(_verdict(order, outcome), highlight=False)


def _verdict(order: Order, outcome: Outcome) -> str:
    rate = outcome.dossiers / outcome.seconds if outcome.seconds else 0.0
    what = f"Seed {order.seed}: {outcome.dossiers:,} dossiers in {outcome.seconds:.0f} s under fire ({rate:.1f}/s)"
    audit = "clean" if outcome.ledger and outcome.ledger.audit.is_clean else "not clean"
    verdict = "nothing lost, doubled or stuck" if outcome.is_right else "NOT RIGHT"
    return f"{what}, drained in {outcome.drained_in:.0f} s, audit {audit}: {verdict}."


def document(order: Order, outcome: Outcome) -> dict[str, Any]:
    """Everything as JSON."""
    ledger = outcome.ledger
    return {
        "right": outcome.is_right,
        "order": asdict(order),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "seconds": round(outcome.seconds, 1),
        "drained_in": round(outcome.drained_in, 1),
        "dossiers": outcome.dossiers,
        "requests": outcome.requests,
        "repeated": outcome.repeated,
        "deaths": outcome.deaths,
        "faults": dict(outcome.struck),
        "points": {point: outcome.points.get(point, 0) for point in POINTS},
        "poisoned": outcome.poisoned,
        "amiss": outcome.amiss,
        "troubles": outcome.troubles,
        "ledger": [asdict(line) for line in (*ledger.lines, ledger.totals)] if ledger else [],
        "audit": as_document(ledger.audit) if ledger else {},
    }
