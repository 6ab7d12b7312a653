"""One instance per data folder: a lock that the system lets go of when its process ends, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.mistakes import Mistake

NAME = "ocop.lock"


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the data folder for this process. Raises Mistake when another one holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / NAME).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Mistake(
                f"{folder} is in use by another `ocop up` (process {file.read().strip()}): "
                "stop it, or name another folder with --data"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
