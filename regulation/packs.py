"""The shelf of rule packs: which there are, which is in force on a day."""

from datetime import date
from functools import cache
from pathlib import Path

from regulation.decision import (
    Band,
    Component,
    NumberForms,
    Pack,
    Reevaluation,
    RoundWindow,
    Transition,
)
from regulation.pack_reading import read_pack
from regulation.refusals import BrokenPack, PackNotInForce, UnknownPack
from regulation.seal import SHELF, differences

__all__ = [
    "SHELF",
    "Band",
    "Component",
    "NumberForms",
    "Pack",
    "Reevaluation",
    "RoundWindow",
    "Transition",
    "in_force",
    "pack",
    "packs",
    "read_shelf",
    "require_in_force",
    "take_up",
]

_added: list[Path] = []


def take_up(folder: Path | None) -> None:
    """From now on the packs hold the sets that an operator has added in `folder`, too; None: only their own.

    A process says it once, at its start, because only it knows its settings. Nothing is read yet.
    """
    added = [] if folder is None else [folder]
    if added != _added:
        _added[:] = added
        packs.cache_clear()


@cache
def packs() -> tuple[Pack, ...]:
    """All packs, oldest first. Read once; their own criteria sets when first asked for, added ones at once.

    Raises BrokenPack where a set that was added is not what it was sealed as.
    """
    return read_shelf(SHELF, added=_added[0] if _added else None)


def pack(pack_id: str) -> Pack:
    """Raises UnknownPack."""
    for each in packs():
        if each.id == pack_id:
            return each
    raise UnknownPack(f"there is no rule pack {pack_id!r}")


def in_force(on: date) -> Pack:
    """The newest pack under which a dossier is filed on that day.

    Raises PackNotInForce before the first decision (21/08/2019).
    """
    for each in reversed(packs()):
        if _open_for_filing(each, on):
            return each
    raise PackNotInForce(f"no rule pack is in force on {on.isoformat()}")


def require_in_force(pack_id: str, on: date) -> Pack:
    """The pack, if a dossier may be filed under it on that day; two overlap in a transition.

    Raises UnknownPack, PackNotInForce.
    """
    wanted = pack(pack_id)
    if not _open_for_filing(wanted, on):
        raise PackNotInForce(f"nothing can be filed under {pack_id} on {on.isoformat()}")
    return wanted


def read_shelf(folder: Path, *, added: Path | None = None) -> tuple[Pack, ...]:
    """The packs in the folders of `folder`, oldest first, with the sets in those of `added`. Raises BrokenPack."""
    more = _added_to(added)
    names = [each for each in sorted(folder.iterdir()) if (each / "pack.yaml").exists()]
    read = [read_pack(each, added=more.pop(each.name, None)) for each in names]
    ids = {each.id for each in read}
    if more:
        raise BrokenPack(f"{added}: {min(more)} is no pack that sets can be added to")
    for each in read:
        if each.amended_by is not None and each.amended_by not in ids:
            raise BrokenPack(f"{each.id}/pack: amended_by names {each.amended_by}, no such pack")
    return tuple(sorted(read, key=lambda each: each.valid_from))


def _added_to(folder: Path | None) -> dict[str, Path]:
    """Pack → the folder of what was added to it, seals intact."""
    if folder is None or not folder.is_dir():
        return {}
    found = {each.name: each for each in sorted(folder.iterdir()) if each.is_dir()}
    for each in found.values():
        for fault in differences(each):
            raise BrokenPack(f"{folder}: {fault}")
    return found


def _open_for_filing(each: Pack, on: date) -> bool:
    if on < each.valid_from or (each.valid_to is not None and on > each.valid_to):
        return False
    return each.amended_by is None or on < pack(each.amended_by).valid_from
