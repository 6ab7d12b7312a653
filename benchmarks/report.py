"""What was measured, as a table for people and as a file for the next run."""

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kombu import Connection
from rich.console import Console
from rich.table import Table

from benchmarks.ground import Ground
from benchmarks.pairing import Figure, Ratio

LATEST = Path(__file__).parent / "latest.json"

LIBRARIES = ("nameko", "kombu", "amqp", "eventlet", "SQLAlchemy", "psycopg", "marshmallow",
             "faststream", "aio-pika", "asyncpg", "uvloop")  # fmt: skip


def show(figures: Sequence[Figure], ratios: Sequence[Ratio]) -> None:
    """Print both tables."""
    console = Console(width=100)
    measured = Table("figure", "median", "runs", title="Measured", title_justify="left")
    for each in figures:
        runs = "  ".join(f"{run:,.0f}" for run in each.runs)
        measured.add_row(each.name, f"{each.median:,.0f} {each.unit}", runs)
    compared = Table("ratio", "median", "pairs", "target", title="Compared", title_justify="left")
    for ratio in ratios:
        pairs = "  ".join(f"{run:.2f}" for run in ratio.runs)
        compared.add_row(ratio.name, f"{ratio.median:.2f} ×", pairs, _target(ratio))
    console.print(measured, compared)


def _target(ratio: Ratio) -> str:
    if ratio.target is None:
        return ""
    return f"≥ {ratio.target:g} ×: {'reached' if ratio.met else 'missed'}"


def write(ground_: dict[str, Any], figures: Sequence[Figure], ratios: Sequence[Ratio]) -> Path:
    """Write `benchmarks/latest.json`: every figure and ratio by name, with the machine and the versions."""
    document = {
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
        **ground_,
        "figures": {
            each.name: {
                "unit": each.unit,
                "median": round(each.median, 1),
                "runs": [round(run, 1) for run in each.runs],
            }
            for each in figures
        },
        "ratios": {
            each.name: {
                "median": round(each.median, 3),
                "pairs": [round(run, 3) for run in each.runs],
                "target": each.target,
                "met": each.met,
            }
            for each in ratios
        },
    }
    LATEST.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    return LATEST


def surroundings(ground: Ground) -> dict[str, Any]:
    """The machine, how busy it was, and the versions of everything that took part."""
    with ground.connect("reporting") as connection:
        postgres = connection.info.server_version
        (commits,) = connection.execute("SHOW synchronous_commit").fetchone() or ("?",)
    with Connection(ground.broker_url) as broker:
        broker.connect()
        rabbitmq = broker.connection.server_properties["version"]
    return {
        "machine": {
            "processor": _processor(),
            "cores": os.cpu_count(),
            "system": platform.platform(),
            "load_before": round(os.getloadavg()[0], 2),
        },
        "versions": {
            "python": platform.python_version(),
            "rabbitmq": rabbitmq,
            "postgresql": f"{postgres // 10000}.{postgres % 10000}",
            **{name: found for name in LIBRARIES if (found := _version(name))},
        },
        "synchronous_commit": commits,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())


def _version(name: str) -> str | None:
    try:
        return version(name)
    except ModuleNotFoundError:
        return None
