"""How commands print: a table for people, or one JSON document for programs (`--json`)."""

import json
from collections.abc import Callable, Container, Iterable, Sequence
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

Command = TypeVar("Command", bound=Callable[..., Any])


def json_option(command: Command) -> Command:
    """The option `--json`, passed on as `as_json`."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON document instead of a table."
    )(command)


def print_json(document: Any) -> None:
    """One JSON document on stdout."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def print_table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    right: Container[int] = (),
) -> None:
    """A table on stdout; the columns numbered in `right` hold figures."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    console().print(table)


def _cell(value: Any) -> Text:
    """Text as it is: square brackets in a message are no markup."""
    return value if isinstance(value, Text) else Text("" if value is None else str(value))


def console(*, err: bool = False) -> Console:
    """Where people read; never narrower than a table needs when nobody looks (a pipe, a log)."""
    found = Console(stderr=err, highlight=False)
    if not found.is_terminal:
        found.width = 160
    return found
