"""Asks one service's database on a connection of its own, and waits no longer than a look may take."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

log = structlog.get_logger()

PATIENCE = 3.0
"""Seconds that an answer may take."""

Look = Callable[[Session], Any]


class Onlooker:
    """Sees what others have committed; nobody waits for it, and it waits for nobody.

    A server that stands still is left to the thread that asked it; there is one such thread at most.
    """

    def __init__(self, service: str, url: str, *, patience: float = PATIENCE) -> None:
        self.service = service
        self._engine = _engine(url, patience)
        self._patience = patience
        self._asking: threading.Thread | None = None

    def away(self) -> str:
        """Why the database does not answer; empty where it does."""
        return self.look([lambda session: session.execute(text("SELECT 1"))])[1]

    def look(self, looks: Sequence[Look]) -> tuple[list[Any], str]:
        """What each look finds, or why there is no answer."""
        if self._asking is not None and self._asking.is_alive():
            return [], "stands still"
        found: list[Any] = []
        faults: list[str] = ["stands still"]

        def ask() -> None:
            try:
                with Session(self._engine) as session:
                    found.extend([look(session) for look in looks])
                faults[0] = ""
            except (
                Exception
            ) as error:  # a look that breaks must not pass for a server that stands still
                faults[0] = str(getattr(error, "orig", error)).strip().split("\n")[0]
                if not isinstance(error, SQLAlchemyError):
                    log.exception("look failed", service=self.service)

        self._asking = threading.Thread(target=ask, daemon=True, name=f"onlooker {self.service}")
        self._asking.start()
        self._asking.join(self._patience)
        return found, faults[0]


def _engine(url: str, patience: float) -> Engine:
    if url.startswith("sqlite"):
        given: dict[str, Any] = {"timeout": patience, "check_same_thread": False}
    else:
        milliseconds = int(patience * 1000)
        given = {
            "connect_timeout": max(int(patience), 2),
            "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}",
        }
    return create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=given)
