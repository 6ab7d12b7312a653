"""Where in our own code an error came from, and the fingerprint that tells one kind of dead letter from another."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, TracebackType

HOUSE = Path(__file__).resolve().parent.parent
LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """An error's class, and the innermost frame of ours that it went through: `services/x/hearing.py:on_heard`.

    A service's frame before one of the floors below it: these only carry out what the service asked for.
    """

    exception: str = ""
    frame: str = ""


UNKNOWN = Origin()


def origin_of(error: BaseException) -> Origin:
    """Where an error came from; without a line number, which is another one after the next change."""
    own = [place for code in _frames(error.__traceback__) if (place := _place(code))]
    services = [place for place in own if place.startswith("services/")]
    frame = next(reversed(services or own), "")
    return Origin(exception=type(error).__name__[:LONGEST], frame=frame)


def fingerprint(reason: str, type_: str | None, frame: str) -> str:
    """The same for all letters with one kind of reason, one type and one frame."""
    kind = reason.partition(":")[0]
    return hashlib.sha256(f"{kind}\n{type_ or ''}\n{frame}".encode()).hexdigest()[:12]


def _frames(trace: TracebackType | None) -> Iterator[CodeType]:
    while trace is not None:
        yield trace.tb_frame.f_code
        trace = trace.tb_next


def _place(code: CodeType) -> str | None:
    path = Path(code.co_filename)
    if not path.is_relative_to(HOUSE):
        return None
    parts = path.relative_to(HOUSE).parts
    if parts[0].startswith("."):  # the virtual environment's packages are not ours
        return None
    return f"{'/'.join(parts)}:{code.co_qualname}"[:LONGEST]
