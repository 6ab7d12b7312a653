"""Every module says what it is for, is of a size to be read, and imports and names nothing that it should not."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.house import FLOORS, ROOT, SAMPLES, files, modules, name_of, parsed

OURS = tuple(modules(*FLOORS, "examples", "benchmarks", "chaos"))
LONGEST = 300
TOO_LONG_BUT_ONE_THING: set[str] = set()
NO_NAMES = {
    "utils", "util", "helpers", "helper", "common", "shared", "misc", "base", "core", "lib", "manager",
    "processor", "types",
}  # fmt: skip
BANNED = {
    ("nameko.events", "event_handler"): "nameko acknowledges what failed: chassis.wire.listening",
    ("nameko.events", "EventDispatcher"): "events leave through the outbox",
    ("nameko.standalone.events", "event_dispatcher"): "events leave through the outbox",
    ("os", "environ"): "chassis.settings reads the environment",
    ("os", "getenv"): "chassis.settings reads the environment",
}
MAY = {
    "chassis/settings.py": {("os", "environ")},
    "chassis/wire/patience.py": {("os", "environ")},  # psycopg reads it there
}
HOSTS = re.compile(
    r"\b(pypi|pythonhosted|npmjs|crates|rubygems|jfrog|artifactory)\.(org|io|com)\b"
)
MACHINE = re.compile(r"(?<![\w./])(/(?:work|home/\w+|root)/|\.\./shared)")
BARE_IGNORE = re.compile(r"#\s*(noqa(:\s*[A-Z0-9, ]+)?|type: ignore(\[[\w, -]+\])?)\s*$")
LOCK = re.compile(r"\b0x0C0[0-9A-F]\b")
TEXT = {".py", ".md", ".toml", ".yml", ".yaml", ".txt", ".in", ".cfg", ".ini", ".sh", ".html", ".css",
        ".csv", ".json", ".conf", ".mako", ".example", ""}  # fmt: skip


def test_a_module_begins_with_one_sentence_that_says_what_it_is_for() -> None:
    bad = [f"{name_of(path)}: {_first_line(path)}" for path in OURS if not _one_sentence(path)]

    assert bad == []


def test_a_module_is_of_a_size_to_be_read() -> None:
    bad = [
        f"{name_of(path)}: {_lines(path)} lines"
        for path in OURS
        if _lines(path) > LONGEST and name_of(path) not in TOO_LONG_BUT_ONE_THING
    ]

    assert bad == []


def test_no_room_is_called_what_everything_could_be_called() -> None:
    bad = [
        name_of(path)
        for path in modules(*FLOORS, *SAMPLES)
        if NO_NAMES & {path.stem, path.parent.name}
    ]

    assert bad == []


def test_a_module_imports_nothing_that_is_banned() -> None:
    found = [
        f"{name_of(path)}: {BANNED[use]}"
        for path in modules(*FLOORS)
        for use in _uses(parsed(path))
        if use in BANNED and use not in MAY.get(name_of(path), set())
    ]

    assert found == []


def test_the_exceptions_are_still_needed() -> None:
    for name, uses in MAY.items():
        assert uses <= set(_uses(parsed(ROOT / name))), name
    for name in TOO_LONG_BUT_ONE_THING:
        assert _lines(ROOT / name) > LONGEST, name


@pytest.mark.parametrize("words", [HOSTS, MACHINE], ids=["registry", "machine"])
def test_nothing_names_a_package_registry_or_a_place_on_one_machine(
    words: re.Pattern[str],
) -> None:
    found = [
        f"{name_of(path)}: {match.group()}"
        for path in files()
        if path.suffix in TEXT and path != Path(__file__)
        for match in words.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]

    assert found == []


def test_every_ignored_complaint_has_its_reason() -> None:
    bare = [
        f"{name_of(path)}:{number}"
        for path in modules(*FLOORS)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if BARE_IGNORE.search(line) and not line.endswith("# noqa: E402")  # said once per module
    ]

    assert bare == []


def test_no_two_advisory_locks_have_one_number() -> None:
    """A service's relay holds one for as long as it leads: who asked for the same would wait for ever."""
    numbers = [
        match.group()
        for path in modules(*FLOORS)
        for match in LOCK.finditer(path.read_text(encoding="utf-8"))
    ]

    assert len(numbers) == len(set(numbers)) >= 5


def test_psycopg_never_stops_a_worker_s_other_workers() -> None:
    """A worker that imports its service has psycopg wait where eventlet can see it."""
    check = (
        "import eventlet; eventlet.monkey_patch(); import services.registration.service, psycopg; "
        "from chassis.wire import patience; patience.require(); "
        "assert psycopg.waiting.wait is psycopg.waiting.wait_selector"
    )

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", check], cwd=ROOT, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "before",
    ["", "import psycopg, eventlet; eventlet.monkey_patch()"],
    ids=["not patched", "psycopg first"],
)
def test_a_worker_that_would_stand_still_does_not_start(before: str) -> None:
    check = f"{before}\nfrom chassis.wire import patience; patience.require()"

    bare = {name: value for name, value in os.environ.items() if name != "PSYCOPG_WAIT_FUNC"}

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", check],
        cwd=ROOT,
        env=bare,
        capture_output=True,
        text=True,
    )

    assert "NotGreen" in done.stderr


def _uses(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What a module imports or reaches by a dotted name: `(module, name)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node.value.id, node.attr


def _first_line(path: Path) -> str:
    return (ast.get_docstring(parsed(path)) or "").split("\n")[0]


def _one_sentence(path: Path) -> bool:
    first = re.sub(r"`[^`]*`", "it", _first_line(path))  # what is quoted may hold full stops
    return bool(re.fullmatch(r"\S.*[.:]", first)) and not re.search(r"[.!?] [A-ZĐ]", first)


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())
