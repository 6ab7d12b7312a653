"""Reading one pack from its folder: `pack.yaml` at once, its criteria sets when asked for."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import MappingProxyType
from typing import Any

from regulation.criteria import CriteriaSet, read_criteria_set
from regulation.criteria.reading import read_grounds
from regulation.decision import (
    Band,
    Component,
    NumberForms,
    Pack,
    Reevaluation,
    RoundWindow,
    Transition,
)
from regulation.pack_checks import check_pack, check_set
from regulation.reading import Node, read_document
from regulation.refusals import BrokenPack

FIELDS = (
    "id", "title", "valid_from", "valid_to", "amended_by", "levels", "councils", "parts", "bands",
    "certifies", "referral", "evaluates_again", "validity_months", "commune_topics", "commune_days", "samples",
    "copies", "members_notice_days", "passes", "components", "rounds", "reevaluation",
    "revocation_grounds", "revocation_days", "revokes", "transition", "number_forms", "sources",
    "unknown",
)  # fmt: skip


class CriteriaSets(Mapping[str, CriteriaSet]):
    """The sets of one pack by code, each read and checked when it is first asked for."""

    def __init__(
        self, files: Mapping[str, Path], read: Callable[[str, Path], CriteriaSet]
    ) -> None:
        self._files = files
        self._read = read
        self._known: dict[str, CriteriaSet] = {}

    def __getitem__(self, code: str) -> CriteriaSet:
        if code not in self._known:  # two threads may both read it, one result is kept
            self._known.setdefault(code, self._read(code, self._files[code]))
        return self._known[code]

    def __contains__(self, code: object) -> bool:
        return code in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def read_pack(folder: Path, *, added: Path | None = None) -> Pack:
    """The pack in `folder` with the sets that lie in `added`, checked. Raises BrokenPack with the path to the fault.

    What was added is read at once: nobody else has seen it before.
    """
    node = read_document(folder / "pack.yaml", name=f"{folder.name}/pack")
    node.only(*FIELDS)
    files = {path.stem: path for path in sorted((folder / "sets").glob("*.yaml"))}
    more = {path.stem: path for path in sorted(added.glob("*.yaml"))} if added else {}
    if twice := files.keys() & more.keys():
        raise BrokenPack(f"{folder.name}/{min(twice)}: the pack has this set of its own")
    sets = CriteriaSets(files | more, lambda code, path: _read_set(pack, code, path))
    pack = _pack(node, sets)
    check_pack(pack, fields=node.data, folder=folder.name)
    for code in more:
        pack.criteria_set(code)
    return pack


def _read_set(pack: Pack, code: str, path: Path) -> CriteriaSet:
    return read_set(pack, read_document(path, name=f"{pack.id}/{code}").data, code=code)


def read_set(pack: Pack, data: Mapping[str, Any], *, code: str) -> CriteriaSet:
    """A set of that pack from the mapping that its file holds, checked. Raises BrokenPack."""
    criteria_set = read_criteria_set(data, pack=pack.id, path=f"{pack.id}/{code}")
    check_set(criteria_set, pack, file=code)
    return criteria_set


def _pack(node: Node, sets: Mapping[str, CriteriaSet]) -> Pack:
    return Pack(
        id=node.get("id", str),
        title=node.text("title"),
        valid_from=node.get("valid_from", date),
        valid_to=node.may("valid_to", date),
        amended_by=node.may("amended_by", str),
        levels=node.words("levels"),
        councils=node.words("councils"),
        parts=MappingProxyType(node.whole_numbers("parts")),
        bands=tuple(_band(child) for child in node.children("bands", named="star")),
        certifies=_levels(node, "certifies"),
        referral=_referral(node),
        evaluates_again=_levels(node, "evaluates_again"),
        validity_months=node.get("validity_months", int),
        commune_topics=node.words("commune_topics"),
        commune_days=node.may("commune_days", int),
        samples=node.get("samples", int),
        copies=MappingProxyType(node.whole_numbers("copies")),
        members_notice_days=node.may("members_notice_days", int),
        passes=node.get("passes", int),
        components=tuple(_component(child) for child in node.children("components", named="code")),
        rounds=tuple(_round(child) for child in node.children("rounds", named="no")),
        reevaluation=_reevaluation(node),
        revocation_grounds=read_grounds(node, "revocation_grounds"),
        revocation_days=node.may("revocation_days", int),
        revokes=_levels(node, "revokes"),
        transition=_transition(node),
        number_forms=_number_forms(node.child("number_forms")),
        sources=MappingProxyType(
            {k: str(v) for k, v in (node.may("sources", dict) or {}).items()}
        ),
        unknown=tuple(child.own_text() for child in node.children("unknown", named="")),
        sets=sets,
    )


def _band(node: Node) -> Band:
    node.only("star", "low", "high")
    return Band(star=node.get("star", int), low=node.get("low", int), high=node.get("high", int))


def _levels(node: Node, key: str) -> Mapping[Any, str]:
    """What a level is given for: by star, or by level."""
    levels = node.may(key, dict) or {}
    return MappingProxyType(
        {each: Node(levels, node.file, (key,)).get(each, str) for each in levels}
    )


def _referral(node: Node) -> Mapping[str, Decimal]:
    means: dict[str, Decimal] = {}
    for level, mean in (node.may("referral", dict) or {}).items():
        try:
            means[level] = Decimal(str(mean))
        except InvalidOperation:
            raise node.fault(f"referral {level} is {mean!r}, points are expected") from None
    return MappingProxyType(means)


def _component(node: Node) -> Component:
    node.only("code", "vi", "en", "who", "mandatory", "purposes", "except_groups", "star", "note")
    return Component(
        code=node.get("code", str),
        title=node.own_text(),
        who=node.get("who", str),
        mandatory=node.get("mandatory", bool),
        purposes=node.words("purposes"),
        except_groups=node.words("except_groups"),
        star=node.may("star", int),
        note=node.may_text("note"),
    )


def _round(node: Node) -> RoundWindow:
    node.only("level", "no", "requests_before", "done_before")
    return RoundWindow(
        level=node.get("level", str),
        no=node.get("no", int),
        requests=_month_and_day(node, "requests_before"),
        done=_month_and_day(node, "done_before"),
    )


def _month_and_day(node: Node, key: str) -> tuple[int, int]:
    try:
        day = date.fromisoformat(f"2001-{node.get(key, str)}")
    except ValueError:
        written = node.data[key]
        raise node.fault(f"{key} is {written!r}, month-day as in '04-30' is expected") from None
    return day.month, day.day


def _reevaluation(node: Node) -> Reevaluation | None:
    if node.may("reevaluation", dict) is None:
        return None
    child = node.child("reevaluation")
    child.only("opens", "closes", "max_days")
    opens, closes = child.get("opens", int), child.get("closes", int)
    return Reevaluation(opens=opens, closes=closes, max_days=child.get("max_days", int))


def _transition(node: Node) -> Transition | None:
    if node.may("transition", dict) is None:
        return None
    child = node.child("transition")
    child.only("finish_by", "extension_days", "vi", "en")
    days = child.child("finish_by")
    return Transition(
        finish_by=MappingProxyType({purpose: days.get(purpose, date) for purpose in days.data}),
        extension_days=child.get("extension_days", int),
        text=child.own_text(),
    )


def _number_forms(node: Node) -> NumberForms:
    node.only("registration", "product")
    return NumberForms(
        registration=node.get("registration", str), product=node.get("product", str)
    )
