"""How long a submission by HTTP takes until reporting shows it, beside its bare commits and confirm."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from http.client import HTTPConnection
from statistics import median
from tempfile import TemporaryDirectory
from uuid import UUID

import psycopg

from benchmarks.delaying import BARELY, LOOK_EVERY, Way, declare_bare
from benchmarks.ground import Ground
from benchmarks.hearing import PATIENCE, Stuck
from benchmarks.pairing import take_turns
from benchmarks.results import Results
from benchmarks.running import running
from chassis.database import Database
from chassis.identity import Tokens
from chassis.settings import Settings, read
from services.registration.api import make_app
from tests.builders.registration import NOW, an_officer
from tests.registration.desk import Desk

SAYER, HEARER = "registration", "reporting"
COMMANDS = (("web", SAYER), ("relay", SAYER), ("worker", HEARER))


class Door:
    """Drafts that are ready, and the door of registration where they are submitted one by one."""

    def __init__(
        self, ground: Ground, settings: Settings, port: int, drafts: Iterator[UUID]
    ) -> None:
        self._seeing: psycopg.Connection[tuple[int]] = ground.connect(HEARER)
        self._http = HTTPConnection("127.0.0.1", port)
        self._drafts = drafts
        token = Tokens(settings).mint(an_officer(), lasts=timedelta(hours=1))
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.answered: list[float] = []

    def submit(self) -> float:
        """Milliseconds from the request to the dossier seen in reporting. Raises Stuck."""
        dossier, body = next(self._drafts), json.dumps({"on": str(NOW.day)})
        began = time.perf_counter()
        self._http.request("POST", f"/{SAYER}/dossiers/{dossier}/submit", body, self._headers)
        response = self._http.getresponse()
        said = response.read()
        if response.status >= 300:
            raise Stuck(f"{response.status}: {said.decode()}")
        self.answered.append((time.perf_counter() - began) * 1e3)
        while not self._seen(dossier):
            if time.perf_counter() - began > PATIENCE:
                raise Stuck(f"{dossier} was not seen")
            time.sleep(LOOK_EVERY)
        return (time.perf_counter() - began) * 1e3

    def close(self) -> None:
        """Let go of connections."""
        self._http.close()
        self._seeing.close()

    def _seen(self, dossier: UUID) -> int:
        found = "SELECT FROM dossiers WHERE dossier_id = %s"
        return self._seeing.execute(found, [str(dossier)]).rowcount


def measure(ground: Ground, probes: int, results: Results) -> None:
    """One dossier after the other, with nobody else in the system."""
    for service in (SAYER, HEARER):
        ground.empty(service)
    declare_bare(ground)
    with TemporaryDirectory() as folder, closing(Way(ground)) as way:
        told = {"OCOP_DATA": folder}
        settings = read(ground.environment() | told)
        drafts = _drafts(ground, settings, probes)
        with (
            running(ground, *COMMANDS, told=told) as (web, *_),
            closing(Door(ground, settings, web.port, iter(drafts))) as door,
        ):
            turns = take_turns({"submit": door.submit, "bare": way.bare}, probes)
    results.figure("submission.answered", "ms", door.answered)
    results.figure("submission.visible-in-reporting", "ms", turns["submit"])
    results.figure("submission.bare-commits-and-confirm", "ms", turns["bare"])
    results.at_most("submission until visible in reporting, median / bare commits and confirm",
                    [median(turns["submit"])], median(turns["bare"]), target=BARELY)  # fmt: skip


def _drafts(ground: Ground, settings: Settings, count: int) -> list[UUID]:
    database = Database(SAYER, ground.database_of(SAYER))
    desk = Desk(make_app(database, settings), database, settings)
    drafts = [desk.complete() for _ in range(count)]
    database.engine.dispose()
    return drafts
