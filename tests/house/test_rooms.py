"""Every service has the same rooms, says what its first page says, and hears whom it says it hears."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chassis.settings import SERVICES
from cli.house import reactions
from contracts.catalogue import CONTRACTS, SAYER_OF, SAYERS
from tests.house.house import ROOT

EVERYWHERE = {"domain", "messages", "storage", "hearing", "api", "service", "migrations"}
OPTIONAL = {
    "use_cases",
    "queries",
    "schemas",
    "pages",
    "chores",
    "templates",
    "words",
    "documents",
}
OF_THEIR_OWN = {
    "registration": {
        "evidence",
        "working_days",
    },  # uploaded files; the days that count for a deadline
    "evaluation": {"shown", "working_days"},  # what is shown to whom; the clock's days
    "promotion": {
        "folding",
        "leaping",
    },  # Vietnamese text without its marks, to search by; how words common to many are searched
    "reporting": {"charts", "tallies"},  # bars drawn as SVG; counting again what is kept counted
}
WITHOUT_USE_CASES = {"reporting"}  # it only listens and answers


def test_the_imports_keep_the_rules_of_the_rooms() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_rooms_of_every_service(service: str) -> None:
    there = {
        path.stem
        for path in (ROOT / "services" / service).iterdir()
        if path.stem not in ("__init__", "__pycache__")
    }

    assert there >= EVERYWHERE
    assert "use_cases" in there or service in WITHOUT_USE_CASES
    assert there <= EVERYWHERE | OPTIONAL | OF_THEIR_OWN.get(service, set())


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_s_first_page_holds_a_docstring_only_and_tells_the_truth(service: str) -> None:
    page = importlib.import_module(f"services.{service}")
    text = page.__doc__ or ""
    source = Path(str(page.__file__)).read_text(encoding="utf-8").strip()
    says, hears = re.search(r"Says:(.*?)Hears:(.*?)\n\n", text, re.DOTALL).groups()  # type: ignore[union-attr]  # or the test fails

    assert source.count('"""') == 2
    assert source.endswith('"""')
    assert _types(says) == {contract.__name__ for contract in SAYERS.get(service, ())}
    assert _sayers(hears) == set(reactions(service).sayers)


@pytest.mark.parametrize("service", SERVICES)
def test_the_nameko_service_is_called_as_its_room(service: str) -> None:
    module = importlib.import_module(f"services.{service}.service")

    named = [each for each in vars(module).values() if getattr(each, "name", None) == service]

    assert len(named) == 1
    assert named[0].__module__ == module.__name__


def test_the_list_of_the_services_is_the_list_of_their_folders() -> None:
    folders = {path.parent.name for path in (ROOT / "services").glob("*/__init__.py")}

    assert folders == set(SERVICES)


def _types(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text) if word in CONTRACTS}


def _sayers(text: str) -> set[str]:
    if "everybody" in text:
        return set(SAYERS)
    words = set(re.findall(r"\w+", text))
    return (words & set(SAYERS)) | {SAYER_OF[word] for word in words & set(CONTRACTS)}
