"""The door itself: every command says what it does, prints JSON, and takes mistakes in one line."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cli.main import COMMANDS, ocop
from tests.cli.calling import Ocop, assert_mistake

PROCESSES = ("up", "web", "worker", "relay", "serve")
"""These run until they are told to end; they log and print nothing."""

FILES = ("export catalogue", "export dossiers", "regulation template")
"""These write a file of rows, or one to fill in: its form is what they are asked for."""


def leaves(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from leaves(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


def test_every_command_says_what_it_does() -> None:
    speechless = [name for name, command in leaves(ocop) if not command.help]  # type: ignore[arg-type]  # a group

    assert speechless == []


def test_every_command_that_prints_data_prints_json() -> None:
    without = [
        name
        for name, command in leaves(ocop)  # type: ignore[arg-type]  # a group
        if name not in (*PROCESSES, *FILES)
        and not any("--json" in each.opts for each in command.params)
    ]

    assert without == []


def test_help_lists_every_command(tmp_path: Path) -> None:
    shown = Ocop(tmp_path)("--help").stdout

    assert [name for name in COMMANDS if name not in shown] == []


@pytest.mark.parametrize(
    "words",
    [
        ("up",), ("web", "all"), ("worker", "all"), ("relay", "all"), ("serve", "all"),
        ("migrate",), ("topology", "plan"), ("doctor",), ("audit",), ("act", "list"),
        ("events", "show", "x"), ("token", "--id", "x", "--grant", "operator@38"),
    ],
)  # fmt: skip
def test_a_setting_that_does_not_fit_is_named_whatever_was_asked(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    result = Ocop(tmp_path, OCOP_PORT="many")(*words)

    assert_mistake(result, "OCOP_PORT")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nonsense",), "No such command 'nonsense'"),
        (("worker",), "Missing argument 'SERVICE…'"),
        (("relay", "kitchen"), "'kitchen' is not one of"),
        (("up", "--port", "0"), "--port"),
        (("audit", "--colour"), "No such option"),
        (("token", "--id", "x", "--grant", "operator"), "role@area"),
        (("token", "--id", "x", "--grant", "king@38"), "no role 'king'"),
    ],
)
def test_a_command_that_cannot_be_understood_is_refused_in_one_line(
    tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    assert_mistake(Ocop(tmp_path)(*words), says)


@pytest.mark.parametrize("command", ["worker", "relay", "serve"])
def test_what_needs_a_broker_says_so_where_there_is_none(tmp_path: Path, command: str) -> None:
    assert_mistake(Ocop(tmp_path)(command, "all"), "OCOP_BROKER_URL", "ocop up")


def test_a_database_that_is_not_migrated_is_named_with_what_to_do(tmp_path: Path) -> None:
    result = Ocop(tmp_path)("audit")

    assert result.exit_code == 1
    assert "ocop migrate registration" in result.stderr


def test_a_database_that_does_not_answer_is_told_in_one_line(tmp_path: Path) -> None:
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:9/{service}"

    result = Ocop(tmp_path, OCOP_DATABASE_URL=nowhere)("audit")

    assert result.exit_code == 1
    assert "the database does not answer" in result.stderr
    assert "Traceback" not in result.output


def test_a_token_opens_the_door_it_was_made_for(tmp_path: Path) -> None:
    from chassis.identity import Tokens
    from chassis.settings import read
    from regulation.acting import Role

    call = Ocop(tmp_path)

    minted = call("token", "--id", "clerk-7", "--grant", "commune-officer@14812").stdout.strip()

    actor = Tokens(read({"OCOP_DATA": str(tmp_path)})).actor(f"Bearer {minted}")
    assert actor.id == "clerk-7"
    assert actor.holds(Role.COMMUNE_OFFICER, "14812")
