"""Reading a pack's YAML so strictly that every fault is refused with the path to it."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml

from regulation.refusals import BrokenPack
from regulation.text import Text

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without libyaml: the same result, more slowly
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]  # its kin in Python

T = TypeVar("T")
KINDS = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    date: "a date",
    list: "a list",
    dict: "a mapping",
}


class PackLoader(_Loader):
    """YAML in which `no` is a word, 1.10 stays as written and a key stands once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        mapping = super().construct_mapping(node, deep)
        if len(mapping) != len(node.value):
            where = node.start_mark
            raise yaml.constructor.ConstructorError(None, None, "a key stands twice", where)
        return mapping


def _is_plain_word(tag: str, first: str | None) -> bool:
    """Whether what YAML 1.1 takes for a figure or a truth value is a word to us: 1.10, no, on."""
    if tag == "tag:yaml.org,2002:float":
        return True
    return tag == "tag:yaml.org,2002:bool" and first not in {*"tTfF"}


PackLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not _is_plain_word(tag, first)]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True, slots=True)
class Node:
    """One mapping of a document that knows where it lies: `file`, and the codes down to it."""

    data: Mapping[str, Any]
    file: str
    trail: tuple[str, ...] = ()

    def fault(self, what: str) -> BrokenPack:
        """The refusal to raise: `what`, after the path to this mapping."""
        where = "/".join(self.trail)
        return BrokenPack(f"{self.file}: {where}: {what}" if where else f"{self.file}: {what}")

    def only(self, *keys: str) -> None:
        """Refuses a key that the reader would pass over in silence."""
        for key in self.data:
            if key not in keys:
                raise self.fault(f"{key!r} is not a field here")

    def get(self, key: str, kind: type[T]) -> T:
        if key not in self.data:
            raise self.fault(f"{key} is missing")
        return self._as(key, self.data[key], kind)

    def may(self, key: str, kind: type[T]) -> T | None:
        return None if self.data.get(key) is None else self.get(key, kind)

    def text(self, key: str) -> Text:
        return self.child(key).own_text()

    def may_text(self, key: str) -> Text | None:
        return None if self.data.get(key) is None else self.text(key)

    def own_text(self) -> Text:
        """`vi` and `en` of this very mapping; neither may be empty."""
        vi, en = self.get("vi", str), self.get("en", str)
        if not vi.strip() or not en.strip():
            raise self.fault("vi and en must both say something")
        return Text(vi, en)

    def child(self, key: str) -> "Node":
        return Node(self.get(key, dict), self.file, (*self.trail, key))

    def children(self, key: str, *, named: str) -> Iterator["Node"]:
        """The mappings listed under `key`, the value of their field `named` in their paths."""
        for place, data in enumerate(self.may(key, list) or (), start=1):
            if not isinstance(data, dict):
                raise self.fault(f"{key} {place} is {data!r}, a mapping is expected")
            yield Node(data, self.file, (*self.trail, str(data.get(named, f"{key} {place}"))))

    def words(self, key: str) -> tuple[str, ...]:
        return tuple(self._as(key, word, str) for word in self.may(key, list) or ())

    def whole_numbers(self, key: str) -> dict[Any, int]:
        numbers = self.may(key, dict) or {}
        return {name: self._as(f"{key} {name}", number, int) for name, number in numbers.items()}

    def _as(self, key: str, value: object, kind: type[T]) -> T:
        if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
            return value
        raise self.fault(f"{key} is {value!r}, {KINDS[kind]} is expected")


def read_document(path: Path, *, name: str, text: str | None = None) -> Node:
    """The mapping in the YAML file at `path`, or in `text` in its place; faults are reported under `name`."""
    try:
        written = path.read_text("utf-8") if text is None else text
        data = yaml.load(written, PackLoader)  # noqa: S506  a SafeLoader, narrowed
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise BrokenPack(f"{name}: cannot be read: {' '.join(str(fault).split())}") from fault
    if not isinstance(data, dict):
        raise BrokenPack(f"{name}: a mapping is expected")
    return Node(data, name)
