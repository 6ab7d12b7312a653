"""`ocop backup` and `ocop restore`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from chassis.settings import Settings, read
from cli.audit.report import take as take_audit
from cli.backup import restoring, vessel
from cli.backup.manifest import Manifest
from cli.backup.restoring import Difference
from cli.backup.taking import EVIDENCE, Told, take
from cli.house import House
from cli.locking import only_one
from cli.mistakes import Failure
from cli.printing import console, json_option, print_json, print_table
from cli.processes import require_migrated

target = click.argument("path", type=click.Path(path_type=Path), metavar="FOLDER|FILE.tar")


@click.command()
@target
@json_option
def backup(path: Path, as_json: bool) -> None:
    """Copy databases, evidence files and the broker's definitions into a new folder or tar file.

    The instance may run: all databases are copied as they stood at one moment. Tokens' secrets and the broker's users
    are not in it. Keep it as you keep the databases: it holds what they hold.
    """
    house = House(read())
    require_migrated(house)
    with _telling() as told, vessel.new(path) as made:
        found = take(house, made, told)
    house.close()
    _print(found, f"Backup in {path}", as_json=as_json)


@click.command()
@target
@click.option("--verify", is_flag=True, help="Afterwards count rows and run the audit.")
@click.option("--force", is_flag=True, help="Also in place of what the instance holds now.")
@click.option("--dry-run", is_flag=True, help="Only check the backup: every hash, and whether it fits.")  # fmt: skip
@json_option
def restore(path: Path, verify: bool, force: bool, dry_run: bool, as_json: bool) -> None:
    """Put a backup back into a stopped, empty instance with these settings.

    Nothing is touched before every file's hash is right. Exit status 1 when --verify finds anything amiss.
    """
    settings = read()
    house = House(settings)
    with _alone(settings), vessel.existing(path) as source, _telling() as told:
        told("hashes")
        found = restoring.check(source, house)
        if not dry_run:
            restoring.require_quiet(house)
            if not force:
                restoring.require_empty(house)
            differences = restoring.restore(house, source, found, told)
    if dry_run:
        _print(found, f"{path} is whole, and fits this instance", as_json=as_json)
        return
    _print(found, f"Restored from {path}, taken at {found.taken_at}", as_json=as_json)
    if verify:
        _verify(house, differences)
    house.close()


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """An embedded instance does not run while it is restored."""
    if not settings.embedded:
        yield
        return
    with only_one(settings.data):
        yield


@contextmanager
def _telling() -> Iterator[Told]:
    with console(err=True).status("") as status:
        yield status.update


def _print(found: Manifest, title: str, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(found) | {"files": len(found.files)})
        return
    rows = [
        (service, sum(each.rows.values()), each.outbox_position, each.outbox_unsent,
         ", ".join(f"{name} {revision}" for name, revision in each.migrations.items()))
        for service, each in found.services.items()
    ]  # fmt: skip
    columns = ("service", "rows", "said", "unsent", "migrations")
    click.echo(title)
    print_table("", columns, rows, right=(1, 2, 3))
    size = sum(file["size"] for file in found.files.values())
    click.echo(
        f"{len(found.files)} files, {len(found.under(EVIDENCE))} of them evidence, {size:,} bytes"
    )


def _verify(house: House, differences: list[Difference]) -> None:
    """Raises Failure, saying what is amiss; what is well is told on stderr beside the answer."""
    for each in differences:
        click.echo(
            f"{each.service}: {each.table} had {each.expected} rows, has {each.found}", err=True
        )
    report = take_audit(house)
    click.echo(
        f"Audit: {report.dossiers} dossiers, {report.faults} faults, "
        f"{report.in_flight} deliveries to be made.",
        err=True,
    )
    if differences or report.faults:
        raise Failure("the restored instance is not what the backup says: see `ocop audit`")
    click.echo("The restored instance is what the backup says.", err=True)
