"""`python -m cli.document`: writes what is generated from the contracts; `--check` only says what is stale."""

from collections.abc import Callable, Mapping
from pathlib import Path

import click

from cli.document.asyncapi import document
from cli.document.page import page

HOUSE = Path(__file__).resolve().parents[2]
WRITTEN: Mapping[str, Callable[[], str]] = {
    "docs/events.md": page,
    "deploy/asyncapi.yaml": document,
}


def stale() -> list[str]:
    """The files that are not what the contracts say now."""
    return [name for name, write in WRITTEN.items() if _on_disk(name) != write()]


def _on_disk(name: str) -> str | None:
    path = HOUSE / name
    return path.read_text() if path.exists() else None


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail if a file is stale.")
def main(check: bool) -> None:
    """Write docs/events.md and deploy/asyncapi.yaml from the contracts."""
    for name in stale():
        if check:
            raise click.ClickException(f"{name} is stale: make docs")
        (HOUSE / name).write_text(WRITTEN[name]())
        click.echo(f"{name} written")


if __name__ == "__main__":
    main()
