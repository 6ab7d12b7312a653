"""Seals: the hashes that show that a published pack has not been changed."""

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

SHELF = Path(__file__).parent / "packs"
SEAL = "SEALED"


def seal_of(folder: Path) -> str:
    """The lines of a pack's seal as sha256sum writes them: hash, two blanks, relative path."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml"))
    return "".join(
        f"{hashlib.sha256((folder / file).read_bytes()).hexdigest()}  {file}\n" for file in files
    )


def broken_seals(shelf: Path = SHELF) -> tuple[str, ...]:
    """One line for each file that differs from its pack's seal, is missing or is new."""
    return tuple(fault for folder in _folders(shelf) for fault in differences(folder))


def write_seals(shelf: Path = SHELF) -> None:
    for folder in _folders(shelf):
        (folder / SEAL).write_text(seal_of(folder), encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """`python -m regulation.seal` writes the seals, `--check` compares and changes nothing."""
    if list(arguments) not in ([], ["--check"]):
        sys.stderr.write("usage: python -m regulation.seal [--check]\n")
        return 2
    if not arguments:
        write_seals()
        return 0
    broken = broken_seals()
    sys.stderr.writelines(f"{fault}\n" for fault in broken)
    return 1 if broken else 0


def _folders(shelf: Path) -> list[Path]:
    return sorted(folder for folder in shelf.iterdir() if (folder / "pack.yaml").exists())


def differences(folder: Path) -> list[str]:
    """The files of one sealed folder that differ from its seal, one line each."""
    sealed = sealed_lines(folder)
    found = {line for line in seal_of(folder).splitlines() if line}
    files = {line.split("  ", 1)[1] for line in sealed ^ found}
    return [f"{folder.name}/{file}: differs from the seal" for file in sorted(files)]


def sealed_lines(folder: Path) -> set[str]:
    """The lines of a folder's seal; none where it has no seal."""
    seal = folder / SEAL
    return set(seal.read_text("utf-8").splitlines()) if seal.exists() else set()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
