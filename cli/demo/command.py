"""`ocop demo PLAN`: walks a sample year through every door, and shows the plan against its result."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from chassis.settings import SERVICES, Settings, SettingsRefused, read
from cli.demo import office, plan, year
from cli.demo.office import ActRefused, Office
from cli.demo.plan import Plan, UnknownPlan
from cli.embedded import Embedded, NotSettled, settle
from cli.house import House
from regulation.territory import territory

PATIENCE = 60.0
"""Seconds that the events of one step may take."""


@click.command("demo")
@click.argument("name", metavar="PLAN")
@click.option("--on", "parts", type=click.Choice(["embedded", "broker"]), default="embedded",
              show_default=True, help="in this process, or on the servers of the settings")  # fmt: skip
@click.option("--attach", is_flag=True, help="on the broker: workers and relays run already")
@click.option("--json", "as_json", is_flag=True, help="print the table as JSON")
def demo(name: str, parts: str, attach: bool, as_json: bool) -> None:
    """Walk a sample year: ideas, dossiers, councils, decisions, the ministry, the catalogue.

    Run again after it was cut short, it takes up where it stopped: nothing is done twice.
    """
    console = Console(stderr=True)
    try:
        sample = plan.read(name)
        house = House(_settings(parts))
        with _running(house, attach=attach):
            rows = _walk(sample, house, console)
    except (UnknownPlan, SettingsRefused, ActRefused, NotSettled) as error:
        raise click.ClickException(str(error)) from error
    _show(sample, rows, as_json=as_json)


def _settings(parts: str) -> Settings:
    settings = read()
    if parts == "embedded" and not settings.embedded:
        raise SettingsRefused("OCOP_BROKER_URL is set: run the demo with --on broker")
    if parts == "broker" and settings.embedded:
        raise SettingsRefused("OCOP_BROKER_URL is not set: there is no broker to run on")
    return settings


@contextmanager
def _running(house: House, *, attach: bool) -> Iterator[None]:
    """Databases migrated, and every event carried while the block runs."""
    house.migrate()
    if house.settings.embedded:
        with Embedded(house):
            yield
        return
    children = [] if attach else _children()
    try:
        yield
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=30)


def _children() -> list[subprocess.Popen[bytes]]:
    """A worker and a relay for all services, after the topology is there."""
    ocop = [sys.executable, "-m", "cli.main"]
    subprocess.run([*ocop, "topology", "apply"], check=True, stdout=subprocess.DEVNULL)  # noqa: S603  our own command
    return [
        subprocess.Popen([*ocop, command, *SERVICES])  # noqa: S603  our own command
        for command in ("worker", "relay")
    ]


def _walk(sample: Plan, house: House, console: Console) -> dict[str, Any]:
    desk = Office(house, sample.name)
    walk = year.Year(sample, desk, partial(settle, house, PATIENCE))
    columns = (TextColumn("{task.description:<22}"), BarColumn(), MofNCompleteColumn(),
               TimeElapsedColumn())  # fmt: skip
    with Progress(*columns, console=console) as progress:
        for step in walk.steps():
            bar = progress.add_task(step.name, total=step.size)
            for _ in step.acts:
                progress.advance(bar)
    found: dict[str, Any] = desk.read(
        f"/reporting/plan-against-result?year={sample.year}", office.ocop_officer(sample.province)
    )
    return found


def _show(sample: Plan, found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    units = territory(sample.calendar["open"])
    table = Table(title=f"{sample.title['vi']}: kế hoạch / kết quả — plan / result")
    table.add_column("Đơn vị / area")
    for star in (3, 4, 5):
        table.add_column(f"{star}★", justify="right")
    table.add_column("Tổng / total", justify="right")
    for row in found["rows"]:
        table.add_row(units.unit(row["area"]).name, *_cells(row))
    table.add_row("Tổng / total", *_cells(found["total"]), style="bold")
    Console().print(table)


def _cells(row: dict[str, Any]) -> Iterator[str]:
    for star in ("3", "4", "5"):
        waiting = f" (+{row['potential']})" if star == "5" and row["potential"] else ""
        yield f"{row['target'][star]} / {row['result'][star]}{waiting}"
    yield f"{row['target_total']} / {row['result_total']}"
