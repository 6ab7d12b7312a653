"""The load: a few threads, each leading one cohort after the other through all acts."""

import threading
import time
from collections.abc import Mapping
from itertools import count

from chaos.cohort import a_cohort
from chaos.office import NoAnswer, NotingOffice, Promises, Remotes
from chaos.walk import Walk
from chassis.settings import Settings
from cli.demo.office import ActRefused


class Load:
    """Cohort after cohort until told to begin no more; `finish` waits until those on their way have arrived."""

    def __init__(
        self, settings: Settings, urls: Mapping[str, str], seed: int, *, threads: int, size: int
    ) -> None:
        self.promises = Promises()
        self.begun = 0
        self.finished = 0
        self.failures: list[str] = []
        self._settings = settings
        self._urls = urls
        self._seed = seed
        self._size = size
        self._numbers = count()
        self._lock = threading.Lock()
        self._enough = threading.Event()
        self._threads = [
            threading.Thread(target=self._lead, name=f"load {n}", daemon=True)
            for n in range(threads)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def enough(self) -> None:
        """Begin with no more cohorts."""
        self._enough.set()

    def finish(self, within: float) -> bool:
        """Wait until every cohort that was begun is through; whether it was in time."""
        until = time.monotonic() + within
        for thread in self._threads:
            thread.join(max(0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _lead(self) -> None:
        while not self._enough.is_set():
            cohort = a_cohort(self._seed, next(self._numbers), size=self._size)
            remotes = Remotes(self._settings, self._urls, self.promises)
            desk = NotingOffice(remotes, cohort.name, self.promises)
            self._count(begun=len(cohort.products))
            try:
                Walk(cohort, desk, done=lambda dossiers: self._count(finished=dossiers)).go()
            except (ActRefused, NoAnswer, StopIteration) as error:
                self.failures.append(f"{cohort.name}: {error or 'an assessment never came'}")

    def _count(self, *, begun: int = 0, finished: int = 0) -> None:
        with self._lock:
            self.begun += begun
            self.finished += finished
