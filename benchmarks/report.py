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

SHOWN = 3
"""Single runs in the printed table; the file has all."""

LATEST = Path(__file__).parent / "latest.json"

LIBRARIES = ("nameko", "kombu", "amqp", "eventlet", "SQLAlchemy", "psycopg", "marshmallow",
             "faststream", "aio-pika", "asyncpg", "uvloop")  # fmt: skip


def show(figures: Sequence[Figure], ratios: Sequence[Ratio]) -> None:
    """Print both tables."""
    console = Console(width=100)
    measured = Table("figure", "median", "runs", title="Measured", title_justify="left")
    for each in figures:
        runs = "  ".join(_shown(run) for run in each.runs[:SHOWN])
        measured.add_row(each.name, f"{_shown(each.median)} {each.unit}", runs)
    compared = Table("ratio", "median", "pairs", "target", title="Compared", title_justify="left")
    for ratio in ratios:
        pairs = "  ".join(f"{run:.2f}" for run in ratio.runs)
        compared.add_row(ratio.name, f"{ratio.median:.2f} ×", pairs, _target(ratio))
    console.print(measured, compared)


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _target(ratio: Ratio) -> str:
    if ratio.target is None:
        return ""
    sign = "≤" if ratio.at_most else "≥"
    return f"{sign} {ratio.target:g} ×: {'reached' if ratio.met else 'missed'}"


def write(ground_: dict[str, Any], figures: Sequence[Figure], ratios: Sequence[Ratio]) -> Path:
    """Write `benchmarks/latest.json`: every figure and ratio by name, with the machine and the versions.

    What this run has not measured stays as an earlier one left it.
    """
    before = json.loads(LATEST.read_text()) if LATEST.exists() else {}
    document = {
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
        **ground_,
        "figures": before.get("figures", {})
        | {
            each.name: {
                "unit": each.unit,
                "median": round(each.median, 3),
                "runs": [round(run, 3) for run in each.runs],
            }
            for each in figures
        },
        "ratios": before.get("ratios", {})
        | {
            each.name: {
                "median": round(each.median, 3),
                "pairs": [round(run, 3) for run in each.runs],
                "target": each.target,
                "at_most": each.at_most,
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
