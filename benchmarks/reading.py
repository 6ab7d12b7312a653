"""Reports, look-ups and exports at few dossiers and at very many: how long they take, and how much memory."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import timedelta
from statistics import median
from typing import Any

from flask import Flask

from benchmarks import filling
from benchmarks.ground import Ground, environment_of
from benchmarks.results import Results
from chassis.identity import Tokens
from chassis.settings import read
from cli.house import House
from regulation.acting import Actor, Grant, Role

FEW, TIMES, NO_SLOWER = 10_000, 15, 2.0
CONSTANT = 1.1
"""What an export of many may take of the memory of an export of few."""

QUESTIONS: Mapping[str, str] = {
    "report: front page": "/reporting/?year=2020",
    "report: plan against result": "/reporting/plan-against-result?year=2020",
    "report: funnel": "/reporting/funnel?year=2020",
    "report: latest events": "/reporting/events",
    "list: ten of a commune's dossiers": "/reporting/dossiers?{commune}",
    "list: a year's returned dossiers": "/reporting/dossiers?year=2020&stage=returned",
    "list: a year that has only begun": "/reporting/dossiers?year=2031",
    "list: what waits to be listed": "/promotion/listings?status=ready",
    "catalogue: first page": "/promotion/",
    "catalogue: a later page": "/promotion/?after={dossier}",
    "catalogue: ten of a commune": "/promotion/products?commune=14010&limit=10",
    "catalogue: by certificate number": "/promotion/products?q=4320%2Fgcn-ocop",
    "catalogue: by product code": "/promotion/products?q=38-14010-5580",
    "catalogue: a rare word": "/promotion/products?q=4321",
    "catalogue: a word that most carry": "/promotion/?q=hợp tác xã",
    "catalogue: a word that a tenth carry": "/promotion/?q=mật ong",
    "catalogue: the same with five stars": "/promotion/?q=mật ong&star=5",
    "catalogue: the same in a district": "/promotion/products?q=mật ong&district=383",
    "catalogue: words that never meet": "/promotion/?q=ong hoa",
    "catalogue: one product": "/promotion/products/{dossier}",
}
"""What is asked; honey ("mật ong") and flower ("hoa") are a tenth of the catalogue each, far down the alphabet.

Of a commune ten are asked for, because it has no page full among FEW, and a page costs what it shows.
"""


def measure(ground: Ground, many: int, results: Results) -> None:
    """Milliseconds per question and MB per export, at FEW and at `many`."""
    took: dict[int, dict[str, list[float]]] = {}
    peaks: dict[int, float] = {}
    for service in ("reporting", "promotion"):
        ground.empty(service)
    for first, size in ((1, FEW), (FEW + 1, many)):
        filling.fill(ground, first=first, last=size)
        took[size] = _asked(ground)
        peaks[size] = _exported(ground, size, results)
        _weighed(ground, size, results)
        for name, runs in took[size].items():
            results.figure(f"{name}, at {size}", "ms", runs)
    for name in QUESTIONS:
        quotient = median(took[many][name])
        results.at_most(f"{name}: at {many:,} / at {FEW:,}", [quotient], median(took[FEW][name]),
                        target=NO_SLOWER)  # fmt: skip
    results.at_most(f"export: memory at {many:,} / at {FEW:,}", [peaks[many]], peaks[FEW],
                    target=CONSTANT)  # fmt: skip
    for service in ("reporting", "promotion"):
        ground.empty(service)


def _weighed(ground: Ground, size: int, results: Results) -> None:
    """What a dossier takes on disk, with its indexes, in the two services that were filled."""
    for service in ("reporting", "promotion"):
        with ground.connect(service) as connection:
            found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        results.figure(f"disk.{service}.{size}", "bytes/dossier", [(found or (0,))[0] / size])


def _asked(ground: Ground) -> dict[str, list[float]]:
    settings = read(ground.environment() | {"OCOP_TOKEN_SECRET": "for-benchmarks-only" * 3})
    house = House(settings)
    apps = {service: house.app(service) for service in ("reporting", "promotion")}
    tokens = Tokens(settings)
    found = {name: _answered(apps, tokens, question) for name, question in QUESTIONS.items()}
    house.close()
    return found


def _answered(apps: Mapping[str, Flask], tokens: Tokens, question: str) -> list[float]:
    area = "14010" if "{commune}" in question else "38"
    role = Role.COMMUNE_OFFICER if area != "38" else Role.OCOP_OFFICER
    who = Actor(id="reader", grants=(Grant(role=role, area=area),))
    bearer = {"Authorization": f"Bearer {tokens.mint(who, lasts=timedelta(hours=1))}"}
    path = question.replace("{commune}", "limit=10").replace("{dossier}", filling.dossier(500))
    client = apps[path.split("/")[1]].test_client()
    took = []
    for _ in range(TIMES + 2):
        began = time.perf_counter()
        answer: Any = client.get(path, headers=bearer)
        took.append((time.perf_counter() - began) * 1e3)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status}")
    return took[2:]


def _exported(ground: Ground, size: int, results: Results) -> float:
    """The most memory, in MB, of the command that writes every dossier."""
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/dossiers.csv"
        command = [sys.executable, "-m", "cli.main", "export", "dossiers", "--out", out]
        began = time.perf_counter()
        process = subprocess.Popen(command, env=environment_of(ground), stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        took = time.perf_counter() - began
        if process.returncode:
            raise RuntimeError(f"the export ended with {process.returncode}")
    peak = used.ru_maxrss / 1000
    results.figure(f"export.{size}.memory", "MB", [peak])
    results.figure(f"export.{size}", "rows/s", [size / took])
    return peak
