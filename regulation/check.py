"""Whether the whole shelf is sound: every pack and set read, every seal compared."""

import sys
from collections.abc import Iterator
from pathlib import Path

from regulation.packs import SHELF, read_shelf
from regulation.refusals import BrokenPack
from regulation.seal import broken_seals


def faults(shelf: Path = SHELF) -> Iterator[str]:
    """All faults, one line each: unlike reading, which stops at the first."""
    try:
        packs = read_shelf(shelf)
    except BrokenPack as fault:
        yield str(fault)
        return
    for pack in packs:
        for code in pack.sets:
            try:
                pack.criteria_set(code)
            except BrokenPack as fault:
                yield str(fault)
    yield from broken_seals(shelf)


def main() -> int:
    """`python -m regulation.check`: 0 and nothing said if all is sound, else 1 and the faults."""
    found = list(faults())
    sys.stderr.writelines(f"{fault}\n" for fault in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
