"""Criteria sets that an operator adds to a pack whose own were not found: checked, written beside the packs, sealed.

They lie in a folder of the operator's, never in the packs: `<folder>/<pack>/<set>.yaml`, and `<folder>/<pack>/SEALED`.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from regulation.criteria import CriteriaSet
from regulation.decision import Pack
from regulation.pack_reading import read_set
from regulation.reading import read_document
from regulation.refusals import BrokenPack, RegulationRefusal
from regulation.seal import SEAL, sealed_lines
from regulation.written import as_written

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,39}")
WIDTH = 120


class SetAlreadyThere(RegulationRefusal):
    """A set keeps its content for ever: what was rated by it must come out the same years later."""

    slug = "set-already-there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A set fit to be added: as it reads, and the text of its file. `is_new`: it does not lie there yet."""

    criteria_set: CriteriaSet
    text: str
    is_new: bool

    @property
    def line(self) -> str:
        """Its line in the seal."""
        digest = hashlib.sha256(self.text.encode()).hexdigest()
        return f"{digest}  {self.criteria_set.code}.yaml"


def read(
    files: Sequence[Path], pack: Pack, *, shelf: Sequence[Pack], folder: Path
) -> list[Addition]:
    """The sets in these files, checked as every pack's are, and against what is there.

    YAML in the packs' own form, or JSON as `show_set` shows it. `shelf` are the packs as they were published. Raises
    BrokenPack with the path to the fault, SetAlreadyThere where a code stands for something else already.
    """
    sealed = {home.name: sealed_lines(home) for home in sorted(folder.glob("*/"))}
    found: dict[str, Addition] = {}
    for file in files:
        text = _text(file)
        code, data = _code(file, text)
        if code in found:
            raise BrokenPack(f"{file}: {code} is in two of the files")
        addition = Addition(criteria_set=read_set(pack, data, code=code), text=text, is_new=True)
        _require_own_code(addition, shelf, sealed)
        is_there = addition.line in sealed.get(pack.id, ()) and _holds(folder, addition)
        found[code] = replace(addition, is_new=not is_there)
    _require_fit([each.criteria_set for each in found.values()], shelf, sealed)
    return list(found.values())


def write(additions: Iterable[Addition], pack: Pack, *, folder: Path) -> None:
    """Put the sets into the folder, sealed. A write that was interrupted is refused at the next start; repeat it."""
    home = folder / pack.id
    home.mkdir(parents=True, exist_ok=True)
    new = [each for each in additions if each.is_new]
    for each in new:
        _replace(home / f"{each.criteria_set.code}.yaml", each.text)
    lines = sorted(sealed_lines(home) | {each.line for each in new}, key=_code_of)
    _replace(home / SEAL, "".join(f"{line}\n" for line in lines))


def _replace(path: Path, text: str) -> None:
    """All of it or nothing."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _text(file: Path) -> str:
    """What the set's file will hold: YAML as it is given, JSON turned into YAML."""
    if file.suffix.lower() != ".json":
        read_document(file, name=str(file))
        return file.read_text("utf-8")
    try:
        written = as_written(json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError, AttributeError) as fault:
        raise BrokenPack(
            f"{file}: not a criteria set as `show --json` prints it: {fault}"
        ) from fault
    return yaml.safe_dump(written, allow_unicode=True, sort_keys=False, width=WIDTH)


def _code(file: Path, text: str) -> tuple[str, Mapping[str, Any]]:
    node = read_document(file, name=str(file), text=text)
    code = node.get("code", str)
    if not CODE.fullmatch(code):
        raise BrokenPack(
            f"{file}: code is {code!r}; capital letters, digits and hyphens are expected"
        )
    return code, node.data


def _require_own_code(
    addition: Addition, shelf: Sequence[Pack], sealed: Mapping[str, set[str]]
) -> None:
    """Raises SetAlreadyThere; one code may stand in two packs for the very same content."""
    code = addition.criteria_set.code
    for owner in (each.id for each in shelf if code in each.sets):
        raise SetAlreadyThere(f"{code} is a set of {owner}: give this one a code of its own")
    for home, lines in sealed.items():
        if any(_code_of(line) == code for line in lines - {addition.line}):
            raise SetAlreadyThere(
                f"{code} stands in {home} with other content, and what was rated by it must come out the same years "
                "later: give this set a code of its own"
            )


def _require_fit(
    criteria_sets: Sequence[CriteriaSet], shelf: Sequence[Pack], sealed: Mapping[str, set[str]]
) -> None:
    """What only the neighbours can tell: a set's group, and the sets that it names as its kin. Raises BrokenPack."""
    groups = {each.group for pack in shelf for each in pack.sets.values()}
    codes = {code for pack in shelf for code in pack.sets}
    codes |= {_code_of(line) for lines in sealed.values() for line in lines}
    codes |= {each.code for each in criteria_sets}
    for each in criteria_sets:
        where = f"{each.pack}/{each.code}"
        if not each.complete:
            raise BrokenPack(f"{where}: it is not complete, and could not be completed later")
        if each.group not in groups:
            raise BrokenPack(f"{where}: group {each.group} is none of {', '.join(sorted(groups))}")
        for kin in (*each.succeeds, *each.precedes):
            if kin not in codes:
                raise BrokenPack(f"{where}: it names {kin}, which is no set of any pack")


def _holds(folder: Path, addition: Addition) -> bool:
    """Whether the set's file is there, and as it was sealed."""
    file = folder / addition.criteria_set.pack / f"{addition.criteria_set.code}.yaml"
    return file.is_file() and file.read_bytes() == addition.text.encode()


def _code_of(line: str) -> str:
    return line.split("  ", 1)[1].removesuffix(".yaml")
