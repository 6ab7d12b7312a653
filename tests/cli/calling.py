"""Calls `ocop` in this process, as a user would, with the settings that a test gives."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from cli.main import ocop


class Ocop:
    """The command with one instance's settings."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data = data
        self.settings: Mapping[str, str] = {"OCOP_DATA": str(data)} | settings

    def __call__(self, *words: str, given: str | None = None) -> Result:
        """Run it; what it prints and its exit status."""
        return CliRunner().invoke(ocop, words, input=given, env=self.settings, prog_name="ocop")

    def json(self, *words: str, status: int = 0) -> Any:
        """What it prints with --json."""
        result = self(*words, "--json")
        assert result.exit_code == status, result.output
        return json.loads(result.stdout)


def assert_mistake(result: Result, *says: str) -> None:
    """Exit status 2, one line on stderr that says this, no traceback, nothing on stdout."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    for words in says:
        assert words in line
