"""Whether the whole shelf is sound: every pack and set read, every seal compared, and on demand every figure."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from regulation.against import compare
from regulation.packs import SHELF, packs, read_shelf
from regulation.refusals import BrokenPack
from regulation.seal import broken_seals


def faults(shelf: Path = SHELF) -> Iterator[str]:
    """All faults, one line each: unlike reading, which stops at the first."""
    try:
        found = read_shelf(shelf)
    except BrokenPack as fault:
        yield str(fault)
        return
    for pack in found:
        for code in pack.sets:
            try:
                pack.criteria_set(code)
            except BrokenPack as fault:
                yield str(fault)
    yield from broken_seals(shelf)


def main(arguments: Sequence[str]) -> int:
    """`python -m regulation.check [--against FOLDER]`: 0 if all is sound, else 1 and the faults.

    Nothing is said of a sound shelf; of a comparison, how many figures of each kind were compared.
    """
    parser = argparse.ArgumentParser(prog="python -m regulation.check", description=__doc__)
    parser.add_argument(
        "--against", type=Path, metavar="FOLDER", help="source data to compare all figures with"
    )
    folder = parser.parse_args(arguments).against
    found = list(faults())
    if folder is not None and not found:
        try:
            found = _compared(folder)
        except BrokenPack as fault:
            found = [str(fault)]
    sys.stderr.writelines(f"{fault}\n" for fault in found)
    return 1 if found else 0


def _compared(folder: Path) -> list[str]:
    comparison = compare(folder, packs())
    for pack, kinds in comparison.compared.items():
        counted = ", ".join(f"{count:,} {kind}" for kind, count in kinds.items())
        sys.stdout.write(f"{pack}: {counted}\n")
    sys.stdout.write(f"differences: {len(comparison.differences):,}\n")
    return comparison.differences


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
