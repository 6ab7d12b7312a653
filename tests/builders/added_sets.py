"""Criteria sets as an operator would add them: made from one of 26/2026, under a code of their own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from regulation import packs
from regulation.showing import show_set

CODE = "QD148-01"


def shown_set(code: str = CODE, pack: str = "QD148-2023", **changes: Any) -> dict[str, Any]:
    """What `ocop regulation show --json` would print of it."""
    model = show_set(packs.pack("QD26-2026").criteria_set("QD26-01"))
    kin = {"succeeds": ["QD1048-01"], "precedes": ["QD26-01"]}
    return model | {"code": code, "pack": pack} | kin | changes


def written(folder: Path, shown: dict[str, Any], name: str = "set.json") -> Path:
    """Its file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(shown, ensure_ascii=False), "utf-8")
    return path


@contextmanager
def only_the_published_law() -> Iterator[None]:
    """What a test takes up is put down afterwards."""
    yield
    packs.take_up(None)
