"""What ends a command with one clear line and no traceback: the user's mistakes (2), servers that are away (1)."""

import sys
from typing import IO, Any

import click
from click.exceptions import NoArgsIsHelpError

from chassis.settings import SettingsRefused
from regulation.refusals import Refusal


class Failure(click.ClickException):
    """The command cannot do its work now; one sentence, exit status 1."""

    exit_code = 1

    def show(self, file: IO[Any] | None = None) -> None:
        """One line on stderr."""
        line = " ".join(self.format_message().split())
        click.echo(f"ocop: {line}", err=True, file=file or sys.stderr)


class Mistake(Failure):
    """Something the user can mend; one sentence, exit status 2."""

    exit_code = 2


def first_fault(messages: Any) -> str:
    """The first field at fault in marshmallow's messages and what is wrong with it, as a sentence."""
    path = []
    while isinstance(messages, dict) and messages:
        name, messages = next(iter(messages.items()))
        path.append(str(name))
    text = messages[0] if isinstance(messages, list) and messages else messages
    where = ".".join(name for name in path if name not in ("_schema", "value"))
    return f"{where}: {text}" if where else str(text)


def in_one_line(error: Exception) -> Failure | None:
    """How to end a command on this error; None for a fault of ours, which keeps its traceback."""
    if isinstance(error, click.UsageError) and not isinstance(error, NoArgsIsHelpError):
        command = error.ctx.command_path if error.ctx else "ocop"
        return Mistake(f"{error.format_message()} (see `{command} --help`)")
    if isinstance(error, (SettingsRefused, Refusal)) or _slug(error) == "token-refused":
        return Mistake(str(error))
    if isinstance(error, (PermissionError, NotADirectoryError, IsADirectoryError)):
        return Failure(f"{error.filename}: {error.strerror}")
    return _of_database(error) or _of_broker(error)


def _of_database(error: Exception) -> Failure | None:
    if "sqlalchemy" not in sys.modules:
        return None
    from chassis.database import is_away  # loaded already; a worker must not load it here

    if is_away(error):
        return Failure(f"the database does not answer: {getattr(error, 'orig', error)}")
    return None


def _of_broker(error: Exception) -> Failure | None:
    if _slug(error) == "broker-away":
        return Failure(f"the broker does not answer: {error}")
    return None


def _slug(error: Exception) -> str:
    """Known by its slug: whoever meets no such error need not load what raises it."""
    return str(getattr(error, "slug", ""))
