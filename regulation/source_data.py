"""Source data of criteria sets, as JSON and CSV files hold them, read into plain figures."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from regulation.refusals import BrokenPack

COMPLETE = "verified_sum_100"
"""The status of a set whose points add up; sets without a status all do."""


def rows_of(file: Path) -> list[dict[str, str]]:
    """The lines of a CSV file. Raises BrokenPack where it cannot be read."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise BrokenPack(f"{file.name}: cannot be read: {fault}") from fault


def sets_of(file: Path) -> list[dict[str, Any]]:
    """The criteria sets of a JSON file: code, whether complete, samples asked, and the points of
    parts, sections and criteria by code. Raises BrokenPack where it cannot be read.
    """
    try:
        return [_set(each) for each in json.loads(file.read_text("utf-8"))["sets"]]
    except (OSError, ValueError) as fault:
        raise BrokenPack(f"{file.name}: cannot be read: {fault}") from fault
    except (KeyError, TypeError, AttributeError) as fault:
        raise BrokenPack(f"{file.name}: it does not hold criteria sets: {fault!r}") from fault


def _set(data: dict[str, Any]) -> dict[str, Any]:
    parts = data.get("parts", [])
    sections = [section for part in parts for section in part["sections"]]
    return {
        "code": data["code"],
        "complete": data.get("status", COMPLETE) == COMPLETE,
        "samples": data.get("sample_required"),
        "parts": {part["code"]: part["max"] for part in parts},
        "sections": {section["code"]: section["max"] for section in sections},
        "criteria": dict(_criteria(sections or data["sections"])),
    }


def _criteria(sections: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """By code; a code that stands twice is the second time followed by b. Headings give no points."""
    known: set[str] = set()
    for section in sections:
        for data in section["criteria"]:
            if data["kind"] != "group":
                code = data["code"] + ("b" if data["code"] in known else "")
                known.add(code)
                yield code, _criterion(data)


def _criterion(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "max": data["max"],
        "implied": data.get("synthetic_options", False),
        "points": [option["points"] for option in data["options"]],
        "cases": ["variant" in option for option in data["options"]],
        "gates": {int(star): least for star, least in data.get("gate_min_points", {}).items()},
    }
