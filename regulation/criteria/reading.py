"""Reading a criteria set from the mapping that its YAML file holds."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from regulation.criteria.checks import check
from regulation.criteria.shape import (
    CriteriaSet,
    Criterion,
    Ground,
    Group,
    Kind,
    Option,
    Part,
    Section,
)
from regulation.reading import Node


def read_criteria_set(data: Mapping[str, Any], *, pack: str, path: str) -> CriteriaSet:
    """The criteria set in `data`, checked; `path` names the file in what is refused.

    Raises BrokenPack, for example "QD26-2026/QD26-01: A/1/1.3: option 3 has 4 points, the
    criterion at most 3".
    """
    criteria_set = _set(Node(data, path), pack)
    check(criteria_set, path=path)
    return criteria_set


def read_grounds(node: Node, key: str) -> tuple[Ground, ...]:
    return tuple(_ground(child) for child in node.children(key, named="code"))


def _set(node: Node, pack: str) -> CriteriaSet:
    node.only(
        "code", "title", "group", "lead", "samples", "complete", "because", "grounds", "parts",
        "note", "succeeds", "precedes", "unknown",
    )  # fmt: skip
    complete = node.get("complete", bool)
    if not complete and node.may_text("because") is None:
        raise node.fault("complete is false and because is missing")
    return CriteriaSet(
        pack=pack,
        code=node.get("code", str),
        title=node.text("title"),
        group=node.get("group", str),
        lead=node.get("lead", str),
        samples=node.get("samples", int),
        complete=complete,
        incomplete_because=node.may_text("because"),
        parts=tuple(_part(child) for child in node.children("parts", named="code")),
        disqualifiers=read_grounds(node, "grounds"),
        note=node.may_text("note"),
        succeeds=node.words("succeeds"),
        precedes=node.words("precedes"),
        unknown=tuple(child.own_text() for child in node.children("unknown", named="")),
    )


def _ground(node: Node) -> Ground:
    node.only("code", "vi", "en")
    return Ground(code=node.get("code", str), label=node.own_text())


def _part(node: Node) -> Part:
    node.only("code", "title", "max", "sections")
    return Part(
        code=node.get("code", str),
        title=node.text("title"),
        max=node.get("max", int),
        sections=tuple(_section(child) for child in node.children("sections", named="code")),
    )


def _section(node: Node) -> Section:
    node.only("code", "title", "max", "criteria")
    return Section(
        code=node.get("code", str),
        title=node.text("title"),
        max=node.get("max", int),
        criteria=tuple(_criterion(child) for child in node.children("criteria", named="code")),
    )


def _criterion(node: Node) -> Criterion:
    node.only(
        "code", "title", "max", "kind", "options", "gates", "topic", "evidence", "knockout",
        "note", "implied", "group",
    )  # fmt: skip
    return Criterion(
        code=node.get("code", str),
        title=node.text("title"),
        max=node.get("max", int),
        kind=_kind(node),
        options=tuple(_option(child) for child in node.children("options", named="no")),
        gates=MappingProxyType(node.whole_numbers("gates")),
        topic=node.may("topic", str),
        evidence=node.words("evidence"),
        knockout=node.may_text("knockout"),
        note=node.may_text("note"),
        implied=node.may("implied", bool) or False,
        group=_group(node.child("group")) if "group" in node.data else None,
    )


def _kind(node: Node) -> Kind:
    match node.may("kind", str) or "choice":
        case "choice":
            return "choice"
        case "points":
            return "points"
        case other:
            raise node.fault(f"kind is {other!r}, choice or points is expected")


def _option(node: Node) -> Option:
    node.only("no", "points", "vi", "en", "case", "evidence")
    return Option(
        no=node.get("no", int),
        points=node.get("points", int),
        label=node.own_text(),
        case=node.may("case", str),
        evidence=node.words("evidence") if "evidence" in node.data else None,
    )


def _group(node: Node) -> Group:
    node.only("code", "vi", "en", "max")
    return Group(code=node.get("code", str), title=node.own_text(), max=node.may("max", int))
