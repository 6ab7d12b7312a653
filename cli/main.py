"""The command `ocop`: lists its commands, loads the one that was asked for, and says a user's mistake in one line."""

import importlib
from typing import Any, NoReturn

import click

from chassis.telemetry import start_quietly
from cli.mistakes import in_one_line

COMMANDS = {
    "up": "cli.up:up",
    "web": "cli.processes:web",
    "worker": "cli.processes:worker",
    "relay": "cli.processes:relay",
    "serve": "cli.serve:serve",
    "migrate": "cli.migrate:migrate",
    "topology": "cli.topology:topology",
    "doctor": "cli.doctor.command:doctor",
    "audit": "cli.audit.command:audit",
    "token": "cli.token:token",
    "act": "cli.act.command:act",
    "import": "cli.importing.command:import_",
    "export": "cli.exporting:export",
    "rate": "cli.rate:rate",
    "rating": "cli.law.rating:rating",
    "regulation": "cli.law.regulation:regulation",
    "events": "cli.events:events",
    "queues": "cli.queues:queues",
    "dead-letters": "cli.dead_letters.command:dead_letters",
    "recover": "cli.recover:recover",
    "backup": "cli.backup.command:backup",
    "restore": "cli.backup.command:restore",
    "demo": "cli.demo.command:demo",
}
"""Command → where it stands. Loaded when asked for: a worker must not have opened anything before eventlet."""


class _Door(click.Group):
    """Loads a command when it is called; what refuses a request ends in one line and exit status 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of an operator's day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error that needs no traceback becomes one line."""
        start_quietly()
        try:
            return super().invoke(ctx)
        except Exception as error:
            failure = in_one_line(error)
            if failure is None:
                raise
            raise failure from error


@click.group(cls=_Door, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ocop")
def ocop() -> None:
    """One Commune One Product: everything an operator does, from one command."""


def main() -> NoReturn:
    """The entry point of the `ocop` command."""
    ocop(prog_name="ocop")
    raise SystemExit(0)


if __name__ == "__main__":
    main()
