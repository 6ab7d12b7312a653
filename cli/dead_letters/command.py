"""`ocop dead-letters`: the menu of what can be asked and done."""

import click

from cli.dead_letters.acting import collect, discard, edit, redrive_
from cli.dead_letters.looking import export, groups, list_, show


@click.group("dead-letters")
def dead_letters() -> None:
    """Messages that could not be heard: see why, mend, send again, give up.

    \b
    ocop dead-letters groups
    ocop dead-letters redrive --fingerprint 1f0c --dry-run --why "pack 2026 imported"
    ocop dead-letters discard reporting/12 --why "sent twice by the test bench"
    """


for _command in (groups, list_, show, export, edit, redrive_, discard, collect):
    dead_letters.add_command(_command)
