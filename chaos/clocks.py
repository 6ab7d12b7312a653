"""Gives each process a clock of its own, which can be put forward and back while it runs.

`clock.c`, compiled and preloaded, adds what a file says to the wall clock. Time-outs and pauses go by the monotonic
clock, which is left alone, as it is when somebody sets a machine's clock.
"""

import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")


class Clocks:
    """The clocks of all processes, in files of `folder`. Without a C compiler all clocks are right, and stay so."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._library = folder / "clock.so"
        compiler = shutil.which("cc")
        self.can_jump = compiler is not None
        if compiler is not None:
            subprocess.run(
                [compiler, "-O2", "-shared", "-fPIC", "-o", self._library, SOURCE, "-ldl"],
                check=True,
            )

    def environment(self, name: str) -> dict[str, str]:
        """What a process is told so that it goes by its own clock."""
        if not self.can_jump:
            return {}
        self.put(name, 0)
        return {"LD_PRELOAD": str(self._library), "RIG_CLOCK": str(self._file(name))}

    def put(self, name: str, seconds: int) -> None:
        """Have a process's clock go so many seconds fast, or slow."""
        file = self._file(name)
        file.touch()
        with file.open("r+b") as clock:
            clock.write(seconds.to_bytes(8, "little", signed=True))

    def _file(self, name: str) -> Path:
        return self._folder / f"{name.replace(' ', '-')}.clock"
