"""The page of promises names every test of a promise, and no other."""

import re

from tests.house.house import ROOT


def test_the_page_of_promises_and_the_tests_are_the_same_list() -> None:
    page = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")

    named = re.findall(r"^\|.*`(test_\w+\.py)`", page, re.MULTILINE)

    assert sorted(named) == sorted(p.name for p in (ROOT / "tests/promises").glob("test_*.py"))


def test_every_file_of_a_promise_begins_with_the_promise() -> None:
    for path in (ROOT / "tests/promises").glob("test_*.py"):
        assert path.read_text(encoding="utf-8").startswith('"""Promise: '), path.name
