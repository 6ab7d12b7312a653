"""What the tests of the house walk through: its files, its modules, its services and their applications."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from flask import Flask

from chassis.settings import Settings
from cli.house import House

ROOT = Path(__file__).resolve().parent.parent.parent
FLOORS = ("regulation", "contracts", "chassis", "services", "cli")
SAMPLES = ("examples", "benchmarks", "tests")
NOT_OURS = {".venv", ".git", ".data", "data", ".servers", "build", "__pycache__"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that belongs to the repository, in it or about to be; all there are where there is no git."""
    listed = subprocess.run(
        [shutil.which("git") or "false", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        found = [path for path in ROOT.rglob("*") if not NOT_OURS & set(path.parts)]
    return tuple(sorted(path for path in found if path.is_file()))


def modules(*rooms: str) -> Iterator[Path]:
    """The Python files under these folders of the house."""
    for path in files():
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in rooms:
            yield path


def name_of(path: Path) -> str:
    """A file as it is called inside the house."""
    return path.relative_to(ROOT).as_posix()


def parsed(path: Path) -> ast.Module:
    """A module's syntax."""
    return ast.parse(path.read_text(encoding="utf-8"))


def app_of(service: str, settings: Settings) -> Flask:
    """A service's application on a database of its own, which holds nothing yet."""
    house = House(settings, [service])
    house.migrate()
    return house.app(service)
