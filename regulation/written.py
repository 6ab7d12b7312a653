"""A criteria set as `show_set` shows it, turned back into the form of the packs' files."""

from collections.abc import Mapping
from typing import Any

SHOWN_ONLY = ("pack",)
"""What is shown of a set and stands in its pack, not in its file."""


def as_written(shown: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping that a set's YAML file holds. What is not of the shown shape is left for the reader to refuse."""
    data = {name: value for name, value in shown.items() if _says_something(name, value)}
    return data | {
        name: [turn(each) if isinstance(each, dict) else each for each in data[name]]
        for name, turn in (("grounds", _labelled), ("parts", _part))
        if isinstance(data.get(name), list)
    }


def _says_something(name: str, value: Any) -> bool:
    return name not in SHOWN_ONLY and value is not None


def _part(shown: Mapping[str, Any]) -> dict[str, Any]:
    return dict(shown) | {"sections": [_section(each) for each in shown.get("sections", ())]}


def _section(shown: Mapping[str, Any]) -> dict[str, Any]:
    return dict(shown) | {"criteria": [_criterion(each) for each in shown.get("criteria", ())]}


def _criterion(shown: Mapping[str, Any]) -> dict[str, Any]:
    data = {name: value for name, value in shown.items() if value not in (None, [], {}, False)}
    minimums = data.pop("minimums", None)
    if isinstance(minimums, dict):
        data["gates"] = {_star(star): least for star, least in minimums.items()}
    if isinstance(data.get("group"), dict):
        heading = {name: value for name, value in data["group"].items() if value is not None}
        data["group"] = heading | heading.pop("title", {})
    if "options" in data:
        data["options"] = [_labelled(each) for each in data["options"]]
    return data


def _labelled(shown: Mapping[str, Any]) -> dict[str, Any]:
    data = dict(shown)
    label: dict[str, Any] = data.pop("label", {})
    return data | label


def _star(name: Any) -> Any:
    """JSON's names are words."""
    return int(name) if isinstance(name, str) and name.isdecimal() else name
