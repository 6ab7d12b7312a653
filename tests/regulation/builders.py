"""Builders for the law's tests: small criteria sets, score sheets, shelves of packs."""

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from shutil import copytree
from typing import Any

import yaml

from regulation.criteria import CriteriaSet, read_criteria_set
from regulation.packs import SHELF, Pack, pack, packs
from regulation.rating import Sheet

WORDS = {"vi": "Chữ", "en": "Words"}


def options(*points: int) -> list[dict[str, Any]]:
    return [{"no": no, "points": each, **WORDS} for no, each in enumerate(points, start=1)]


def a_criterion(code: str = "1.1", *points: int, **changes: Any) -> dict[str, Any]:
    points = points or (1, 2, 3)
    return {
        "code": code,
        "title": WORDS,
        "max": max(points),
        "options": options(*points),
    } | changes


def a_part(code: str, *criteria: dict[str, Any], section: str) -> dict[str, Any]:
    total = sum(criterion["max"] for criterion in criteria)
    return {
        "code": code,
        "title": WORDS,
        "max": total,
        "sections": [
            {"code": section, "title": WORDS, "max": total, "criteria": list(criteria)},
        ],
    }


def set_data(**changes: Any) -> dict[str, Any]:
    """A small set of 40 + 25 + 35 points with gates on 1.1 and a knock-out on 2.1."""
    return {
        "code": "SMALL",
        "title": WORDS,
        "group": "I",
        "lead": "MAE",
        "samples": 5,
        "complete": True,
        "grounds": [{"code": "forged-dossier", **WORDS}],
        "parts": [
            a_part("A", a_criterion("1.1", 5, 20, 40, gates={3: 5, 4: 20, 5: 40}), section="1"),
            a_part("B", a_criterion("2.1", 0, 10, 25, knockout=WORDS), section="2"),
            a_part("C", a_criterion("3.1", max=35, kind="points", options=[]), section="3"),
        ],
    } | changes


def a_set(data: Mapping[str, Any] | None = None, *, of: str = "QD26-2026") -> CriteriaSet:
    return read_criteria_set(data or set_data(), pack=of, path=f"{of}/SMALL")


def with_criterion(criterion: dict[str, Any]) -> dict[str, Any]:
    """The small set with its first criterion replaced; its sums follow."""
    data = deepcopy(set_data())
    data["parts"][0] = a_part("A", criterion, section="1")
    return data


def a_sheet(member: str = "Lan", choices: Mapping[str, int] | None = None) -> Sheet:
    return Sheet(member=member, choices=choices or {})


def of_points(points: int, *, member: str = "Lan") -> Sheet:
    """A sheet of part totals (148/2023) that adds up to `points`."""
    a = min(points, 40)
    b = min(points - a, 25)
    return a_sheet(member, {"A": a, "B": b, "C": points - a - b})


def top_marks(criteria_set: CriteriaSet) -> dict[str, int]:
    return {
        criterion.code: max(criterion.scale, key=lambda choice: criterion.scale[choice])
        for criterion in criteria_set.criteria
    }


def all_sets() -> list[CriteriaSet]:
    return [each.criteria_set(code) for each in packs() for code in each.sets]


def complete_sets() -> list[CriteriaSet]:
    return [each for each in all_sets() if each.complete]


def pack_of(criteria_set: CriteriaSet) -> Pack:
    return pack(criteria_set.pack)


def a_shelf(folder: Path, pack_id: str = "QD148-2023", **changes: Any) -> Path:
    """A copy of one pack on a shelf of its own, with fields of pack.yaml changed."""
    copytree(SHELF / pack_id, folder / pack_id)
    rewrite(folder / pack_id / "pack.yaml", amended_by=None, **changes)
    return folder


def rewrite(path: Path, **changes: Any) -> None:
    document = yaml.safe_load(path.read_text("utf-8")) | changes
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
